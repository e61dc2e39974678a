import * as tf from '@tensorflow/tfjs-core';
import type { Entry } from '../../../interface/implementation.ts';
import { uploadRows, type Device } from '../device.ts';
import { rowMax, rowSum } from '../operations.ts';
import { normalized, weightsOf } from '../weights.ts';

export const softmaxGradient = ({ numerics, compute }: Device): Entry<'softmaxGradient'> => ({
  numerics,
  options: { emptyRow: ['nan', 'zero'] },
  run: async ({ logits, emptyRow, outputGradient }) => ({
    logitsGradient: await compute('float32', logits.shape, () => {
      const [x, g] = [uploadRows(logits), uploadRows(outputGradient)];
      const p = normalized(weightsOf(x));
      const gradient = tf.mul(p, tf.sub(g, rowSum(tf.mul(p, g))));
      if (emptyRow === 'nan') return gradient;
      return tf.where(tf.equal(rowMax(x), -Infinity), 0, gradient);
    }),
  }),
});
