import * as tf from '@tensorflow/tfjs-core';
import type { FloatTensor } from '../../../../spec/tensor.ts';
import type { Entry } from '../../../interface/implementation.ts';
import { upload, type Device } from '../device.ts';
import { matrixProduct } from '../operations.ts';
import { nearestRows } from './nearest.ts';

const asMatrix = (source: FloatTensor): tf.Tensor2D =>
  tf.reshape(upload(source), [source.shape[0] ?? 0, source.shape[1] ?? 0]);

/** The sums of the vectors of each cluster, a product with one-hot columns, over their numbers; a centroid without any stays. */
function meansGraph(
  vectors: FloatTensor,
  centroids: FloatTensor,
  assignments: tf.Tensor1D,
): tf.Tensor {
  const [clusters = 0, width = 0] = centroids.shape;
  const numbers = tf.range(0, clusters, 1, 'int32');
  const members = tf.cast(
    tf.equal(tf.reshape(numbers, [clusters, 1]), tf.reshape(assignments, [1, -1])),
    'float32',
  );
  const counts = tf.sum(members, 1, true);
  const sums = matrixProduct(members, asMatrix(vectors));
  const isEmpty = tf.broadcastTo(tf.equal(counts, 0), [clusters, width]);
  return tf.where(isEmpty, asMatrix(centroids), tf.div(sums, tf.maximum(counts, 1)));
}

export const kMeansStep = ({ numerics, compute }: Device): Entry<'kMeansStep'> => ({
  numerics,
  run: async ({ vectors, centroids }) => {
    const count = vectors.shape[0] ?? 0;
    const assignments = await compute('int32', [count], () =>
      nearestRows(asMatrix(vectors), asMatrix(centroids)),
    );
    if (count === 0) return { assignments, centroids };
    return {
      assignments,
      centroids: await compute('float32', centroids.shape, () =>
        meansGraph(vectors, centroids, tf.tensor1d(Int32Array.from(assignments.data), 'int32')),
      ),
    };
  },
});
