import { tensor, type FloatTensor } from '../../../../spec/tensor.ts';
import type { Entry } from '../../../interface/implementation.ts';
import type { Device } from '../device.ts';
import { pairwise, rowSquaredDistance } from './pairs.ts';

/**
 * Roots are taken on the host, which rounds them correctly: WGSL's may be off by 4 units in the
 * last place.
 */
export const roots = ({ shape, data }: FloatTensor): FloatTensor =>
  tensor('float32', shape, Array.from(data, Math.sqrt));

export const euclideanDistance = (device: Device): Entry<'euclideanDistance'> => ({
  numerics: device.numerics,
  run: async (pair) => ({ distance: roots(await pairwise(device, pair, rowSquaredDistance)) }),
});
