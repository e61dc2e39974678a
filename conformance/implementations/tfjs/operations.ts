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

const lastTwo = (rank: number): number[] => [...Array(rank - 2).keys(), rank - 1, rank - 2];
const turned = (x: tf.Tensor): tf.Tensor => tf.transpose(x, lastTwo(x.rank));

/** One matrix of a list. */
const matrixAt = (list: tf.Tensor, at: number): tf.Tensor => {
  const shape = list.shape.slice(1);
  return tf.reshape(tf.slice(list, [at, 0, 0], [1, ...shape]), shape);
};

/** Matrix by matrix, none transposed: of products tfjs-wasm is fast at these alone, by more than ten times. */
function productOneByOne(a: tf.Tensor, b: tf.Tensor, transposed: boolean): tf.Tensor {
  const right = transposed ? turned(b) : b;
  if (a.rank < 3 || a.shape[0] === 1) return tf.matMul(a, right);
  const products = Array.from({ length: a.shape[0] ?? 0 }, (_, i) =>
    tf.matMul(matrixAt(a, i), matrixAt(right, i)),
  );
  return tf.stack(products);
}

/** Gradients do not go through the cutting of lists: they are such products themselves. */
const fastProduct = (left: tf.Tensor, right: tf.Tensor, transposed: boolean): tf.Tensor =>
  tf.customGrad((...given) => {
    const [a, b, save] = given;
    if (!(a instanceof tf.Tensor && b instanceof tf.Tensor) || typeof save !== 'function')
      throw new TypeError('customGrad: expected two tensors and what saves them');
    save([a, b]);
    return {
      value: productOneByOne(a, b, transposed),
      gradFunc: (gradient: tf.Tensor, [x = a, y = b]: tf.Tensor[]) => [
        productOneByOne(gradient, y, !transposed),
        transposed
          ? productOneByOne(turned(gradient), x, false)
          : productOneByOne(turned(x), gradient, false),
      ],
    };
  })(left, right);

/**
 * a · b or a · bᵀ of matrices, or of two lists of as many; zeros of no terms, of which tfjs-wasm
 * answers uninitialised memory.
 */
export function matrixProduct(a: tf.Tensor, b: tf.Tensor, { transposed = false } = {}): tf.Tensor {
  const width = b.shape.at(transposed ? -2 : -1) ?? 0;
  if (widthOf(a) === 0) return tf.zeros([...a.shape.slice(0, -1), width]);
  const isFast = tf.getBackend() !== 'wasm' || (a.rank === 2 && !transposed);
  return isFast ? tf.matMul(a, b, false, transposed) : fastProduct(a, b, transposed);
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
