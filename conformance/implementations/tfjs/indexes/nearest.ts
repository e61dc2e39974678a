import * as tf from '@tensorflow/tfjs-core';
import { rowSum } from '../operations.ts';

/** So many numbers may be on the way to a table of distances at once. */
const mostAtOnce = 2 ** 22;

/** Σ (x_i − c_i)² of every row of x and every row of c: [N, K]. */
export function squaredDistances(x: tf.Tensor2D, c: tf.Tensor2D): tf.Tensor2D {
  const [count, width] = x.shape;
  const centroids = c.shape[0];
  const atOnce = Math.max(1, Math.floor(mostAtOnce / Math.max(1, centroids * width)));
  const one = (start: number): tf.Tensor2D =>
    tf.tidy(() => {
      const rows = Math.min(atOnce, count - start);
      const some = tf.slice(x, [start, 0], [rows, width]);
      const difference = tf.sub(
        tf.reshape(some, [rows, 1, width]),
        tf.reshape(c, [1, centroids, width]),
      );
      return tf.reshape(rowSum(tf.mul(difference, difference)), [rows, centroids]);
    });
  if (atOnce >= count) return one(0);
  const starts = Array.from({ length: Math.ceil(count / atOnce) }, (_, i) => i * atOnce);
  return tf.concat2d(starts.map(one), 0);
}

/** For every row of x the row of c that is nearest, from the differences: [N]. */
export const nearestRows = (x: tf.Tensor2D, c: tf.Tensor2D): tf.Tensor1D =>
  tf.reshape(tf.argMin(squaredDistances(x, c), 1), [x.shape[0]]);
