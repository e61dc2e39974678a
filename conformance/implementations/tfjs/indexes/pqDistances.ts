import * as tf from '@tensorflow/tfjs-core';
import type { FloatTensor } from '../../../../spec/tensor.ts';
import type { Entry } from '../../../interface/implementation.ts';
import { upload, type Device } from '../device.ts';
import { rowSum } from '../operations.ts';
import { namedRows } from './namedRows.ts';

/** The squared distances of every query's subvectors to all centroids of their codebooks: [Q, M · K]. */
function table(codebooks: FloatTensor, queries: FloatTensor): tf.Tensor {
  const [books = 1, centroids = 1, width = 1] = codebooks.shape;
  const asked = queries.shape[0] ?? 0;
  const difference = tf.sub(
    upload(queries, [asked, books, 1, width]),
    upload(codebooks, [1, books, centroids, width]),
  );
  return tf.reshape(rowSum(tf.mul(difference, difference)), [asked, books * centroids]);
}

export const pqDistances = ({ numerics, compute }: Device): Entry<'pqDistances'> => ({
  numerics,
  run: async ({ codebooks, codes, queries }) => {
    const [count = 0, books = 1] = codes.shape;
    const shape = [queries.shape[0] ?? 0, count];
    return {
      distances: await compute('float32', shape, () => {
        const entries = tf.gather(table(codebooks, queries), namedRows(codebooks, codes), 1);
        return rowSum(tf.reshape(entries, [...shape, books]));
      }),
    };
  },
});
