import type { ModelSizes } from './config.ts';
import { randomDecoderLayer, randomEncoderLayer, randomNorm, type Draws } from './randomWeights.ts';
import type { BertWeights, EncoderDecoderWeights, GptWeights } from './weights.ts';

const layersOf = (draws: Draws, { layers, ...sizes }: ModelSizes) =>
  Array.from({ length: layers }, () => randomEncoderLayer(draws, sizes));

/** The weights of a decoder; tables of the given deviation. */
export const randomGpt = (draws: Draws, sizes: ModelSizes, deviation = 1): GptWeights => ({
  tokenTable: draws.table([sizes.vocabulary, sizes.width], deviation),
  positionTable: draws.table([sizes.context, sizes.width], deviation),
  layers: layersOf(draws, sizes),
  norm: randomNorm(draws, sizes.width),
});

/** The weights of an encoder, its pooler too where it is to have one. */
export const randomBert = (
  draws: Draws,
  sizes: ModelSizes & { readonly segments: number },
  { deviation = 1, pooler = false } = {},
): BertWeights => ({
  tokenTable: draws.table([sizes.vocabulary, sizes.width], deviation),
  positionTable: draws.table([sizes.context, sizes.width], deviation),
  segmentTable: draws.table([sizes.segments, sizes.width], deviation),
  embeddingNorm: randomNorm(draws, sizes.width),
  layers: layersOf(draws, sizes),
  pooler: pooler
    ? { weight: draws.matrix([sizes.width, sizes.width]), bias: draws.vector(sizes.width) }
    : undefined,
});

/** The weights of an encoder and a decoder of as many layers. A table that is scaled by √D has the deviation 1/√D unless another is given. */
export const randomEncoderDecoder = (
  draws: Draws,
  { vocabulary, width, layers, feedForwardWidth }: Omit<ModelSizes, 'context' | 'heads'>,
  deviation = 1 / Math.sqrt(width),
): EncoderDecoderWeights => {
  const sizes = { width, feedForwardWidth };
  return {
    tokenTable: draws.table([vocabulary, width], deviation),
    encoder: Array.from({ length: layers }, () => randomEncoderLayer(draws, sizes)),
    decoder: Array.from({ length: layers }, () => randomDecoderLayer(draws, sizes)),
  };
};
