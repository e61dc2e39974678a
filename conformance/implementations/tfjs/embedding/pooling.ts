import * as tf from '@tensorflow/tfjs-core';
import type { Entry } from '../../../interface/implementation.ts';
import { rowsOf, type BooleanTensor } from '../../../../spec/tensor.ts';
import { upload, uploadMask, type Device } from '../device.ts';

/** For each sequence the position that counts first, or last, as a row of all the vectors. */
const placesOf = (mask: BooleanTensor, mode: 'first' | 'last'): Int32Array =>
  Int32Array.from(
    rowsOf(mask).map((row, b) => {
      const at = mode === 'first' ? row.indexOf(1) : row.lastIndexOf(1);
      return b * row.length + at;
    }),
  );

/** The mean of what the mask keeps: a sum, and one division. */
function meanOf(hidden: tf.Tensor, kept: tf.Tensor): tf.Tensor {
  const count = tf.sum(tf.cast(kept, 'float32'), 1);
  return tf.div(tf.sum(tf.where(kept, hidden, tf.zerosLike(hidden)), 1), count);
}

export const pooling = ({ numerics, compute }: Device): Entry<'pooling'> => ({
  numerics,
  run: async ({ hidden, mask, mode }) => {
    const [batch = 0, length = 0, width = 0] = hidden.shape;
    return {
      output: await compute('float32', [batch, width], () => {
        if (mode === 'first' || mode === 'last')
          return tf.gather(
            upload(hidden, [batch * length, width]),
            tf.tensor1d(placesOf(mask, mode), 'int32'),
          );
        const x = upload(hidden);
        const kept = tf.broadcastTo(uploadMask(mask, [batch, length, 1]), [batch, length, width]);
        if (mode === 'mean') return meanOf(x, kept);
        return tf.max(tf.where(kept, x, tf.fill(x.shape, -Infinity)), 1);
      }),
    };
  },
});
