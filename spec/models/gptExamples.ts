import { sequences } from '../embedding/tokens.ts';
import { biased } from './modelInputs.ts';
import { randomGpt } from './randomModels.ts';
import { drawsOf } from './randomWeights.ts';

const sizes = {
  vocabulary: 7,
  context: 5,
  width: 4,
  layers: 2,
  heads: 2,
  feedForwardWidth: 6,
};

const weightsOf = (
  seed: number,
  { config = sizes, gain = 1, deviation = 1, isBiased = true } = {},
) => biased(randomGpt(drawsOf(seed, 'float32', gain), config, deviation), isBiased);

/** Two layers of two heads. */
export const smallGpt = { ids: sequences([[3, 1, 6]]), weights: weightsOf(1), config: sizes };

const oneLayer = { ...sizes, layers: 1 };
const fourHeads = { ...oneLayer, heads: 4 };

/** Golden inputs of a decoder. */
export const gptExamples = [
  {
    id: 'two-layers',
    why: 'the first layer’s weights in every layer, norms after their sublayers, no norm at the end',
    flags: ['ordinary', 'transformer-block-01'],
    input: smallGpt,
  },
  {
    id: 'whole-context',
    why: 'positions counted from one, or a row set aside: a sequence as long as the context does not fit',
    flags: ['positional-learned-02', 'positional-learned-03', 'causal'],
    input: { ids: sequences([[0, 6, 2, 2, 5]]), weights: weightsOf(2), config: sizes },
  },
  {
    id: 'batch',
    why: 'sequences mixed up, or positions that run on from one to the next',
    flags: ['axis', 'attention-multihead-01'],
    input: {
      ids: sequences([
        [5, 5, 0],
        [1, 4, 6],
      ]),
      weights: weightsOf(3, { config: oneLayer }),
      config: oneLayer,
    },
  },
  {
    id: 'four-heads',
    why: 'the root of the whole width instead of the width of a head',
    flags: ['attention-sdpa-06'],
    input: {
      ids: sequences([[2, 0, 4, 1]]),
      weights: weightsOf(4, { config: fourHeads, gain: 2 }),
      config: fourHeads,
    },
  },
  {
    id: 'small-variance',
    why: 'another epsilon than the one that is given or, left out, is meant',
    flags: ['layer-norm-01', 'epsilon'],
    input: {
      ids: sequences([[6, 3]]),
      weights: weightsOf(5, { config: oneLayer, deviation: 2 ** -9 }),
      config: { ...oneLayer, epsilon: 2 ** -10 },
    },
  },
  {
    id: 'without-biases',
    why: 'projections of the attention that have no biases',
    flags: ['bias'],
    input: {
      ids: sequences([[4, 0, 5, 1]]),
      weights: weightsOf(6, { config: oneLayer, isBiased: false }),
      config: oneLayer,
    },
  },
  {
    id: 'steep',
    why: 'the tanh form of gelu in place of the exact one',
    flags: ['ffn-activation-02'],
    input: {
      ids: sequences([[1, 2, 3]]),
      weights: weightsOf(7, { config: oneLayer, gain: 3 }),
      config: oneLayer,
    },
  },
  {
    id: 'one-token',
    why: 'a token that may attend to itself alone',
    flags: ['causal', 'one-token'],
    input: { ids: sequences([[3]]), weights: weightsOf(8), config: sizes },
  },
];
