import type { Entries } from '../../../interface/implementation.ts';
import type { Device } from '../device.ts';
import { tokenEmbedding } from './tokenEmbedding.ts';
import { learnedPositions } from './learnedPositions.ts';
import { sinusoidalPositions } from './sinusoidalPositions.ts';
import { inputEmbedding } from './inputEmbedding.ts';
import { pooling } from './pooling.ts';
import { unitNormalize } from './unitNormalize.ts';

export const embedding = (device: Device): Entries => ({
  tokenEmbedding: tokenEmbedding(device),
  learnedPositions: learnedPositions(device),
  sinusoidalPositions: sinusoidalPositions(device),
  inputEmbedding: inputEmbedding(device),
  pooling: pooling(device),
  unitNormalize: unitNormalize(device),
});
