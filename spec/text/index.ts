import { bytePairTraining } from './bytePairTraining.ts';
import { bytePairEncode } from './bytePairEncode.ts';
import { wordPieceEncode } from './wordPieceEncode.ts';
import { unigramEncode } from './unigramEncode.ts';
import { decodeTokens } from './decodeTokens.ts';
import { sequenceTemplate } from './sequenceTemplate.ts';
import { chatTemplate } from './chatTemplate.ts';

/** To add a component: one file in this folder, one line in this list. */
export const text = {
  bytePairTraining,
  bytePairEncode,
  wordPieceEncode,
  unigramEncode,
  decodeTokens,
  sequenceTemplate,
  chatTemplate,
};
