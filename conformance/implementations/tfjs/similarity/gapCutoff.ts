import * as tf from '@tensorflow/tfjs-core';
import type { Entry } from '../../../interface/implementation.ts';
import { upload, type Device } from '../device.ts';

/** All drops are compared at once on the device; the first that exceeds the gap is found on the host. */
export const gapCutoff = ({ numerics, compute }: Device): Entry<'gapCutoff'> => ({
  numerics,
  run: async ({ scores, gap }) => {
    const count = scores.data.length;
    const exceeds = await compute('bool', [Math.max(0, count - 1)], () => {
      const all = upload(scores);
      return tf.greater(tf.sub(tf.slice(all, 0, count - 1), tf.slice(all, 1)), gap);
    });
    const cut = exceeds.data.indexOf(1);
    return { count: cut < 0 ? count : cut + 1 };
  },
});
