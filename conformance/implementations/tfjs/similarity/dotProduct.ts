import type { Entry } from '../../../interface/implementation.ts';
import type { Device } from '../device.ts';
import { pairwise, rowDot } from './pairs.ts';

export const dotProduct = (device: Device): Entry<'dotProduct'> => ({
  numerics: device.numerics,
  run: async (pair) => ({ similarity: await pairwise(device, pair, rowDot) }),
});
