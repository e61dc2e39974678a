import * as tf from '@tensorflow/tfjs-core';
import type { Entry } from '../../../interface/implementation.ts';
import type { Device } from '../device.ts';

export const shiftRight = ({ compute }: Device): Entry<'shiftRight'> => ({
  run: async ({ ids, start }) => {
    const [rows = 0, width = 0] = ids.shape;
    return {
      ids: await compute('int32', ids.shape, () => {
        const starts = Int32Array.from({ length: rows }, () => start);
        const first = tf.tensor2d(starts, [rows, 1], 'int32');
        const whole = tf.tensor2d(Int32Array.from(ids.data), [rows, width], 'int32');
        return width === 1
          ? first
          : tf.concat([first, tf.slice(whole, [0, 0], [rows, width - 1])], 1);
      }),
    };
  },
});
