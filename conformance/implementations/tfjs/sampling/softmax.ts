import * as tf from '@tensorflow/tfjs-core';
import type { Entry } from '../../../interface/implementation.ts';
import { uploadRows, type Device } from '../device.ts';
import { rowMax } from '../operations.ts';
import { normalized, weightsOf } from '../weights.ts';

/** Not tf.softmax: on WebAssembly that flushes every probability below 2^-126 to zero. */
export const softmax = ({ numerics, compute }: Device): Entry<'softmax'> => ({
  numerics,
  options: { emptyRow: ['nan', 'zero'] },
  run: async ({ logits, emptyRow }) => ({
    probabilities: await compute('float32', logits.shape, () => {
      const x = uploadRows(logits);
      const probabilities = normalized(weightsOf(x));
      if (emptyRow === 'nan') return probabilities;
      return tf.where(tf.equal(rowMax(x), -Infinity), 0, probabilities);
    }),
  }),
});
