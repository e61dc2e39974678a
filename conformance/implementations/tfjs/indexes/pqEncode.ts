import * as tf from '@tensorflow/tfjs-core';
import { tensor, type FloatTensor } from '../../../../spec/tensor.ts';
import type { Entry } from '../../../interface/implementation.ts';
import { upload, type Device } from '../device.ts';
import { nearestRows } from './nearest.ts';

/** The nearest centroid of each subvector, [N, M]: one codebook after another. */
function codesGraph(codebooks: FloatTensor, vectors: FloatTensor): tf.Tensor {
  const [books = 1, centroids = 1, width = 1] = codebooks.shape;
  const count = vectors.shape[0] ?? 0;
  const parts = upload(vectors, [count, books, width]);
  const held = upload(codebooks);
  const columns = Array.from({ length: books }, (_, m) =>
    nearestRows(
      tf.reshape(tf.slice(parts, [0, m, 0], [count, 1, width]), [count, width]),
      tf.reshape(tf.slice(held, [m, 0, 0], [1, centroids, width]), [centroids, width]),
    ),
  );
  return tf.stack(columns, 1);
}

export const pqEncode = ({ numerics, compute }: Device): Entry<'pqEncode'> => ({
  numerics,
  run: async ({ codebooks, vectors }) => {
    const shape = [vectors.shape[0] ?? 0, codebooks.shape[0] ?? 0];
    const codes = await compute('int32', shape, () => codesGraph(codebooks, vectors));
    return { codes: tensor('uint8', shape, codes.data) };
  },
});
