import * as tf from '@tensorflow/tfjs-core';
import type { Entry } from '../../../implementation.ts';
import type { Device } from '../device.ts';
import { pairwise, rowSquaredDistance } from './pairs.ts';

export const euclideanDistance = (device: Device): Entry<'euclideanDistance'> => ({
  numerics: device.numerics,
  run: async (pair) => ({
    distance: await pairwise(device, pair, (x, y) => tf.sqrt(rowSquaredDistance(x, y))),
  }),
});
