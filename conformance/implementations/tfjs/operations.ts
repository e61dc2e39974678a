import * as tf from '@tensorflow/tfjs-core';

const widthOf = ({ shape }: tf.Tensor): number => shape.at(-1) ?? 1;

function column(x: tf.Tensor, value: number): tf.Tensor {
  const shape = [...x.shape.slice(0, -1), 1];
  return tf.broadcastTo(tf.scalar(value), shape);
}

/**
 * The greatest of each row, as an axis of length 1; −∞ of an empty row, of which tfjs-wasm answers
 * uninitialised memory.
 */
export const rowMax = (x: tf.Tensor): tf.Tensor =>
  widthOf(x) === 0 ? column(x, -Infinity) : tf.max(x, -1, true);

/**
 * The sum of each row, as an axis of length 1; 0 of an empty row, of which tfjs-wasm answers
 * uninitialised memory.
 */
export const rowSum = (x: tf.Tensor): tf.Tensor =>
  widthOf(x) === 0 ? column(x, 0) : tf.sum(x, -1, true);

/**
 * a · b or a · bᵀ of matrices, or of two lists of as many; zeros of no terms, of which tfjs-wasm
 * answers uninitialised memory.
 */
export function matrixProduct(a: tf.Tensor, b: tf.Tensor, { transposed = false } = {}): tf.Tensor {
  const width = b.shape.at(transposed ? -2 : -1) ?? 0;
  return widthOf(a) === 0
    ? tf.zeros([...a.shape.slice(0, -1), width])
    : tf.matMul(a, b, false, transposed);
}

/** x + b for every row of x. */
export const linearMap = (
  x: tf.Tensor,
  weight: tf.Tensor,
  bias: tf.Tensor | undefined,
): tf.Tensor => {
  const product = matrixProduct(x, weight);
  return bias === undefined ? product : tf.add(product, bias);
};
