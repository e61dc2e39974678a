import * as tf from '@tensorflow/tfjs-core';
import type { Entry } from '../../../implementation.ts';
import { matrixShape, upload, uploadRows, type Device } from '../device.ts';
import { rowSum } from '../operations.ts';

/** Not tf.mean or tf.moments: on the CPU those divide every element before they add. */
export const layerNorm = ({ numerics, compute }: Device): Entry<'layerNorm'> => ({
  numerics,
  run: async ({ input, gain, bias, epsilon }) => ({
    output: await compute('float32', input.shape, () => {
      const x = uploadRows(input);
      const [, width] = matrixShape(input.shape);
      const centred = tf.sub(x, tf.div(rowSum(x), width));
      const variance = tf.div(rowSum(tf.mul(centred, centred)), width);
      const normal = tf.div(centred, tf.sqrt(tf.add(variance, epsilon)));
      return tf.add(tf.mul(normal, upload(gain)), upload(bias));
    }),
  }),
});
