import { sequences } from '../../../spec/embedding/tokens.ts';
import { smallGpt } from '../../../spec/models/gptExamples.ts';
import { claimsOf, number, word } from '../claim.ts';
import { all, ask, at, plus, range, same, solved, sum, chained, zeros } from '../expression.ts';
import { attending, batch, integers, matrix, published, sequence, vector } from '../inputs.ts';

const text = 'what-is-a-transformer';
const identity = matrix([1, 0], [0, 1]);
const table = matrix([1, 2], [3, 5], [8, 13]);
const firstOf = (...ids: readonly number[]) =>
  at(ask('gpt', { ...smallGpt, ids: sequences([ids]) }, 'logits'), ...range(0, 13));
const seen = (alignment: 'bottomRight' | 'topLeft') =>
  sum(ask('causalMask', { queryLength: 1, keyLength: 4, alignment }, 'mask'));

/** Attention of one head, over one of two columns. */
const headOf = (...column: readonly number[]) => {
  const rows = matrix(...column.map((x) => [x]));
  return ask('scaledDotProductAttention', { query: rows, key: rows, value: rows }, 'output');
};
const fed = (...rows: readonly (readonly number[])[]) =>
  ask(
    'feedForward',
    {
      input: matrix(...rows),
      weight1: matrix([1, 2, -1], [0, 1, 3]),
      bias1: vector(1, 0, -1),
      weight2: matrix([1, 0], [2, 1], [0, 1]),
      bias2: vector(0, 0),
      activation: 'relu',
    },
    'output',
  );
const weight1 = matrix([1, 2], [3, 4]);
const weight2 = matrix([0, 1], [1, 1]);
const linear = (input: typeof weight1, weight: typeof weight1) =>
  ask('linear', { input, weight }, 'output');
const asRows = (numbers: readonly number[]) => matrix(numbers.slice(0, 2), numbers.slice(2, 4));

const embeddedBy = (scale: number) =>
  ask(
    'inputEmbedding',
    {
      tokenTable: matrix([1, 2, 3, 4], [8, 13, 9, 16]),
      positionTable: matrix([1, 1, -1, 0], [1, -2, 0, 2]),
      ids: batch([1, 0]),
      scale,
    },
    'output',
  );

export const transformerBlocks = claimsOf(text, [
  {
    id: 'whole-sequence',
    line: 8,
    claim:
      'a sequence is processed at once: with another token after them, two have the same logits',
    said: word('same'),
    value: same(firstOf(3, 1), firstOf(3, 1, 6)),
    because: 'in a model of two layers that is made like GPT',
  },
  {
    id: 'static-embedding',
    line: 37,
    claim: 'a token has the same embedding wherever it stands',
    said: number('8', '13', '1', '2', '8', '13'),
    value: ask('tokenEmbedding', { table, ids: integers(2, 0, 2) }, 'output'),
  },
  {
    id: 'word-order',
    line: 43,
    claim: 'without positions a transformer does not know the order of words',
    said: word('same'),
    value: [
      { when: 'each token sees all, as in BERT', value: same(...attending(false)) },
      { when: 'each sees those before it, as in GPT', value: same(...attending(true)) },
    ],
    because: 'a causal mask is an order',
  },
  {
    id: 'final-embedding',
    line: 46,
    claim: 'the final embedding is the sum of those of token and position',
    said: number('9', '14', '8', '16', '2', '0', '3', '6'),
    value: [
      { when: 'GPT', value: embeddedBy(1) },
      {
        when: 'the original Transformer, which multiplies by √d = 2 first',
        value: embeddedBy(2),
      },
    ],
    because: 'Vaswani et al., 2017, §3.4',
  },
  {
    id: 'gpt2-layers',
    line: 55,
    claim: 'GPT-2 small has 12 blocks',
    said: number('12'),
    value: solved(
      range(1, 48),
      (layers) => ask('parameterCount', { architecture: { ...published.gpt2, layers } }, 'total'),
      124439808,
    ),
    because: 'the layers that give its 124,439,808 parameters; Radford et al., 2019, table 2',
  },
  {
    id: 'future-masked',
    line: 76,
    claim: 'future tokens are masked: of nine weights of three tokens three are 0',
    said: number('3'),
    value: zeros(
      ask(
        'attentionWeights',
        { query: matrix([1], [2], [3]), key: matrix([1], [2], [3]), causal: true },
        'weights',
      ),
    ),
  },
  {
    id: 'newest-token',
    line: 76,
    claim: 'the newest of four tokens, asked alone, sees all four',
    said: number('4'),
    value: [
      { when: 'the mask is aligned bottom right', value: seen('bottomRight') },
      { when: 'the mask is aligned top left', value: seen('topLeft') },
    ],
    because: 'both alignments are in use where there are fewer queries than keys',
  },
  {
    id: 'gpt2-heads',
    line: 84,
    claim: 'GPT-2 has 12 heads',
    said: number('12'),
    value: solved(
      range(1, 64),
      (kvHeads) =>
        ask(
          'kvCacheMemory',
          { layers: 1, kvHeads, headWidth: 64, tokens: 1, batch: 1, bits: 8 },
          'bytes',
        ),
      2 * 768,
    ),
    because: 'heads of 64 numbers, as published with its code, that make 768; the small one',
  },
  {
    id: 'heads-concatenated',
    line: 89,
    claim: 'the outputs of all heads are put side by side, none is discarded',
    said: word('same'),
    value: same(
      ask(
        'multiHeadAttention',
        {
          input: sequence([1, 0], [0, 2], [3, -1]),
          queryWeight: identity,
          keyWeight: identity,
          valueWeight: identity,
          outputWeight: identity,
          heads: 2,
        },
        'output',
      ),
      at(all(headOf(1, 0, 3), headOf(0, 2, -1)), 0, 3, 1, 4, 2, 5),
    ),
  },
  {
    id: 'tokens-independent',
    line: 93,
    claim: 'a feed-forward looks at each token by itself',
    said: word('same'),
    value: same(at(fed([1, 2], [3, -1]), 0, 1), at(fed([1, 2], [-5, 8]), 0, 1)),
  },
  {
    id: 'non-linearity',
    line: 96,
    claim: 'a feed-forward is not linear: f(x + y) is not f(x) + f(y) − f(0)',
    said: word('different'),
    value: same(plus(fed([4, 1]), fed([0, 0])), plus(fed([1, 2]), fed([3, -1]))),
  },
  {
    id: 'stacked-linear',
    line: 103,
    claim: 'two linear layers are one',
    said: word('same'),
    value: same(
      chained(linear(asRows([1, -1, 2, 5]), weight1), (hidden) => linear(asRows(hidden), weight2)),
      chained(linear(weight1, weight2), (both) => linear(asRows([1, -1, 2, 5]), asRows(both))),
    ),
  },
]);
