import * as tf from '@tensorflow/tfjs-core';
import { matrixProduct } from '../operations.ts';
import { keptWeights, normalized, normalizedOrZero, weightsOf } from '../weights.ts';

interface Scoring {
  readonly scale: number;
  /**
   * Which keys each query may attend to, in the shape of the weights; all where there is nothing.
   */
  readonly kept: tf.Tensor | undefined;
  readonly emptyRow: 'zero' | 'nan';
}

/**
 * softmax(Q Kᵀ · scale) of lists of matrices. A masked score is replaced before anything is made of
 * it, whatever it is.
 */
export function attentionGraph(
  query: tf.Tensor,
  key: tf.Tensor,
  { scale, kept, emptyRow }: Scoring,
): tf.Tensor {
  const scores = tf.mul(matrixProduct(query, key, { transposed: true }), scale);
  const weights = kept === undefined ? weightsOf(scores) : keptWeights(scores, kept);
  return emptyRow === 'zero' ? normalizedOrZero(weights) : normalized(weights);
}

interface Mixing {
  readonly kept: tf.Tensor | undefined;
  /** Whether all values are finite. */
  readonly isFinite: boolean;
}

/**
 * Σ_j w_ij v_j over the keys that are kept. Where a value is not finite the products are masked one
 * by one, by the weight of the masked key (0, or NaN in an empty row): in a matrix product 0 · NaN
 * and 0 · ∞ are NaN.
 */
export function mixGraph(
  weights: tf.Tensor,
  value: tf.Tensor,
  { kept, isFinite }: Mixing,
): tf.Tensor {
  if (isFinite || kept === undefined) return matrixProduct(weights, value);
  const column = tf.expandDims(weights, -1);
  const products = tf.mul(column, tf.expandDims(value, -3));
  return tf.sum(tf.where(tf.expandDims(kept, -1), products, column), -2);
}
