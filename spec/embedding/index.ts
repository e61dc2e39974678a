import { tokenEmbedding } from './tokenEmbedding.ts';
import { learnedPositions } from './learnedPositions.ts';
import { sinusoidalPositions } from './sinusoidalPositions.ts';
import { inputEmbedding } from './inputEmbedding.ts';
import { pooling } from './pooling.ts';
import { unitNormalize } from './unitNormalize.ts';

/** To add a component: one file in this folder, one line in this list. */
export const embedding = {
  tokenEmbedding,
  learnedPositions,
  sinusoidalPositions,
  inputEmbedding,
  pooling,
  unitNormalize,
};
