import type { Entry } from '../../../interface/implementation.ts';
import type { Device } from '../device.ts';
import { attentionOptions, scaleOf } from './attentionWeights.ts';
import { attended } from './heads.ts';

export const scaledDotProductAttention = ({
  numerics,
  compute,
}: Device): Entry<'scaledDotProductAttention'> => ({
  numerics,
  options: attentionOptions,
  run: async (input) => ({
    output: await attended(compute, { ...input, scale: scaleOf(input), shared: 1 }),
  }),
});
