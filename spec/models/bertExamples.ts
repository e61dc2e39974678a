import { sequences } from '../embedding/tokens.ts';
import { tensor, type BooleanTensor } from '../tensor.ts';
import { biased } from './modelInputs.ts';
import { randomBert } from './randomModels.ts';
import { drawsOf } from './randomWeights.ts';

const sizes = {
  vocabulary: 7,
  context: 5,
  width: 4,
  layers: 2,
  heads: 2,
  feedForwardWidth: 6,
  segments: 2,
};

const weightsOf = (
  seed: number,
  { config = sizes, gain = 1, deviation = 1, isBiased = true, pooler = false } = {},
) => biased(randomBert(drawsOf(seed, 'float32', gain), config, { deviation, pooler }), isBiased);

const masks = (rows: readonly (readonly number[])[]): BooleanTensor =>
  tensor('bool', [rows.length, rows[0]?.length ?? 0], rows.flat());

/** Two layers of two heads, two segments, all seen. */
export const smallBert = {
  ids: sequences([[3, 1, 6]]),
  segments: sequences([[0, 0, 1]]),
  mask: masks([[1, 1, 1]]),
  weights: weightsOf(11),
  config: sizes,
};

const oneLayer = { ...sizes, layers: 1 };
const threeSegments = { ...oneLayer, segments: 3 };
const fourHeads = { ...oneLayer, heads: 4 };

/** Golden inputs of an encoder. */
export const bertExamples = [
  {
    id: 'two-layers',
    why: 'no norm after the embeddings, norms before their sublayers, the first layer’s weights in every layer',
    flags: ['ordinary', 'transformer-block-03'],
    input: smallBert,
  },
  {
    id: 'padding',
    why: 'sequences of different lengths: masks ignored, or one sequence’s taken for another',
    flags: ['attention-multihead-03', 'attention-sdpa-05', 'mask'],
    input: {
      ids: sequences([
        [5, 2, 0, 0],
        [1, 4, 6, 2],
      ]),
      segments: sequences([
        [0, 1, 0, 0],
        [0, 0, 1, 1],
      ]),
      mask: masks([
        [1, 1, 0, 0],
        [1, 1, 1, 0],
      ]),
      weights: weightsOf(12, { config: oneLayer }),
      config: oneLayer,
    },
  },
  {
    id: 'whole-context',
    why: 'positions counted from one, or a row set aside: a sequence as long as the context does not fit',
    flags: ['positional-learned-02', 'positional-learned-03'],
    input: {
      ids: sequences([[0, 6, 2, 2, 5]]),
      segments: sequences([[1, 0, 2, 2, 0]]),
      mask: masks([[1, 1, 1, 0, 1]]),
      weights: weightsOf(13, { config: threeSegments }),
      config: threeSegments,
    },
  },
  {
    id: 'nothing-seen',
    why: 'a sequence that is masked as a whole: each attention gives its output bias, not NaN',
    flags: ['empty-row', 'mask'],
    input: {
      ids: sequences([
        [4, 1],
        [2, 3],
      ]),
      segments: sequences([
        [0, 1],
        [1, 0],
      ]),
      mask: masks([
        [0, 0],
        [0, 1],
      ]),
      weights: weightsOf(14, { config: oneLayer }),
      config: oneLayer,
    },
  },
  {
    id: 'four-heads',
    why: 'the root of the whole width instead of the width of a head',
    flags: ['attention-sdpa-06', 'bias'],
    input: {
      ids: sequences([[2, 0, 4, 1]]),
      segments: sequences([[0, 0, 1, 1]]),
      mask: masks([[1, 1, 1, 1]]),
      weights: weightsOf(15, { config: fourHeads, gain: 2, isBiased: false }),
      config: fourHeads,
    },
  },
  {
    id: 'small-variance',
    why: 'the epsilon of another model, which is ten million times as large',
    flags: ['layer-norm-01', 'epsilon'],
    input: {
      ids: sequences([[6, 3]]),
      segments: sequences([[1, 1]]),
      mask: masks([[1, 1]]),
      weights: weightsOf(16, { config: oneLayer, deviation: 2 ** -9 }),
      config: oneLayer,
    },
  },
  {
    id: 'pooler',
    why: 'the linear layer on the first token, which the hidden states do not need, put on',
    flags: ['pooler', 'ffn-activation-02'],
    input: {
      ids: sequences([[1, 5, 0]]),
      segments: sequences([[0, 1, 1]]),
      mask: masks([[1, 1, 1]]),
      weights: weightsOf(17, { config: oneLayer, gain: 3, pooler: true }),
      config: oneLayer,
    },
  },
];
