import {
  drawsOf,
  randomDecoderLayer,
  randomEncoderLayer,
  randomFeedForward,
} from '../../spec/models/randomWeights.ts';
import { randomGpt } from '../../spec/models/randomModels.ts';
import { randomStream } from '../../spec/generate.ts';
import { tensor } from '../../spec/tensor.ts';
import type { Name } from '../../spec/index.ts';

/** What is measured: a component, and inputs for it. */
export interface Subject<N extends Name> {
  readonly title: string;
  readonly name: N;
  readonly inputs: readonly object[];
}

export const gptSizes = { vocabulary: 11, context: 6, width: 8, heads: 2, feedForwardWidth: 16 };

const seeds = [1, 2, 3, 4, 5];

/** Inputs of width 8, from seeds: six tokens, weights that keep the size of what they are given. */
export function seededInputs(sizes: typeof gptSizes) {
  const { width, heads, feedForwardWidth, vocabulary, context } = sizes;
  const layer = { width, feedForwardWidth };
  const tokens = (seed: number, count: number) => drawsOf(seed + 100).table([count, width]).data;
  const input = (seed: number) => tensor('float64', [1, context, width], tokens(seed, context));
  const memory = (seed: number) => tensor('float64', [1, 4, width], tokens(seed + 50, 4));
  const feedForward: Subject<'feedForward'> = {
    title: 'feedForward',
    name: 'feedForward',
    inputs: seeds.map((seed) => ({
      input: input(seed),
      ...randomFeedForward(drawsOf(seed), layer),
      activation: 'gelu',
    })),
  };
  const encoder: Subject<'encoderLayer'> = {
    title: 'encoderLayer',
    name: 'encoderLayer',
    inputs: seeds.map((seed) => ({
      input: input(seed),
      weights: randomEncoderLayer(drawsOf(seed), layer),
      heads,
    })),
  };
  const decoder: Subject<'decoderLayer'> = {
    title: 'decoderLayer',
    name: 'decoderLayer',
    inputs: seeds.map((seed) => ({
      input: input(seed),
      memory: memory(seed),
      weights: randomDecoderLayer(drawsOf(seed), layer),
      heads,
    })),
  };
  const decoders = [1, 2, 6].map((layers): Subject<'gpt'> => ({
    title: `gpt, ${layers} layer${layers === 1 ? '' : 's'}`,
    name: 'gpt',
    inputs: seeds.slice(0, layers > 2 ? 2 : seeds.length).map((seed) => {
      const next = randomStream(seed);
      const ids = Array.from({ length: context }, () => Math.floor(next() * vocabulary));
      const config = { ...sizes, layers };
      return {
        ids: tensor('int32', [1, context], ids),
        weights: randomGpt(drawsOf(seed), config),
        config,
      };
    }),
  }));
  return { feedForward, encoder, decoder, decoders };
}
