import { claimsOf, number, word } from '../claim.ts';
import { ask, plus, range, same, solved, sum } from '../expression.ts';
import { batch, logitsOf, matrix, published, vector } from '../inputs.ts';

const text = 'vectors-in-language-models';
const tokenTable = matrix([1, 2, 3, 4], [5, 6, 7, 8], [2, 4, 8, 16]);
const positionTable = matrix([1, 0, -1, 0], [0, 1, 0, -1]);
const together = (scale: number) =>
  ask('inputEmbedding', { tokenTable, positionTable, ids: batch([2, 0]), scale }, 'output');
const added = plus(
  ask('tokenEmbedding', { table: tokenTable, ids: batch([2, 0]) }, 'output'),
  ask('learnedPositions', { table: positionTable, length: 2 }, 'positions'),
);
const attended = (scale?: number) =>
  ask(
    'scaledDotProductAttention',
    {
      query: matrix([1, 2, 3, 4]),
      key: matrix([1, 0, 2, 0], [0, 1, 0, 1]),
      value: matrix([1, 3], [2, 5]),
      ...(scale === undefined ? {} : { scale }),
    },
    'output',
  );
const logits = logitsOf(0.5, 0.3, 0.2);
const drawn = (u: number) =>
  ask('sampleToken', { probabilities: vector(0.5, 0.3, 0.2), u }, 'token');
const updated = (...gradient: readonly number[]) =>
  ask(
    'sgdStep',
    { parameter: vector(1, 2), gradient: vector(...gradient), learningRate: 0.5 },
    'parameter',
  );

export const vectorsInLanguageModels = claimsOf(text, [
  {
    id: 'lion-width',
    line: 14,
    claim: 'a token has 768 numbers, for one',
    said: number('768'),
    value: solved(
      range(12, 1536, 12),
      (width) =>
        ask(
          'parameterCount',
          { architecture: { ...published.gpt2, width, feedForwardWidth: 4 * width } },
          'total',
        ),
      124439808,
    ),
    because:
      'the width that gives GPT-2 small’s 124,439,808 parameters; Radford et al., 2019, table 2',
  },
  {
    id: 'input-sum',
    line: 25,
    claim: 'the input is the token’s embedding plus that of its position',
    said: word('same'),
    value: [
      { when: 'GPT', value: same(together(1), added) },
      {
        when: 'the original Transformer, which first multiplies by √d',
        value: same(together(2), added),
      },
    ],
    because: 'Vaswani et al., 2017, §3.4; BERT adds a third embedding, of the segment',
  },
  {
    id: 'attention-formula',
    line: 36,
    claim: 'attention is softmax(Q Kᵀ / √d) V: with keys of four numbers, divided by 2',
    said: word('same'),
    value: same(attended(), attended(0.5)),
  },
  {
    id: 'attention-unscaled',
    line: 36,
    claim: 'the division by √d changes the outcome',
    said: word('different'),
    value: same(attended(), attended(1)),
  },
  {
    id: 'softmax-is-distribution',
    line: 52,
    claim: 'softmax gives a probability distribution: it sums to 1',
    said: number('1.000000000000'),
    value: sum(ask('softmax', { logits: vector(3, -1, 0, 12) }, 'probabilities')),
  },
  {
    id: 'softmax-selects',
    line: 55,
    claim: 'that is how the next token is selected: the likeliest one',
    said: number('0'),
    value: [
      { when: 'greedy', value: ask('greedyToken', { logits }, 'token') },
      { when: 'sampled, with a random number of 0.9', value: drawn(0.9) },
    ],
    because: 'a distribution selects nothing by itself',
  },
  {
    id: 'gradients-update',
    line: 85,
    claim: 'gradients change weights, each against its sign',
    said: number('0.5', '3.0'),
    value: updated(1, -2),
    because: 'weights (1, 2), gradient (1, −2), learning rate 0.5',
  },
]);
