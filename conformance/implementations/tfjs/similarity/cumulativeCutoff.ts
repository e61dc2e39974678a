import * as tf from '@tensorflow/tfjs-core';
import type { Entry } from '../../../interface/implementation.ts';
import { upload, type Device } from '../device.ts';

/** The scores are added up on the device; the share of the sum is the border that is looked for on the host. */
export const cumulativeCutoff = ({ numerics, compute }: Device): Entry<'cumulativeCutoff'> => ({
  numerics,
  run: async ({ scores, mass }) => {
    const { data } = await compute('float32', scores.shape, () => tf.cumsum(upload(scores)));
    const border = Math.fround(Math.fround(mass) * (data[data.length - 1] ?? 0));
    const last = Array.from(data).findIndex((cumulative) => cumulative >= border);
    return { count: last < 0 ? data.length : last + 1 };
  },
});
