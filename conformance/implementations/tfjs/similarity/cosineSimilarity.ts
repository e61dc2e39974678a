import * as tf from '@tensorflow/tfjs-core';
import type { Entry } from '../../../interface/implementation.ts';
import type { Device } from '../device.ts';
import { pairwise, rowDot } from './pairs.ts';
import { unitScaled } from './unitScaled.ts';

export const cosineSimilarity = (device: Device): Entry<'cosineSimilarity'> => ({
  numerics: device.numerics,
  options: { zeroVector: ['zero', 'nan'] },
  run: async ({ a, b, zeroVector }) => ({
    similarity: await pairwise(device, { a: unitScaled(a), b: unitScaled(b) }, (x, y) => {
      const lengths = tf.mul(tf.sqrt(rowDot(x, x)), tf.sqrt(rowDot(y, y)));
      const ofZero = zeroVector === 'zero' ? 0 : NaN;
      return tf.where(tf.equal(lengths, 0), ofZero, tf.div(rowDot(x, y), lengths));
    }),
  }),
});
