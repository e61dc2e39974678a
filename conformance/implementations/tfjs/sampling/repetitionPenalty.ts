import * as tf from '@tensorflow/tfjs-core';
import type { Entry } from '../../../interface/implementation.ts';
import { upload, type Device } from '../device.ts';

export const repetitionPenalty = ({ numerics, compute }: Device): Entry<'repetitionPenalty'> => ({
  numerics,
  run: async ({ logits, seen, penalty }) => {
    const tokens = new Set(seen.data);
    const isSeen = Uint8Array.from({ length: logits.data.length }, (_, j) => Number(tokens.has(j)));
    return {
      logits: await compute('float32', logits.shape, () => {
        const x = upload(logits);
        const penalized = tf.where(tf.greater(x, 0), tf.div(x, penalty), tf.mul(x, penalty));
        return tf.where(tf.tensor1d(isSeen, 'bool'), penalized, x);
      }),
    };
  },
});
