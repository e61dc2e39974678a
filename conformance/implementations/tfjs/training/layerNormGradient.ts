import * as tf from '@tensorflow/tfjs-core';
import type { Entry } from '../../../interface/implementation.ts';
import { upload, uploadRows, type Device } from '../device.ts';
import { matrixProduct, rowSum } from '../operations.ts';

/** (x − μ) s and s = 1/√(v + ε) of every row. Not tf.mean: on the CPU it divides before it adds. */
function normal(x: tf.Tensor, epsilon: number): readonly [tf.Tensor, tf.Tensor] {
  const width = x.shape.at(-1) ?? 1;
  const centred = tf.sub(x, tf.div(rowSum(x), width));
  const variance = tf.div(rowSum(tf.mul(centred, centred)), width);
  const scale = tf.div(1, tf.sqrt(tf.add(variance, epsilon)));
  return [tf.mul(centred, scale), scale];
}

export const layerNormGradient = ({ numerics, compute }: Device): Entry<'layerNormGradient'> => ({
  numerics,
  run: async ({ input, gain, epsilon, outputGradient }) => {
    const width = gain.data.length;
    const mean = (x: tf.Tensor): tf.Tensor => tf.div(rowSum(x), width);
    /** The sums of columns, as a product with ones: of no rows they are zeros. */
    const summed = (x: tf.Tensor): tf.Tensor => matrixProduct(tf.ones([1, x.shape[0] ?? 0]), x);
    return {
      inputGradient: await compute('float32', input.shape, () => {
        const [line, scale] = normal(uploadRows(input), epsilon);
        const g = tf.mul(uploadRows(outputGradient), upload(gain));
        const along = mean(tf.mul(g, line));
        return tf.mul(scale, tf.sub(tf.sub(g, mean(g)), tf.mul(line, along)));
      }),
      gainGradient: await compute('float32', gain.shape, () => {
        const [line] = normal(uploadRows(input), epsilon);
        return summed(tf.mul(uploadRows(outputGradient), line));
      }),
      biasGradient: await compute('float32', gain.shape, () => summed(uploadRows(outputGradient))),
    };
  },
});
