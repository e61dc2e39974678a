import type { Entries } from '../../../interface/implementation.ts';
import type { Device } from '../device.ts';
import { causalMask } from './causalMask.ts';
import { attentionWeights } from './attentionWeights.ts';
import { scaledDotProductAttention } from './scaledDotProductAttention.ts';
import { multiHeadAttention } from './multiHeadAttention.ts';
import { groupedQueryAttention } from './groupedQueryAttention.ts';
import { cachedAttention } from './cachedAttention.ts';
import { rotaryPositions } from './rotaryPositions.ts';

export const attention = (device: Device): Entries => ({
  causalMask: causalMask(device),
  attentionWeights: attentionWeights(device),
  scaledDotProductAttention: scaledDotProductAttention(device),
  multiHeadAttention: multiHeadAttention(device),
  groupedQueryAttention: groupedQueryAttention(device),
  cachedAttention: cachedAttention(device),
  rotaryPositions: rotaryPositions(device),
});
