import * as tf from '@tensorflow/tfjs-core';
import type { Entry } from '../../../interface/implementation.ts';
import { placed, uploadRows, type Device, type Weight } from '../device.ts';
import { rowSum } from '../operations.ts';

/** A gain and a bias, wherever they are, and what is added to the variance. */
export interface Affine {
  readonly gain: Weight;
  readonly bias: Weight;
  readonly epsilon: number;
}

/**
 * γ (x − μ) / √(v + ε) + β for every row of a matrix. Not tf.mean or tf.moments: on the CPU those
 * divide every element before they add.
 */
export function normalizedRows(x: tf.Tensor, { gain, bias, epsilon }: Affine): tf.Tensor {
  const width = x.shape.at(-1) ?? 1;
  const centred = tf.sub(x, tf.div(rowSum(x), width));
  const variance = tf.div(rowSum(tf.mul(centred, centred)), width);
  const normal = tf.div(centred, tf.sqrt(tf.add(variance, epsilon)));
  return tf.add(tf.mul(normal, placed(gain)), placed(bias));
}

export const layerNorm = ({ numerics, compute }: Device): Entry<'layerNorm'> => ({
  numerics,
  run: async ({ input, ...affine }) => ({
    output: await compute('float32', input.shape, () => normalizedRows(uploadRows(input), affine)),
  }),
});
