import type { Entry } from '../../../interface/implementation.ts';
import { bytesOf, product } from './product.ts';

export const kvCacheMemory: Entry<'kvCacheMemory'> = {
  run: ({ layers, kvHeads, headWidth, tokens, batch, bits }) => ({
    bytes: bytesOf(product(2, layers, kvHeads, headWidth, tokens, batch, bits)),
  }),
};
