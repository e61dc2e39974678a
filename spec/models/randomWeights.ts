import { randomStream } from '../generate.ts';
import { sizeOf, tensor, type FloatDtype, type FloatTensor } from '../tensor.ts';
import type {
  AttentionWeights,
  DecoderLayerWeights,
  EncoderLayerWeights,
  FeedForwardWeights,
  NormWeights,
} from './weights.ts';

/** The sizes of a layer. */
export interface LayerSizes {
  readonly width: number;
  readonly feedForwardWidth: number;
}

/** Draws weights one after another from a seed: even in (−√3, √3) · deviation, whose standard deviation is that. */
export interface Draws {
  readonly matrix: (shape: readonly [number, number]) => FloatTensor;
  readonly vector: (length: number, mean?: number) => FloatTensor;
  /** Rows that are looked up, not multiplied: of the given deviation. */
  readonly table: (shape: readonly [number, number], deviation?: number) => FloatTensor;
}

/** Matrices of n rows have the deviation `gain`/√n, so that what comes out is about as large as what goes in; vectors a tenth. */
export function drawsOf(seed: number, dtype: FloatDtype = 'float64', gain = 1): Draws {
  const next = randomStream(seed);
  const even = (shape: readonly number[], deviation: number, mean = 0): FloatTensor => {
    const values = new Float64Array(sizeOf(shape));
    const reach = 2 * Math.sqrt(3) * deviation;
    for (let i = 0; i < values.length; i += 1) values[i] = mean + (next() - 0.5) * reach;
    return tensor(dtype, shape, values);
  };
  return {
    matrix: (shape) => even(shape, gain / Math.sqrt(shape[0])),
    vector: (length, mean = 0) => even([length], 0.1, mean),
    table: (shape, deviation = 1) => even(shape, deviation),
  };
}

export const randomAttention = ({ matrix, vector }: Draws, width: number): AttentionWeights => ({
  queryWeight: matrix([width, width]),
  keyWeight: matrix([width, width]),
  valueWeight: matrix([width, width]),
  outputWeight: matrix([width, width]),
  queryBias: vector(width),
  keyBias: vector(width),
  valueBias: vector(width),
  outputBias: vector(width),
});

export const randomNorm = ({ vector }: Draws, width: number): NormWeights => ({
  gain: vector(width, 1),
  bias: vector(width),
});

export const randomFeedForward = (
  { matrix, vector }: Draws,
  { width, feedForwardWidth }: LayerSizes,
): FeedForwardWeights => ({
  weight1: matrix([width, feedForwardWidth]),
  bias1: vector(feedForwardWidth),
  weight2: matrix([feedForwardWidth, width]),
  bias2: vector(width),
});

export const randomEncoderLayer = (draws: Draws, sizes: LayerSizes): EncoderLayerWeights => ({
  attention: randomAttention(draws, sizes.width),
  attentionNorm: randomNorm(draws, sizes.width),
  feedForward: randomFeedForward(draws, sizes),
  feedForwardNorm: randomNorm(draws, sizes.width),
});

export const randomDecoderLayer = (draws: Draws, sizes: LayerSizes): DecoderLayerWeights => ({
  attention: randomAttention(draws, sizes.width),
  attentionNorm: randomNorm(draws, sizes.width),
  crossAttention: randomAttention(draws, sizes.width),
  crossAttentionNorm: randomNorm(draws, sizes.width),
  feedForward: randomFeedForward(draws, sizes),
  feedForwardNorm: randomNorm(draws, sizes.width),
});
