import * as tf from '@tensorflow/tfjs-core';
import type { IntegerTensor } from '../../../../spec/tensor.ts';
import type { Entry } from '../../../interface/implementation.ts';
import { keptByHeads } from '../attention/multiHeadAttention.ts';
import { placed, type Device, type Weight } from '../device.ts';
import { embeddingGraph } from '../embedding/inputEmbedding.ts';
import { normalizedRows } from '../layers/layerNorm.ts';
import { matrixProduct } from '../operations.ts';
import { layerGraph, type LayerPlaces, type NormPlaces } from './blocks.ts';

/** The weights of a decoder, still here or on the device already. */
export interface GptPlaces {
  readonly tokenTable: Weight;
  readonly positionTable: Weight;
  readonly layers: readonly LayerPlaces[];
  readonly norm: NormPlaces;
  /** The token table transposed [D, V], where it is kept: tfjs-wasm is slow to multiply by what it must transpose on the way. */
  readonly output?: Weight;
}

interface Sizes {
  readonly heads: number;
  readonly epsilon: number;
}

/** Logits of every token: [B · T, V]. */
export function gptGraph(
  ids: IntegerTensor,
  { layers, norm, output, ...tables }: GptPlaces,
  { heads, epsilon }: Sizes,
): tf.Tensor {
  const [batch = 0, length = 0] = ids.shape;
  const kept = keptByHeads({ causal: true }, [batch, heads, length, length]);
  const how = { batch, heads, epsilon, kept, norm: 'pre', activation: 'gelu' } as const;
  const last = layers.reduce(
    (x, weights) => tf.tidy(() => layerGraph(x, weights, how)),
    embeddingGraph(tables, { ids }),
  );
  const final = normalizedRows(last, { ...norm, epsilon });
  return output === undefined
    ? matrixProduct(final, tf.transpose(placed(tables.tokenTable)))
    : matrixProduct(final, placed(output));
}

export const gpt = ({ numerics, compute }: Device): Entry<'gpt'> => ({
  numerics,
  run: async ({ ids, weights, config }) => ({
    logits: await compute('float32', [...ids.shape, config.vocabulary], () =>
      gptGraph(ids, weights, config),
    ),
  }),
});
