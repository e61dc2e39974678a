import { kvCacheMemory as spec } from '../../spec/accounting/kvCacheMemory.ts';
import { reference } from '../reference.ts';

export const kvCacheMemory = reference(
  spec,
  (_arithmetic, { layers, kvHeads, headWidth, tokens, batch, bits }) => {
    const vectors = 2n * BigInt(layers) * BigInt(kvHeads) * BigInt(tokens) * BigInt(batch);
    return { bytes: Number(vectors * BigInt(headWidth) * BigInt(bits)) / 8 };
  },
);
