import * as tf from '@tensorflow/tfjs-core';
import { tensor } from '../../../../spec/tensor.ts';
import type { Entry } from '../../../interface/implementation.ts';
import { upload, type Device } from '../device.ts';
import { rangesOf } from './scalarRanges.ts';

/** A constant dimension, whose range is 0, is divided by 1 and then set to 0. tfjs rounds halves to even. */
export const scalarQuantize = ({ numerics, compute }: Device): Entry<'scalarQuantize'> => ({
  numerics,
  run: async ({ vectors, minimum, maximum }) => {
    const codes = await compute('int32', vectors.shape, () => {
      const { low, range, scale } = rangesOf({ minimum, maximum });
      const isConstant = tf.equal(range, 0);
      const distance = tf.sub(tf.mul(upload(vectors), scale), low);
      const share = tf.div(distance, tf.where(isConstant, tf.onesLike(range), range));
      const code = tf.round(tf.clipByValue(tf.mul(share, 255), 0, 255));
      return tf.cast(tf.where(isConstant, tf.zerosLike(code), code), 'int32');
    });
    return { codes: tensor('uint8', codes.shape, codes.data) };
  },
});
