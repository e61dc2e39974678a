import { bert as spec } from '../../spec/models/bert.ts';
import { inputEmbedding } from '../embedding/inputEmbedding.ts';
import { normalizedRows } from '../layers/layerNorm.ts';
import { reference } from '../reference.ts';
import { selfAttentionLayer } from './blocks.ts';

export const bert = reference(spec, (arithmetic, { ids, segments, mask, weights, config }) => {
  const { embeddingNorm, layers, pooler: _pooler, ...tables } = weights;
  const { heads, epsilon } = config;
  const [batch = 0, length = 0] = ids.shape;
  const embedded = inputEmbedding(arithmetic, { ...tables, ids, segments, scale: 1 }).output;
  const normal = normalizedRows(arithmetic, embedded, { ...embeddingNorm, epsilon });
  const how = {
    heads,
    epsilon,
    norm: 'post',
    activation: 'gelu',
    causal: false,
    mask: { ...mask, shape: [batch, 1, length] },
  } as const;
  return {
    hidden: layers.reduce((x, layer) => selfAttentionLayer(arithmetic, x, layer, how), normal),
  };
});
