import * as tf from '@tensorflow/tfjs-core';
import type { Input } from '../../../../spec/index.ts';
import type { Entry } from '../../../implementation.ts';
import { upload, uploadRows, type Device } from '../device.ts';
import { rowSum } from '../operations.ts';

/**
 * γ (x − μ) / √(v + ε) + β for every row of a matrix. Not tf.mean or tf.moments: on the CPU those
 * divide every element before they add.
 */
export function normalizedRows(
  x: tf.Tensor,
  { gain, bias, epsilon }: Pick<Input<'layerNorm'>, 'gain' | 'bias' | 'epsilon'>,
): tf.Tensor {
  const width = x.shape.at(-1) ?? 1;
  const centred = tf.sub(x, tf.div(rowSum(x), width));
  const variance = tf.div(rowSum(tf.mul(centred, centred)), width);
  const normal = tf.div(centred, tf.sqrt(tf.add(variance, epsilon)));
  return tf.add(tf.mul(normal, upload(gain)), upload(bias));
}

export const layerNorm = ({ numerics, compute }: Device): Entry<'layerNorm'> => ({
  numerics,
  run: async ({ input, ...affine }) => ({
    output: await compute('float32', input.shape, () => normalizedRows(uploadRows(input), affine)),
  }),
});
