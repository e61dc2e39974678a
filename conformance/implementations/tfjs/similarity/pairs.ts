import * as tf from '@tensorflow/tfjs-core';
import type { FloatTensor } from '../../../../spec/tensor.ts';
import { uploadRows, type Device } from '../device.ts';
import { rowSum } from '../operations.ts';

interface Pair {
  readonly a: FloatTensor;
  readonly b: FloatTensor;
}

/** One number for each row of a and the row of b in the same place, from both as matrices. */
export const pairwise = (
  { compute }: Device,
  { a, b }: Pair,
  graph: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor,
): Promise<FloatTensor> =>
  compute('float32', a.shape.slice(0, -1), () => graph(uploadRows(a), uploadRows(b)));

/** Σ x_i y_i of each row. */
export const rowDot = (x: tf.Tensor, y: tf.Tensor): tf.Tensor => rowSum(tf.mul(x, y));

/** Σ (x_i − y_i)² of each row, or of every row of x and the one row of y. */
export function rowSquaredDistance(x: tf.Tensor, y: tf.Tensor): tf.Tensor {
  const difference = tf.sub(x, y);
  return rowDot(difference, difference);
}
