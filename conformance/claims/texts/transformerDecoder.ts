import { claimsOf, number, word } from '../claim.ts';
import { ask, at, meanSquare, range, ratio, same, solved } from '../expression.ts';
import { batch, matrix, published, sequence, shapeOf, vector } from '../inputs.ts';

const text = 'what-is-a-transformer';
const { transformer } = published;
const one = matrix([1, 0], [0, 1]);
const projections = { queryWeight: one, keyWeight: one, valueWeight: one, outputWeight: one };
const norm = { gain: vector(1, 2), bias: vector(0, 1) };
const decoded = (memory: readonly number[]) =>
  ask(
    'decoderLayer',
    {
      input: sequence([1, 3]),
      memory: sequence(memory),
      weights: {
        attention: projections,
        attentionNorm: norm,
        crossAttention: projections,
        crossAttentionNorm: norm,
        feedForward: { weight1: one, bias1: vector(1, 1), weight2: one, bias2: vector(0, 0) },
        feedForwardNorm: norm,
      },
      heads: 1,
      norm: 'pre',
    },
    'output',
  );
const normalized = (...input: readonly number[]) =>
  ask(
    'layerNorm',
    { input: vector(...input), gain: vector(1, 1, 1, 1), bias: vector(0, 0, 0, 0) },
    'output',
  );

/** The attention parameters of one layer that has one attention, as wide as the original Transformer. */
const oneAttention = ask(
  'parameterCount',
  { architecture: { ...transformer, family: 'bert', layers: 1 } },
  'groups.attention',
);

export const transformerDecoder = claimsOf(text, [
  {
    id: 'six-layers',
    line: 208,
    claim: 'encoder and decoder have six blocks each',
    said: number('6'),
    value: solved(
      range(1, 24),
      (layers) => ask('parameterCount', { architecture: { ...transformer, layers } }, 'total'),
      65e6,
    ),
    because: 'the layers that come nearest to 65 million parameters; Vaswani et al., 2017, table 3',
  },
  {
    id: 'decoder-blocks',
    line: 210,
    claim: 'a decoder block has two attentions, an encoder block one: 18 in six of each',
    said: number('18'),
    value: ratio(
      ask('parameterCount', { architecture: transformer }, 'groups.attention'),
      oneAttention,
    ),
  },
  {
    id: 'memory-is-read',
    line: 155,
    claim: 'a decoder takes from the encoder too: another source gives another output',
    said: word('different'),
    value: same(decoded([1, 2]), decoded([5, -1])),
  },
  {
    id: 'shift-right',
    line: 223,
    claim: 'the decoder’s input is shifted right behind a start token',
    said: number('1', '11', '12'),
    value: ask('shiftRight', { ids: batch([11, 12, 13]), start: 1 }, 'ids'),
    because: 'tokens 11, 12, 13, start token 1',
  },
  {
    id: 'tokens-before',
    line: 231,
    claim: 'a token knows those before it and none after: the third of four sees three with itself',
    said: number('1', '1', '1', '0'),
    value: at(ask('causalMask', { queryLength: 4, keyLength: 4 }, 'mask'), 8, 9, 10, 11),
  },
  {
    id: 'mean-and-deviation',
    line: 232,
    claim: 'layer normalization divides by the standard deviation: the result has variance 1',
    said: number('1.00'),
    value: [
      { when: 'numbers from 1 to 4', value: meanSquare(normalized(1, 2, 3, 4)) },
      {
        when: 'numbers from 0.001 to 0.004, where ε = 10⁻⁵ is felt',
        value: meanSquare(normalized(0.001, 0.002, 0.003, 0.004)),
      },
    ],
    because: 'Ba et al., Layer Normalization, 2016; ε inside the root as implementations have it',
  },
  {
    id: 'sum-is-normalized',
    line: 232,
    claim: 'the sum of input and attention is what is normalized',
    said: word('same'),
    value: same(
      ask(
        'addAndNorm',
        {
          input: vector(1, 2, 3, 4),
          sublayer: vector(4, 0, -2, 1),
          gain: vector(1, 1, 1, 1),
          bias: vector(0, 0, 0, 0),
          epsilon: 0.00001,
        },
        'output',
      ),
      normalized(5, 2, 1, 5),
    ),
  },
  {
    id: 'cross-attention-scores',
    line: 233,
    claim: 'each of three Hindi tokens gets a score with each of three English ones',
    said: number('3', '3'),
    value: shapeOf('attentionWeights', { query: [3, 64], key: [3, 64] }, 'weights'),
  },
  {
    id: 'query-from-decoder',
    line: 233,
    claim: 'queries come from the decoder, keys and values from the encoder: 4 and 3 tokens give 4',
    said: number('1', '4', '512'),
    value: shapeOf('multiHeadAttention', {
      input: [1, 4, 512],
      memory: [1, 3, 512],
      queryWeight: [512, 512],
      keyWeight: [512, 512],
      valueWeight: [512, 512],
      outputWeight: [512, 512],
    }),
  },
  {
    id: 'large-numbers',
    line: 235,
    claim: 'layer normalization makes large numbers small: of four numbers none is beyond 2',
    said: { from: '-2', to: '2' },
    value: normalized(1e6, 0, 0, 0),
    because: 'no more than √(d − 1)',
  },
  {
    id: 'decoder-feed-forward',
    line: 240,
    claim: '512 numbers become 2048 and 512 again',
    said: number('512'),
    value: shapeOf('feedForward', {
      input: [512],
      weight1: [512, 2048],
      bias1: [2048],
      weight2: [2048, 512],
      bias2: [512],
    }),
  },
]);
