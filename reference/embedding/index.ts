import { tokenEmbedding } from './tokenEmbedding.ts';
import { learnedPositions } from './learnedPositions.ts';
import { sinusoidalPositions } from './sinusoidalPositions.ts';
import { inputEmbedding } from './inputEmbedding.ts';
import { pooling } from './pooling.ts';
import { unitNormalize } from './unitNormalize.ts';

export const embedding = {
  tokenEmbedding,
  learnedPositions,
  sinusoidalPositions,
  inputEmbedding,
  pooling,
  unitNormalize,
};
