import * as tf from '@tensorflow/tfjs-core';
import type { Entry } from '../../../interface/implementation.ts';
import { upload, type Device } from '../device.ts';

/** Not tf.sigmoid, whose accuracy each backend has its own of. */
export const silu = ({ numerics, compute }: Device): Entry<'silu'> => ({
  numerics,
  run: async ({ input }) => ({
    output: await compute('float32', input.shape, () => {
      const x = upload(input, [input.data.length]);
      return tf.div(x, tf.add(1, tf.exp(tf.neg(x))));
    }),
  }),
});
