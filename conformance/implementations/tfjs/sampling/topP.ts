import type { Entry } from '../../../interface/implementation.ts';
import type { Device } from '../device.ts';
import { filtered, nucleus } from './filtered.ts';

export const topP = (device: Device): Entry<'topP'> => ({
  numerics: device.numerics,
  options: { boundary: ['include', 'exclude'] },
  run: async ({ logits, p, boundary }) =>
    filtered(device, logits, { filters: [nucleus(p, boundary)] }),
});
