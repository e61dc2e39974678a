import * as tf from '@tensorflow/tfjs-core';
import type { Input } from '../../../../spec/index.ts';
import type { Entry } from '../../../interface/implementation.ts';
import { keptByHeads } from '../attention/multiHeadAttention.ts';
import type { Device } from '../device.ts';
import { embeddingGraph, type EmbeddingPlaces } from '../embedding/inputEmbedding.ts';
import { normalizedRows } from '../layers/layerNorm.ts';
import { layerGraph, type LayerPlaces, type NormPlaces } from './blocks.ts';

/** The weights of an encoder, still here or on the device already. */
export interface BertPlaces extends EmbeddingPlaces {
  readonly embeddingNorm: NormPlaces;
  readonly layers: readonly LayerPlaces[];
}

interface Sizes {
  readonly heads: number;
  readonly epsilon: number;
}

/** What every token stands for: [B · T, D]. */
export function bertGraph(
  { ids, segments, mask }: Pick<Input<'bert'>, 'ids' | 'segments' | 'mask'>,
  { embeddingNorm, layers, ...tables }: BertPlaces,
  { heads, epsilon }: Sizes,
): tf.Tensor {
  const [batch = 0, length = 0] = ids.shape;
  const seen = { ...mask, shape: [batch, 1, length] };
  const kept = keptByHeads({ mask: seen, causal: false }, [batch, heads, length, length]);
  const how = { batch, heads, epsilon, kept, norm: 'post', activation: 'gelu' } as const;
  const embedded = embeddingGraph(tables, { ids, segments });
  return layers.reduce(
    (x, weights) => tf.tidy(() => layerGraph(x, weights, how)),
    normalizedRows(embedded, { ...embeddingNorm, epsilon }),
  );
}

export const bert = ({ numerics, compute }: Device): Entry<'bert'> => ({
  numerics,
  run: async ({ ids, segments, mask, weights, config }) => ({
    hidden: await compute('float32', [...ids.shape, config.width], () =>
      bertGraph({ ids, segments, mask }, weights, config),
    ),
  }),
});
