import type { HonestTable } from '../honest.ts';
import { unigramEncode } from './unigramEncode.ts';

export const text: HonestTable = {
  unigramEncode: { kernel: unigramEncode },
};
