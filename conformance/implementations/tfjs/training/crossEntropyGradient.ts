import * as tf from '@tensorflow/tfjs-core';
import type { Entry } from '../../../interface/implementation.ts';
import { sizeOf, tensor } from '../../../../spec/tensor.ts';
import { countedIn, isIgnored } from '../../../../spec/training/tokens.ts';
import { upload, type Device } from '../device.ts';
import { normalized, weightsOf } from '../weights.ts';

/** Ignored rows are chosen by `where`, never by a product: 0 · NaN would be NaN. */
export const crossEntropyGradient = ({
  numerics,
  compute,
}: Device): Entry<'crossEntropyGradient'> => ({
  numerics,
  run: async ({ logits, labelSmoothing, reduction, outputGradient, ...labels }) => {
    const [rows = 0, width = 0] = logits.shape;
    const counted = countedIn(labels).length;
    if (counted === 0) {
      const zeros = new Array<number>(sizeOf(logits.shape)).fill(0);
      return { logitsGradient: tensor('float32', logits.shape, zeros) };
    }
    return {
      logitsGradient: await compute('float32', logits.shape, () => {
        const targets = tf.tensor2d(Int32Array.from(labels.targets.data), [rows, 1], 'int32');
        const isTarget = tf.equal(targets, tf.range(0, width, 1, 'int32'));
        const even = labelSmoothing / width;
        const shares = tf.where(isTarget, 1 - labelSmoothing + even, even);
        const gradients = upload(outputGradient, [reduction === 'none' ? rows : 1, 1]);
        const scale = tf.div(gradients, reduction === 'mean' ? counted : 1);
        const gradient = tf.mul(tf.sub(normalized(weightsOf(upload(logits))), shares), scale);
        const isCounted = Uint8Array.from({ length: rows }, (_, i) =>
          Number(!isIgnored(labels, i)),
        );
        const mask = tf.tensor2d(isCounted, [rows, 1], 'bool');
        return tf.where(mask, gradient, tf.zerosLike(gradient));
      }),
    };
  },
});
