import * as tf from '@tensorflow/tfjs-core';
import type { Entry } from '../../../interface/implementation.ts';
import { uploadRows, type Device } from '../device.ts';
import { rowMax, rowSum } from '../operations.ts';

export const logSoftmax = ({ numerics, compute }: Device): Entry<'logSoftmax'> => ({
  numerics,
  run: async ({ logits }) => ({
    logProbabilities: await compute('float32', logits.shape, () => {
      const x = uploadRows(logits);
      const shifted = tf.sub(x, rowMax(x));
      return tf.sub(shifted, tf.log(rowSum(tf.exp(shifted))));
    }),
  }),
});
