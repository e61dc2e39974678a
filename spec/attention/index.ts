import { causalMask } from './causalMask.ts';
import { attentionWeights } from './attentionWeights.ts';
import { scaledDotProductAttention } from './scaledDotProductAttention.ts';
import { multiHeadAttention } from './multiHeadAttention.ts';
import { groupedQueryAttention } from './groupedQueryAttention.ts';
import { cachedAttention } from './cachedAttention.ts';
import { rotaryPositions } from './rotaryPositions.ts';

/** To add a component: one file in this folder, one line in this list. */
export const attention = {
  causalMask,
  attentionWeights,
  scaledDotProductAttention,
  multiHeadAttention,
  groupedQueryAttention,
  cachedAttention,
  rotaryPositions,
};
