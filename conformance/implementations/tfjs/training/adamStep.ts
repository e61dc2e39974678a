import * as tf from '@tensorflow/tfjs-core';
import type { Input } from '../../../../spec/index.ts';
import type { FloatTensor } from '../../../../spec/tensor.ts';
import type { Entry } from '../../../interface/implementation.ts';
import { upload, type Device } from '../device.ts';

type Factors = Input<'adamStep'>;

const flat = (source: FloatTensor): tf.Tensor => upload(source, [source.data.length]);

function gradientOf({ parameter, gradient, weightDecay, decay }: Factors): tf.Tensor {
  return decay === 'coupled' && weightDecay !== 0
    ? tf.add(flat(gradient), tf.mul(flat(parameter), weightDecay))
    : flat(gradient);
}

const mixed = (beta: number, old: FloatTensor, fresh: tf.Tensor): tf.Tensor =>
  tf.add(tf.mul(flat(old), beta), tf.mul(fresh, 1 - beta));

/** The scalars are made in double: float32 would lose most of 1 − β^t in the first steps. */
function moved(source: Factors, mean: FloatTensor, variance: FloatTensor): tf.Tensor {
  const { parameter, step, learningRate, beta1, beta2, epsilon, weightDecay, decay } = source;
  const shrink = decay === 'decoupled' ? 1 - learningRate * weightDecay : 1;
  const root = tf.div(tf.sqrt(flat(variance)), Math.sqrt(1 - beta2 ** step));
  const scaled = tf.mul(flat(mean), learningRate / (1 - beta1 ** step));
  return tf.sub(tf.mul(flat(parameter), shrink), tf.div(scaled, tf.add(root, epsilon)));
}

/** Not tf.train.adam, which adds ε before it corrects the variance. */
export const adamStep = ({ numerics, compute }: Device): Entry<'adamStep'> => ({
  numerics: { ...numerics, algorithm: { ...numerics.algorithm, adamBeta: 'host-f64' } },
  options: { decay: ['decoupled', 'coupled'] },
  run: async (source) => {
    const { shape } = source.parameter;
    const mean = await compute('float32', shape, () =>
      mixed(source.beta1, source.mean, gradientOf(source)),
    );
    const variance = await compute('float32', shape, () =>
      mixed(source.beta2, source.variance, tf.square(gradientOf(source))),
    );
    const parameter = await compute('float32', shape, () => moved(source, mean, variance));
    return { parameter, mean, variance };
  },
});
