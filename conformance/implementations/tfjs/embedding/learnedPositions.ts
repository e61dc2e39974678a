import * as tf from '@tensorflow/tfjs-core';
import type { Entry } from '../../../interface/implementation.ts';
import { upload, type Device } from '../device.ts';

export const learnedPositions = ({ numerics, compute }: Device): Entry<'learnedPositions'> => ({
  numerics,
  run: async ({ table, length, offset }) => {
    const width = table.shape[1] ?? 0;
    return {
      positions: await compute('float32', [length, width], () =>
        tf.slice(upload(table), [offset, 0], [length, width]),
      ),
    };
  },
});
