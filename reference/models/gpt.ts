import { gpt as spec } from '../../spec/models/gpt.ts';
import { rowsOf, type Grid } from '../../spec/tensor.ts';
import { inputEmbedding } from '../embedding/inputEmbedding.ts';
import { normalizedRows } from '../layers/layerNorm.ts';
import { project } from '../layers/linear.ts';
import { reference } from '../reference.ts';
import { selfAttentionLayer } from './blocks.ts';

/** The table as the weights of a linear map: tableᵀ. */
function transposed<N>({ shape, data }: Grid<N>): Grid<N> {
  const [rows = 0, columns = 0] = shape;
  return {
    shape: [columns, rows],
    data: Array.from({ length: columns }, (_, c) =>
      data.filter((_item, i) => i % columns === c),
    ).flat(),
  };
}

export const gpt = reference(spec, (arithmetic, { ids, weights, config }) => {
  const { tokenTable, positionTable, layers, norm } = weights;
  const { heads, epsilon } = config;
  const embedded = inputEmbedding(arithmetic, { tokenTable, positionTable, ids, scale: 1 }).output;
  const how = { heads, epsilon, norm: 'pre', activation: 'gelu', causal: true } as const;
  const last = layers.reduce((x, layer) => selfAttentionLayer(arithmetic, x, layer, how), embedded);
  const final = normalizedRows(arithmetic, last, { ...norm, epsilon });
  const logits = project(arithmetic, rowsOf(final), transposed(tokenTable), undefined);
  return { logits: { shape: [...ids.shape, config.vocabulary], data: logits.flat() } };
});
