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

/**
 * Σ_j w_ij v_j over the keys that are kept, where a value is not finite: in a matrix product 0 · NaN
 * and 0 · ∞ are NaN. So the products are masked one by one, by the weight of the masked key, which is 0.
 */
export function maskedProduct(weights: tf.Tensor, value: tf.Tensor, kept: tf.Tensor): tf.Tensor {
  const column = tf.expandDims(weights, -1);
  const products = tf.mul(column, tf.expandDims(value, -3));
  return tf.sum(tf.where(tf.expandDims(kept, -1), products, column), -2);
}
