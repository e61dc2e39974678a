import type { Entry } from '../../../interface/implementation.ts';
import type { Device } from '../device.ts';
import { bestOf, filtered } from './filtered.ts';

/** Not tf.topk: on the CPU it does not give equal logits in their order. */
export const topK = (device: Device): Entry<'topK'> => ({
  numerics: device.numerics,
  options: { ties: ['any', 'lowestIndex', 'all'] },
  run: async ({ logits, k, ties }) => filtered(device, logits, { filters: [bestOf(k, ties)] }),
});
