import * as tf from '@tensorflow/tfjs-core';
import type { Entry } from '../../../implementation.ts';
import { uploadRows, type Device } from '../device.ts';

/** The index of the greatest of each row, the lowest among equals. */
export const greatest = (x: tf.Tensor): tf.Tensor1D => tf.argMax(x, -1);

export const greedyToken = ({ numerics, compute }: Device): Entry<'greedyToken'> => ({
  numerics,
  options: { ties: ['lowestIndex', 'any'] },
  run: async ({ logits }) => ({
    token: await compute('int32', logits.shape.slice(0, -1), () => greatest(uploadRows(logits))),
  }),
});
