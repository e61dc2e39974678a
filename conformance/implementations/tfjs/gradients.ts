import * as tf from '@tensorflow/tfjs-core';

/** A function of one tensor whose gradient is made by another than that of its operations. */
const withGradient =
  (value: (x: tf.Tensor) => tf.Tensor, back: (gradient: tf.Tensor, x: tf.Tensor) => tf.Tensor) =>
  (source: tf.Tensor): tf.Tensor =>
    tf.customGrad((...given) => {
      const [x, save] = given;
      if (!(x instanceof tf.Tensor) || typeof save !== 'function')
        throw new TypeError('customGrad: expected a tensor and what saves it');
      save([x]);
      return {
        value: value(x),
        gradFunc: (gradient: tf.Tensor, [saved = x]: tf.Tensor[]) => back(gradient, saved),
      };
    })(source);

/** Element by element, with the slope at each: the gradient of how a function is approximated is not that of the function. */
export const withSlope = (
  value: (x: tf.Tensor) => tf.Tensor,
  slope: (x: tf.Tensor) => tf.Tensor,
): ((x: tf.Tensor) => tf.Tensor) =>
  withGradient(value, (gradient, x) => tf.mul(gradient, slope(x)));

/** What is the same whatever it is, as the maximum that a softmax is shifted by: no gradient goes through. */
export const held = withGradient(
  (x) => tf.clone(x),
  (gradient) => tf.zerosLike(gradient),
);

/**
 * Rows of a table. Their gradients come back by a product with the lookups, which every backend has. The ids are made anew for it: what the way
 * forwards made is freed by then.
 */
export const rowsAt = (table: tf.Tensor, ids: () => tf.Tensor1D): tf.Tensor =>
  withGradient(
    (x) => tf.gather(x, ids()),
    (gradient, x) => {
      const lookups = tf.oneHot(ids(), x.shape[0] ?? 0);
      return tf.matMul(tf.cast(lookups, 'float32'), gradient, true);
    },
  )(table);
