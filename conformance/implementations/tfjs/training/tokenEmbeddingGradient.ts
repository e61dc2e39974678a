import * as tf from '@tensorflow/tfjs-core';
import type { Entry } from '../../../interface/implementation.ts';
import { upload, type Device } from '../device.ts';

/**
 * Row by row: tf.unsortedSegmentSum multiplies with one-hot rows, so that NaN would reach every row, and
 * tf.scatterND replaces on some backends where an id comes again.
 */
export const tokenEmbeddingGradient = ({
  numerics,
  compute,
}: Device): Entry<'tokenEmbeddingGradient'> => ({
  numerics,
  run: async ({ table, ids, outputGradient }) => ({
    tableGradient: await compute('float32', table.shape, () => {
      const [rows = 0, width = 0] = table.shape;
      const gradients = upload(outputGradient, [ids.data.length, width]);
      const places = Array.from({ length: rows }, (): number[] => []);
      for (const [t, id] of Array.from(ids.data).entries()) places[id]?.push(t);
      return tf.stack(
        places.map((own) =>
          own.length === 0
            ? tf.zeros([width])
            : tf.sum(tf.gather(gradients, tf.tensor1d(own, 'int32')), 0),
        ),
      );
    }),
  }),
});
