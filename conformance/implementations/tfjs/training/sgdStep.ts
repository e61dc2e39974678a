import * as tf from '@tensorflow/tfjs-core';
import type { Entry } from '../../../interface/implementation.ts';
import { upload, type Device } from '../device.ts';

/** Not tf.train.momentum, which keeps its velocity to itself. */
export const sgdStep = ({ numerics, compute }: Device): Entry<'sgdStep'> => ({
  numerics,
  run: async ({ parameter, gradient, velocity, learningRate, momentum, weightDecay }) => {
    const flat = [parameter.data.length];
    const next = await compute('float32', parameter.shape, () => {
      const decayed = tf.add(upload(gradient, flat), tf.mul(upload(parameter, flat), weightDecay));
      return velocity === undefined
        ? decayed
        : tf.add(tf.mul(upload(velocity, flat), momentum), decayed);
    });
    return {
      parameter: await compute('float32', parameter.shape, () =>
        tf.sub(upload(parameter, flat), tf.mul(upload(next, flat), learningRate)),
      ),
      velocity: next,
    };
  },
});
