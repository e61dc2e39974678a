import * as tf from '@tensorflow/tfjs-core';
import type { Entry } from '../../../interface/implementation.ts';
import { upload, type Device } from '../device.ts';

export const similarityThreshold = ({
  numerics,
  compute,
}: Device): Entry<'similarityThreshold'> => ({
  numerics,
  run: async ({ scores, threshold }) => {
    const reaches = await compute('bool', scores.shape, () =>
      tf.greaterEqual(upload(scores), threshold),
    );
    return { count: Array.from(reaches.data).filter((flag) => flag === 1).length };
  },
});
