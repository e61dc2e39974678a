import { causalMask } from './causalMask.ts';
import { attentionWeights } from './attentionWeights.ts';
import { scaledDotProductAttention } from './scaledDotProductAttention.ts';
import { multiHeadAttention } from './multiHeadAttention.ts';
import { groupedQueryAttention } from './groupedQueryAttention.ts';
import { cachedAttention } from './cachedAttention.ts';
import { rotaryPositions } from './rotaryPositions.ts';

export const attention = {
  causalMask,
  attentionWeights,
  scaledDotProductAttention,
  multiHeadAttention,
  groupedQueryAttention,
  cachedAttention,
  rotaryPositions,
};
