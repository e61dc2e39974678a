import * as tf from '@tensorflow/tfjs-core';
import type { Entry } from '../../../interface/implementation.ts';
import { uploadRows, type Device } from '../device.ts';
import { rowSum } from '../operations.ts';
import { unitScaled } from '../similarity/unitScaled.ts';

export const unitNormalize = ({ numerics, compute }: Device): Entry<'unitNormalize'> => ({
  numerics,
  options: { zeroVector: ['zero', 'nan'] },
  run: async ({ input, zeroVector }) => ({
    output: await compute('float32', input.shape, () => {
      const x = uploadRows(unitScaled(input));
      const length = tf.sqrt(rowSum(tf.mul(x, x)));
      return tf.where(tf.equal(length, 0), zeroVector === 'zero' ? 0 : NaN, tf.div(x, length));
    }),
  }),
});
