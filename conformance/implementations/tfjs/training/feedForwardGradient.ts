import * as tf from '@tensorflow/tfjs-core';
import type { Input } from '../../../../spec/index.ts';
import type { Entry } from '../../../interface/implementation.ts';
import { upload, uploadRows, type Device } from '../device.ts';
import { geluGraph } from '../layers/gelu.ts';
import { linearMap, matrixProduct } from '../operations.ts';
import { clamped, exactSlope } from '../layers/gelu.ts';

/** xᵀ g. */
const summed = (x: tf.Tensor, g: tf.Tensor): tf.Tensor => matrixProduct(tf.transpose(x), g);
/** Σ g over all rows, as a product with ones. */
const total = (g: tf.Tensor): tf.Tensor => matrixProduct(tf.ones([1, g.shape[0] ?? 0]), g);
/** g Wᵀ. */
const back = (g: tf.Tensor, weight: tf.Tensor): tf.Tensor =>
  matrixProduct(g, weight, { transposed: true });

/** x W₁ + b₁, and (g W₂ᵀ) ⊙ f′ of it. */
function hiddenOf({
  input,
  weight1,
  bias1,
  weight2,
  activation,
  outputGradient,
}: Input<'feedForwardGradient'>): readonly [tf.Tensor, tf.Tensor] {
  const hidden = linearMap(uploadRows(input), upload(weight1), upload(bias1));
  const gradient = back(uploadRows(outputGradient), upload(weight2));
  return activation === 'relu'
    ? [hidden, tf.where(tf.greater(hidden, 0), gradient, tf.zerosLike(gradient))]
    : [hidden, tf.mul(gradient, exactSlope(clamped(hidden)))];
}

export const feedForwardGradient = ({
  numerics,
  compute,
}: Device): Entry<'feedForwardGradient'> => ({
  numerics,
  run: async (source) => {
    const { input, weight1, bias1, weight2, bias2, activation, outputGradient } = source;
    const ofHidden = (): tf.Tensor => hiddenOf(source)[1];
    return {
      inputGradient: await compute('float32', input.shape, () => back(ofHidden(), upload(weight1))),
      weight1Gradient: await compute('float32', weight1.shape, () =>
        summed(uploadRows(input), ofHidden()),
      ),
      bias1Gradient: await compute('float32', bias1.shape, () => total(ofHidden())),
      weight2Gradient: await compute('float32', weight2.shape, () => {
        const [hidden] = hiddenOf(source);
        const active = activation === 'relu' ? tf.relu(hidden) : geluGraph(hidden);
        return summed(active, uploadRows(outputGradient));
      }),
      bias2Gradient: await compute('float32', bias2.shape, () => total(uploadRows(outputGradient))),
    };
  },
});
