import { gpt as spec } from '../../spec/models/gpt.ts';
import { inputEmbedding } from '../embedding/inputEmbedding.ts';
import { normalizedRows } from '../layers/layerNorm.ts';
import { reference } from '../reference.ts';
import { selfAttentionLayer, tiedLogits } from './blocks.ts';

export const gpt = reference(spec, (arithmetic, { ids, weights, config }) => {
  const { tokenTable, positionTable, layers, norm } = weights;
  const { heads, epsilon } = config;
  const embedded = inputEmbedding(arithmetic, { tokenTable, positionTable, ids, scale: 1 }).output;
  const how = { heads, epsilon, norm: 'pre', activation: 'gelu', causal: true } as const;
  const last = layers.reduce((x, layer) => selfAttentionLayer(arithmetic, x, layer, how), embedded);
  const final = normalizedRows(arithmetic, last, { ...norm, epsilon });
  return { logits: tiedLogits(arithmetic, final, tokenTable) };
});
