import * as tf from '@tensorflow/tfjs-core';
import type { Entry } from '../../../interface/implementation.ts';
import { upload, type Device } from '../device.ts';

/** Not tf.relu: what becomes of NaN there is up to the backend. */
export const relu = ({ numerics, compute }: Device): Entry<'relu'> => ({
  numerics,
  run: async ({ input }) => ({
    output: await compute('float32', input.shape, () => {
      const x = upload(input, [input.data.length]);
      return tf.where(tf.less(x, 0), 0, x);
    }),
  }),
});
