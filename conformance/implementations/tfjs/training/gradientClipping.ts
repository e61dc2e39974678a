import * as tf from '@tensorflow/tfjs-core';
import type { FloatTensor } from '../../../../spec/tensor.ts';
import type { Entry } from '../../../interface/implementation.ts';
import { upload, type Device } from '../device.ts';
import { rowSum } from '../operations.ts';

/** All elements of all tensors as one row. */
const rowOf = (gradients: readonly FloatTensor[]): tf.Tensor => {
  const parts = gradients
    .filter(({ data }) => data.length > 0)
    .map((gradient) => tf.reshape(upload(gradient), [1, gradient.data.length]));
  return parts.length === 0 ? tf.zeros([1, 0]) : tf.concat(parts, 1);
};

/** What is within the norm comes back as it was given: a factor of 1 would flush subnormal numbers on some devices. */
export const gradientClipping = ({ numerics, compute }: Device): Entry<'gradientClipping'> => ({
  numerics,
  run: async ({ gradients, maxNorm }) => {
    const norm = await compute('float32', [], () =>
      tf.reshape(tf.sqrt(rowSum(tf.square(rowOf(gradients)))), []),
    );
    const [length = NaN] = norm.data;
    const limit = Math.fround(maxNorm);
    const clipped = gradients.map(async (gradient) =>
      length <= limit
        ? { ...gradient, dtype: 'float32' as const }
        : compute('float32', gradient.shape, () => tf.mul(upload(gradient), tf.div(limit, length))),
    );
    return { gradients: await Promise.all(clipped), norm };
  },
});
