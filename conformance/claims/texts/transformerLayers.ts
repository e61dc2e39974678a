import { sequences } from '../../../spec/embedding/tokens.ts';
import { smallBert } from '../../../spec/models/bertExamples.ts';
import { smallGpt } from '../../../spec/models/gptExamples.ts';
import { claimsOf, number, word } from '../claim.ts';
import { all, ask, at, range, same, sum } from '../expression.ts';
import { batch, integers, matrix, sequence, vector } from '../inputs.ts';

const text = 'what-is-a-transformer';
const table = matrix([1, 2], [3, 5], [8, 13]);
const firstOf = (...ids: readonly number[]) =>
  at(ask('gpt', { ...smallGpt, ids: sequences([ids]) }, 'logits'), ...range(0, 13));
const hiddenOf = (...ids: readonly number[]) =>
  at(ask('bert', { ...smallBert, ids: sequences([ids]) }, 'hidden'), ...range(0, 3));

/** A layer whose attention and feed-forward give zeros. */
const silentLayer = (norm: 'post' | 'pre') => {
  const zero = matrix([0, 0], [0, 0]);
  const plain = { gain: vector(1, 1), bias: vector(0, 0) };
  return ask(
    'encoderLayer',
    {
      input: sequence([1, 5], [2, -3]),
      weights: {
        attention: { queryWeight: zero, keyWeight: zero, valueWeight: zero, outputWeight: zero },
        attentionNorm: plain,
        feedForward: {
          weight1: matrix([0], [0]),
          bias1: vector(0),
          weight2: matrix([0, 0]),
          bias2: vector(0, 0),
        },
        feedForwardNorm: plain,
      },
      heads: 1,
      norm,
    },
    'output',
  );
};
const inputRows = ask(
  'tokenEmbedding',
  { table: matrix([1, 5], [2, -3]), ids: batch([0, 1]) },
  'output',
);
const scaled = { query: matrix([1, 2, 3, 4]), key: matrix([1, 0, 2, 0], [0, 1, 0, 1]) };

export const transformerLayers = claimsOf(text, [
  {
    id: 'input-unchanged',
    line: 164,
    claim: 'the input flows on unchanged: where sublayers add nothing, it comes out',
    said: word('same'),
    value: [
      {
        when: 'norms before the sublayers, as in GPT-2',
        value: same(silentLayer('pre'), inputRows),
      },
      {
        when: 'norms after, as in the original and BERT',
        value: same(silentLayer('post'), inputRows),
      },
    ],
  },
  {
    id: 'add-and-normalize',
    line: 151,
    claim: 'every layer ends on a normalization: each row sums to 0',
    said: number('0.00'),
    value: [
      {
        when: 'norms after the sublayers, as in the original and BERT',
        value: sum(silentLayer('post')),
      },
      { when: 'norms before, as in GPT-2', value: sum(silentLayer('pre')) },
    ],
  },
  {
    id: 'gpt-is-decoder',
    line: 122,
    claim: 'GPT is a decoder: what follows changes nothing before it',
    said: word('same'),
    value: same(firstOf(3, 1, 6), firstOf(3, 1, 2)),
  },
  {
    id: 'bert-is-encoder',
    line: 123,
    claim: 'BERT is an encoder: what follows changes what is before it',
    said: word('different'),
    value: same(hiddenOf(3, 1, 6), hiddenOf(3, 1, 2)),
  },
  {
    id: 'contextual-meaning',
    line: 130,
    claim: 'a word means something else in another context after attention, not before',
    said: word('same', 'different'),
    value: all(
      same(
        at(ask('tokenEmbedding', { table, ids: integers(2, 0) }, 'output'), 0, 1),
        at(ask('tokenEmbedding', { table, ids: integers(2, 1) }, 'output'), 0, 1),
      ),
      same(hiddenOf(3, 1, 6), hiddenOf(3, 2, 6)),
    ),
  },
  {
    id: 'square-root',
    line: 156,
    claim: 'scores are divided by the root of the width of queries and keys: 2 for four numbers',
    said: word('same'),
    value: same(
      ask('attentionWeights', scaled, 'weights'),
      ask('attentionWeights', { ...scaled, scale: 0.5 }, 'weights'),
    ),
  },
]);
