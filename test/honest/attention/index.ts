import type { HonestTable } from '../honest.ts';
import { attentionWeights } from './attention.ts';
import { scaledDotProductAttention } from './attention.ts';
import { multiHeadAttention } from './multiHeadAttention.ts';
import { groupedQueryAttention } from './groupedQueryAttention.ts';
import { cachedAttention } from './cachedAttention.ts';
import { rotaryPositions } from './rotaryPositions.ts';

export const attention: HonestTable = {
  attentionWeights: {
    kernel: (unit) => attentionWeights(unit),
    options: { alignment: ['bottomRight', 'topLeft'], emptyRow: ['zero', 'nan'] },
  },
  scaledDotProductAttention: {
    kernel: (unit) => scaledDotProductAttention(unit),
    options: { alignment: ['bottomRight', 'topLeft'], emptyRow: ['zero', 'nan'] },
  },
  multiHeadAttention: { kernel: (unit) => multiHeadAttention(unit) },
  groupedQueryAttention: { kernel: (unit) => groupedQueryAttention(unit) },
  cachedAttention: { kernel: (unit) => cachedAttention(unit) },
  rotaryPositions: {
    kernel: (unit) => rotaryPositions(unit),
    options: { pairing: ['halves', 'interleaved'] },
    numerics: { sinCos: { ulp: 1 } },
  },
};
