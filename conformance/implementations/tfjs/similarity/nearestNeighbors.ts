import * as tf from '@tensorflow/tfjs-core';
import type { Input } from '../../../../spec/index.ts';
import { rowsOf, tensor, type FloatTensor } from '../../../../spec/tensor.ts';
import type { Entry } from '../../../interface/implementation.ts';
import { upload, type Device } from '../device.ts';
import { matrixProduct } from '../operations.ts';
import { roots } from './euclideanDistance.ts';
import { rowDot, rowSquaredDistance } from './pairs.ts';
import { unitScaled } from './unitScaled.ts';

/** Rows over their lengths; zero vectors stay zero. */
export function unitRows(x: tf.Tensor): tf.Tensor {
  const length = tf.sqrt(rowDot(x, x));
  return tf.div(x, tf.where(tf.equal(length, 0), 1, length));
}

/**
 * The squared distances of all vectors from one query after another, so that memory grows with the
 * vectors alone.
 */
const squaredDistances = (queries: tf.Tensor, vectors: tf.Tensor): tf.Tensor =>
  tf.concat(
    tf
      .split(queries, queries.shape[0] ?? 0)
      .map((query) => tf.tidy(() => tf.transpose(rowSquaredDistance(vectors, query)))),
  );

/**
 * How near every query and vector are, [Q, N]: for euclidean the square of the distance, which
 * ranks as the distance does.
 */
export function scoreGraph(
  metric: Input<'nearestNeighbors'>['metric'],
  queries: FloatTensor,
  vectors: FloatTensor,
): tf.Tensor {
  if (metric === 'dot')
    return matrixProduct(upload(queries), upload(vectors), { transposed: true });
  if (metric === 'euclidean') return squaredDistances(upload(queries), upload(vectors));
  const [q, v] = [unitRows(upload(unitScaled(queries))), unitRows(upload(unitScaled(vectors)))];
  return matrixProduct(q, v, { transposed: true });
}

/** The rows that a mask allows, and their places. */
function allowedRows({ vectors, allowed }: Input<'nearestNeighbors'>): {
  ids: readonly number[];
  rows: FloatTensor;
} {
  const [count = 0, width = 0] = vectors.shape;
  const ids = Array.from({ length: count }, (_, id) => id).filter(
    (id) => allowed === undefined || allowed.data[id] === 1,
  );
  const data = Array.from(vectors.data);
  const values = ids.flatMap((id) => data.slice(id * width, (id + 1) * width));
  return { ids, rows: tensor('float32', [ids.length, width], values) };
}

/**
 * Every allowed vector is scored on the device and ranked on the host, equal scores in the order of
 * their ids.
 */
export const nearestNeighbors = ({ numerics, compute }: Device): Entry<'nearestNeighbors'> => ({
  numerics,
  run: async (input) => {
    const { queries, k, metric } = input;
    const { ids, rows } = allowedRows(input);
    const asked = queries.shape[0] ?? 0;
    const scores = await compute('float32', [asked, ids.length], () =>
      scoreGraph(metric, queries, rows),
    );
    const sign = metric === 'euclidean' ? -1 : 1;
    const best = rowsOf(scores).map((row) =>
      [...row.entries()].sort(([, x], [, y]) => sign * (y - x)).slice(0, k),
    );
    const shape = [asked, Math.min(k, ids.length)];
    const found = tensor(
      'float32',
      shape,
      best.flatMap((row) => row.map(([, score]) => score)),
    );
    return {
      ids: tensor(
        'int32',
        shape,
        best.flatMap((row) => row.map(([place]) => ids[place] ?? -1)),
      ),
      scores: metric === 'euclidean' ? roots(found) : found,
    };
  },
});
