import * as tf from '@tensorflow/tfjs-core';
import type { Entry } from '../../../interface/implementation.ts';
import { uploadRows, type Device } from '../device.ts';
import { rowMax } from '../operations.ts';

/**
 * The index of the greatest of each row, the lowest among equals. Not tf.argMax: on WebGPU that may
 * give another of them.
 */
export function greatest(x: tf.Tensor): tf.Tensor {
  const width = x.shape.at(-1) ?? 0;
  const places = tf.where(tf.equal(x, rowMax(x)), tf.range(0, width), width);
  return tf.cast(tf.min(places, -1), 'int32');
}

export const greedyToken = ({ numerics, compute }: Device): Entry<'greedyToken'> => ({
  numerics,
  options: { ties: ['lowestIndex', 'any'] },
  run: async ({ logits }) => ({
    token: await compute('int32', logits.shape.slice(0, -1), () => greatest(uploadRows(logits))),
  }),
});
