import * as tf from '@tensorflow/tfjs-core';
import type { Entry } from '../../../interface/implementation.ts';
import { upload, type Device } from '../device.ts';
import { clamped, exactSlope } from '../layers/gelu.ts';

/** σ + 2 x w / (1 + w)² t′ with w = e^(−2|t|) and σ = 1 / (1 + w), or w / (1 + w) for x < 0. */
function tanhSlope(x: tf.Tensor): tf.Tensor {
  const root = Math.sqrt(2 / Math.PI);
  const square = tf.mul(0.044715, tf.mul(x, x));
  const t = tf.mul(root, tf.add(x, tf.mul(square, x)));
  const inner = tf.mul(root, tf.add(1, tf.mul(3, square)));
  const w = tf.exp(tf.mul(tf.abs(t), -2));
  const rise = tf.add(1, w);
  const steep = tf.mul(tf.mul(tf.mul(2, x), inner), tf.div(w, tf.mul(rise, rise)));
  return tf.add(tf.div(tf.where(tf.less(x, 0), w, 1), rise), steep);
}

export const geluGradient = ({ numerics, compute }: Device): Entry<'geluGradient'> => ({
  numerics,
  options: { form: ['exact', 'tanh'] },
  run: async ({ input, form, outputGradient }) => ({
    inputGradient: await compute('float32', input.shape, () => {
      const x = clamped(upload(input, [input.data.length]));
      const slope = form === 'exact' ? exactSlope(x) : tanhSlope(x);
      return tf.mul(upload(outputGradient, [input.data.length]), slope);
    }),
  }),
});
