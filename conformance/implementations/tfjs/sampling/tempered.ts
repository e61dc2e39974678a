import * as tf from '@tensorflow/tfjs-core';
import { rowMax } from '../operations.ts';

/**
 * The largest and the smallest normal float32: a temperature beyond them would become ∞ or 0, and 0
 * / 0 or ∞ / ∞ NaN.
 */
const [hottest, coldest] = [(2 - 2 ** -23) * 2 ** 127, 2 ** -126];

/**
 * (x − max x) / T: shifted first, so that a small T makes no infinity of a large logit. Every row
 * has a finite logit.
 */
export function tempered(x: tf.Tensor, temperature: number): tf.Tensor {
  if (temperature === 1) return x;
  const divisor = Math.min(Math.max(temperature, coldest), hottest);
  return tf.div(tf.sub(x, rowMax(x)), divisor);
}
