import * as tf from '@tensorflow/tfjs-core';
import type { Entry } from '../../../interface/implementation.ts';
import { upload, type Device } from '../device.ts';
import { namedRows } from './namedRows.ts';

export const pqDecode = ({ numerics, compute }: Device): Entry<'pqDecode'> => ({
  numerics,
  run: async ({ codebooks, codes }) => {
    const [books = 1, centroids = 1, width = 1] = codebooks.shape;
    const shape = [codes.shape[0] ?? 0, books * width];
    return {
      vectors: await compute('float32', shape, () =>
        tf.gather(upload(codebooks, [books * centroids, width]), namedRows(codebooks, codes)),
      ),
    };
  },
});
