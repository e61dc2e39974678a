import * as tf from '@tensorflow/tfjs-core';
import { tensor, type FloatTensor } from '../../../../spec/tensor.ts';
import { upload } from '../device.ts';

/** Ends beyond 2^100 are scaled down by 2^40 before they meet: their difference may overflow, and loses nothing that counts. */
const [far, shrink] = [2 ** 100, 2 ** -40];

/** A dimension's minimum and its range, scaled so that no difference overflows, by how much, and what undoes that. */
interface ScaledRanges {
  readonly low: tf.Tensor;
  readonly range: tf.Tensor;
  readonly scale: tf.Tensor;
  readonly restored: tf.Tensor;
}

/** Every dimension's range on the device. */
export function rangesOf({
  minimum,
  maximum,
}: {
  readonly minimum: FloatTensor;
  readonly maximum: FloatTensor;
}): ScaledRanges {
  const scales = Array.from(minimum.data, (low, d) =>
    Math.max(Math.abs(low), Math.abs(maximum.data[d] ?? NaN)) > far ? shrink : 1,
  );
  const scale = upload(tensor('float32', minimum.shape, scales));
  const restored = upload(
    tensor(
      'float32',
      minimum.shape,
      scales.map((x) => 1 / x),
    ),
  );
  const low = tf.mul(upload(minimum), scale);
  return { low, range: tf.sub(tf.mul(upload(maximum), scale), low), scale, restored };
}
