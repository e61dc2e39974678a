import * as tf from '@tensorflow/tfjs-core';
import type { Entry } from '../../../interface/implementation.ts';
import { upload, type Device } from '../device.ts';

export const tokenEmbedding = ({ numerics, compute }: Device): Entry<'tokenEmbedding'> => ({
  numerics,
  run: async ({ table, ids }) => ({
    output: await compute('float32', [...ids.shape, table.shape[1] ?? 0], () =>
      tf.gather(upload(table), tf.tensor1d(Int32Array.from(ids.data), 'int32')),
    ),
  }),
});
