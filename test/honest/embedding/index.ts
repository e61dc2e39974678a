import type { HonestTable } from '../honest.ts';
import { tokenEmbedding } from './tokenEmbedding.ts';
import { learnedPositions } from './learnedPositions.ts';
import { sinusoidalPositions } from './sinusoidalPositions.ts';
import { inputEmbedding } from './inputEmbedding.ts';
import { pooling } from './pooling.ts';
import { unitNormalize } from './unitNormalize.ts';

export const embedding: HonestTable = {
  tokenEmbedding: { kernel: tokenEmbedding },
  learnedPositions: { kernel: learnedPositions },
  sinusoidalPositions: { kernel: sinusoidalPositions, numerics: { sinCos: { ulp: 1 } } },
  inputEmbedding: { kernel: (unit) => inputEmbedding(unit) },
  pooling: { kernel: pooling },
  unitNormalize: { kernel: unitNormalize, options: { zeroVector: ['zero', 'nan'] } },
};
