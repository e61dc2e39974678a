import type { Entry } from '../../../interface/implementation.ts';
import { keptByHeads } from '../attention/multiHeadAttention.ts';
import { uploadRows, type Device } from '../device.ts';
import { layerGraph } from './blocks.ts';

export const decoderLayer = ({ numerics, compute }: Device): Entry<'decoderLayer'> => ({
  numerics,
  options: { norm: ['post', 'pre'] },
  run: async ({ input, memory, weights, mask, memoryMask, ...how }) => ({
    output: await compute('float32', input.shape, () => {
      const [batch = 0, length = 0] = input.shape;
      const keys = memory.shape[1] ?? 0;
      const sizes = [batch, how.heads, length] as const;
      return layerGraph(uploadRows(input), weights, {
        ...how,
        batch,
        kept: keptByHeads({ mask, causal: true }, [...sizes, length]),
        memory: uploadRows(memory),
        memoryKept:
          keys === 0
            ? undefined
            : keptByHeads({ mask: memoryMask, causal: false }, [...sizes, keys]),
      });
    }),
  }),
});
