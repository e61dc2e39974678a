import type { Entry } from '../../../interface/implementation.ts';
import type { Device } from '../device.ts';
import { filtered, likely } from './filtered.ts';

export const minP = (device: Device): Entry<'minP'> => ({
  numerics: device.numerics,
  run: async ({ logits, p }) => filtered(device, logits, { filters: [likely(p)] }),
});
