import * as tf from '@tensorflow/tfjs-core';
import type { Entry } from '../../../interface/implementation.ts';
import { upload, type Device } from '../device.ts';
import { withSlope } from '../gradients.ts';

/**
 * Q(t) with erfc(s) = e^(−s²) t Q(t), t = 2 / (2 + s), in powers of t − ¼: interpolated at the
 * Chebyshev nodes of t for s from 0 to 10.5, in 40 digits, the coefficients rounded to float32. It
 * is within 0.2 units in the last place of the quotient; with the roundings of float32 erfc is
 * within 3.2 at 3 million arguments.
 */
const coefficients = [
  0.37110627, 0.44330025, 0.4054735, 0.2333438, 0.0028087122, -0.12882617, -0.084626175, 0.11636985,
  0.043090615, -0.09444382, 0.03348504,
];

/** From here on erfc(s) is below half of the smallest float32, 2^-150. */
const farthest = 11;

/**
 * erfc(s) for s ≥ 0, or NaN. e^(−s²) is split at h, s cut to a multiple of 1/16, whose square is
 * exact: e^(−h²) e^(−(s − h)(s + h)). The square of s itself would be off by up to 64 units, and so
 * would erfc in its tail.
 */
export function complement(distance: tf.Tensor): tf.Tensor {
  const s = tf.where(tf.greater(distance, farthest), farthest, distance);
  const high = tf.div(tf.floor(tf.mul(s, 16)), 16);
  const rest = tf.mul(tf.sub(s, high), tf.add(s, high));
  const t = tf.div(2, tf.add(s, 2));
  const w = tf.sub(t, 0.25);
  const quotient = coefficients.reduceRight<tf.Tensor>(
    (sum, c) => tf.add(tf.mul(sum, w), c),
    tf.zerosLike(t),
  );
  const decay = tf.mul(tf.exp(tf.neg(rest)), tf.mul(t, quotient));
  return tf.mul(tf.exp(tf.neg(tf.mul(high, high))), decay);
}

/** ½ x erfc(−x/√2), with 2 − erfc(x/√2) for x > 0. */
function exactForm(x: tf.Tensor): tf.Tensor {
  const tail = complement(tf.mul(tf.abs(x), Math.SQRT1_2));
  return tf.mul(tf.div(x, 2), tf.where(tf.less(x, 0), tail, tf.sub(2, tail)));
}

/**
 * ½ x (1 + tanh t) = x / (1 + e^(−2t)), or x e^(2t) / (1 + e^(2t)) for x < 0: nothing cancels or
 * overflows.
 */
function tanhForm(x: tf.Tensor): tf.Tensor {
  const t = tf.mul(Math.sqrt(2 / Math.PI), tf.add(x, tf.mul(0.044715, tf.mul(x, tf.mul(x, x)))));
  const w = tf.exp(tf.mul(tf.abs(t), -2));
  return tf.div(tf.mul(x, tf.where(tf.less(x, 0), w, 1)), tf.add(1, w));
}

/** Either form of −30 or less, −∞ too, is −0 in float32. */
const lowest = -30;

/** Beyond ±30 the slope of either form is 1 or 0 in float32. */
const steepest = 30;

export function clamped(x: tf.Tensor): tf.Tensor {
  const low = tf.where(tf.less(x, -steepest), -steepest, x);
  return tf.where(tf.greater(low, steepest), steepest, low);
}

/** Φ(x) + x φ(x), the slope of the exact form, within ±30. */
export function exactSlope(x: tf.Tensor): tf.Tensor {
  const tail = tf.div(complement(tf.mul(tf.abs(x), Math.SQRT1_2)), 2);
  const density = tf.mul(tf.exp(tf.mul(tf.mul(x, x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
  return tf.add(tf.where(tf.less(x, 0), tail, tf.sub(1, tail)), tf.mul(x, density));
}

/** The exact form, −30 or less included. */
export const geluGraph = withSlope(
  (given) => exactForm(tf.where(tf.less(given, lowest), lowest, given)),
  (given) => exactSlope(clamped(given)),
);

/**
 * Neither tf.erf nor tf.tanh is taken: on the CPU the one is good to 4 digits near 0, and in 1 +
 * erf and 1 + tanh either cancels.
 */
export const gelu = ({ numerics, compute }: Device): Entry<'gelu'> => ({
  numerics,
  options: { form: ['exact', 'tanh'] },
  run: async ({ input, form }) => ({
    output: await compute('float32', input.shape, () => {
      const given = upload(input, [input.data.length]);
      const x = tf.where(tf.less(given, lowest), lowest, given);
      return form === 'exact' ? exactForm(x) : tanhForm(x);
    }),
  }),
});
