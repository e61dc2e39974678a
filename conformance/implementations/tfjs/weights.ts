import * as tf from '@tensorflow/tfjs-core';
import { held } from './gradients.ts';
import { rowMax, rowSum } from './operations.ts';

/**
 * Below every finite number that is kept, and no infinity: WGSL may take infinities to be absent.
 */
const lowest = -(2 - 2 ** -23) * 2 ** 127;

/** e^(x − max x), row by row. */
export const weightsOf = (x: tf.Tensor): tf.Tensor => tf.exp(tf.sub(x, held(rowMax(x))));

/**
 * The same over the elements that are kept, however few, and 0 for the others, whatever stands
 * there.
 */
export function keptWeights(x: tf.Tensor, kept: tf.Tensor): tf.Tensor {
  const only = (values: tf.Tensor, rest: number): tf.Tensor => tf.where(kept, values, rest);
  const distance = tf.sub(x, held(rowMax(only(x, lowest))));
  return only(tf.exp(only(distance, 0)), 0);
}

/** The same without a gradient, of few operations, none of which broadcasts: 1 stands where an element is kept. */
export function seenWeights(x: tf.Tensor, seen: Uint8Array, shape: [number, number]): tf.Tensor {
  const kept = tf.where(tf.tensor(seen, shape, 'bool'), x, tf.fill(shape, lowest));
  return tf.mul(weightsOf(kept), tf.tensor(Float32Array.from(seen), shape));
}

/** Every row over its sum. */
export const normalized = (weights: tf.Tensor): tf.Tensor => tf.div(weights, rowSum(weights));

/** Sums of weights by which a row of zeros is divided to stay one. */
export const nonZero = (total: tf.Tensor): tf.Tensor => tf.where(tf.equal(total, 0), 1, total);

/** Every row over its sum, with zeros for a row of zeros instead of NaN. */
export const normalizedOrZero = (weights: tf.Tensor): tf.Tensor =>
  tf.div(weights, nonZero(rowSum(weights)));
