import type { Entry } from '../../../interface/implementation.ts';
import type { Device } from '../device.ts';
import { pairwise, rowSquaredDistance } from './pairs.ts';

export const squaredEuclideanDistance = (device: Device): Entry<'squaredEuclideanDistance'> => ({
  numerics: device.numerics,
  run: async (pair) => ({ distance: await pairwise(device, pair, rowSquaredDistance) }),
});
