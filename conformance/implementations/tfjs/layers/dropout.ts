import * as tf from '@tensorflow/tfjs-core';
import { tensor } from '../../../../spec/tensor.ts';
import type { Entry } from '../../../interface/implementation.ts';
import { upload, uploadMask, type Device } from '../device.ts';

/** Not tf.dropout, which draws its own mask. In inference nothing goes to the device. */
export const dropout = ({ numerics, compute }: Device): Entry<'dropout'> => ({
  numerics,
  run: async ({ input, keep, rate, training }) => ({
    output: training
      ? await compute('float32', input.shape, () => {
          const shape = [input.data.length];
          const scaled = tf.div(upload(input, shape), 1 - rate);
          return tf.where(uploadMask(keep, shape), scaled, 0);
        })
      : tensor('float32', input.shape, input.data),
  }),
});
