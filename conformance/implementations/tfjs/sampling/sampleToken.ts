import * as tf from '@tensorflow/tfjs-core';
import type { Entry } from '../../../interface/implementation.ts';
import { upload, type Device } from '../device.ts';

/**
 * A cumulative sum in parallel may fall, or rise at a token of probability 0: only possible tokens
 * are looked at.
 */
export const sampleToken = ({ numerics, compute }: Device): Entry<'sampleToken'> => ({
  numerics,
  run: async ({ probabilities, u }) => {
    const mass = await compute('float32', probabilities.shape, () =>
      tf.cumsum(upload(probabilities)),
    );
    const possible = [...probabilities.data.keys()].filter((i) => (probabilities.data[i] ?? 0) > 0);
    const drawn = possible.find((i) => (mass.data[i] ?? 0) > u);
    return { token: drawn ?? possible.at(-1) ?? 0 };
  },
});
