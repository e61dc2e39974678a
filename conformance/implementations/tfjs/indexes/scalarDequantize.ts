import * as tf from '@tensorflow/tfjs-core';
import type { Entry } from '../../../interface/implementation.ts';
import type { Device } from '../device.ts';
import { rangesOf } from './scalarRanges.ts';

export const scalarDequantize = ({ numerics, compute }: Device): Entry<'scalarDequantize'> => ({
  numerics,
  run: async ({ codes, minimum, maximum }) => ({
    vectors: await compute('float32', codes.shape, () => {
      const { low, range, restored } = rangesOf({ minimum, maximum });
      const bytes = tf.tensor(Float32Array.from(codes.data), [...codes.shape], 'float32');
      return tf.mul(tf.add(low, tf.mul(bytes, tf.div(range, 255))), restored);
    }),
  }),
});
