import type { Entry } from '../../../interface/implementation.ts';
import type { Device } from '../device.ts';
import { attended } from './heads.ts';

/** Heads lie one after another, and so do those that share a head of keys. */
export const groupedQueryAttention = ({
  numerics,
  compute,
}: Device): Entry<'groupedQueryAttention'> => ({
  numerics,
  run: async ({ query, key, value, causal }) => ({
    output: await attended(compute, {
      query,
      key,
      value,
      causal,
      scale: 1 / Math.sqrt(query.shape.at(-1) ?? 1),
      emptyRow: 'zero',
      shared: (query.shape[1] ?? 0) / (key.shape[1] ?? 1),
    }),
  }),
});
