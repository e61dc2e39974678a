import * as tf from '@tensorflow/tfjs-core';
import type { Entry } from '../../../interface/implementation.ts';
import { matrixShape, upload, uploadRows, type Device } from '../device.ts';
import { rowSum } from '../operations.ts';

/** Not tf.mean: on the CPU it divides every element before it adds. */
export const rmsNorm = ({ numerics, compute }: Device): Entry<'rmsNorm'> => ({
  numerics,
  run: async ({ input, gain, epsilon }) => ({
    output: await compute('float32', input.shape, () => {
      const x = uploadRows(input);
      const [, width] = matrixShape(input.shape);
      const meanSquare = tf.div(rowSum(tf.mul(x, x)), width);
      return tf.mul(tf.div(x, tf.sqrt(tf.add(meanSquare, epsilon))), upload(gain));
    }),
  }),
});
