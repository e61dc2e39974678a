import * as tf from '@tensorflow/tfjs-core';
import type { Entry } from '../../../interface/implementation.ts';
import { uploadRows, type Device } from '../device.ts';
import { normalizedRows } from './layerNorm.ts';

export const addAndNorm = ({ numerics, compute }: Device): Entry<'addAndNorm'> => ({
  numerics,
  run: async ({ input, sublayer, ...affine }) => ({
    output: await compute('float32', input.shape, () =>
      normalizedRows(tf.add(uploadRows(input), uploadRows(sublayer)), affine),
    ),
  }),
});
