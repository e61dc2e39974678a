import type { Entry } from '../../../interface/implementation.ts';
import { keptByHeads } from '../attention/multiHeadAttention.ts';
import { uploadRows, type Device } from '../device.ts';
import { layerGraph } from './blocks.ts';

export const encoderLayer = ({ numerics, compute }: Device): Entry<'encoderLayer'> => ({
  numerics,
  options: { norm: ['post', 'pre'] },
  run: async ({ input, weights, mask, ...how }) => ({
    output: await compute('float32', input.shape, () => {
      const [batch = 0, length = 0] = input.shape;
      const kept = keptByHeads({ mask, causal: false }, [batch, how.heads, length, length]);
      return layerGraph(uploadRows(input), weights, { ...how, batch, kept });
    }),
  }),
});
