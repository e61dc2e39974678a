import { claimsOf, number, word } from '../claim.ts';
import { all, ask, order, same, sum, chained, zeros, type Expression } from '../expression.ts';
import { attending, dropped, integers, matrix, vector } from '../inputs.ts';

const text = 'transformer-attention-embeddings';
const words = ['[UNK]', 'I', 'love'];
const tokens = (...more: readonly string[]) =>
  ask('wordPieceEncode', { text: 'I love NLP', vocabulary: [...words, ...more] }, 'tokens');
const embedded = (rows: readonly (readonly number[])[], ...ids: readonly number[]) =>
  ask('tokenEmbedding', { table: matrix(...rows), ids: integers(...ids) }, 'output');

const three = { query: matrix([1, 0], [0, 2], [1, 1]), key: matrix([2, 1], [0, 1], [1, -1]) };
const weights = (causal: boolean) => ask('attentionWeights', { ...three, causal }, 'weights');
const nextState = (...state: readonly number[]) =>
  ask(
    'rnnCell',
    {
      input: matrix([1]),
      state: matrix(state),
      weights: {
        inputWeight: matrix([1, -1]),
        stateWeight: matrix([1, 0], [0.5, 1]),
        bias: vector(0, 0),
      },
    },
    'state',
  );
const gradient = (field: 'queryGradient' | 'keyGradient' | 'valueGradient') =>
  ask(
    'attentionGradient',
    {
      ...three,
      value: matrix([1, 2], [3, 5], [-1, 1]),
      outputGradient: matrix([1, 3], [-2, 1], [2, 5]),
    },
    field,
  );

const targets = integers(0);
const loss = (...logits: readonly number[]) =>
  ask('crossEntropy', { logits: matrix(logits), targets }, 'loss');

/** The loss after the logits have gone a step against their gradient. */
const lossAfterStep: Expression = chained(
  ask(
    'crossEntropyGradient',
    {
      logits: matrix([1, 2, 3]),
      targets,
      outputGradient: { dtype: 'float64', shape: [], data: [1] },
    },
    'logitsGradient',
  ),
  (step) =>
    chained(
      ask(
        'sgdStep',
        { parameter: vector(1, 2, 3), gradient: vector(...step), learningRate: 0.5 },
        'parameter',
      ),
      (logits) => loss(...logits),
    ),
);

export const attentionEmbeddings = claimsOf(text, [
  {
    id: 'nlp-tokens',
    line: 8,
    claim: 'I love NLP has the tokens I, love and NLP',
    said: word('I', 'love', 'NLP'),
    value: [
      { when: 'NLP is in the vocabulary', value: tokens('NLP') },
      { when: 'only pieces of it are', value: tokens('N', '##L', '##P') },
    ],
  },
  {
    id: 'ids-are-indices',
    line: 13,
    claim: 'ids are indices: numbered anew, table and all, they mean the same',
    said: word('same'),
    value: same(
      embedded(
        [
          [1, 2],
          [3, 5],
          [8, 13],
        ],
        2,
        0,
      ),
      embedded(
        [
          [8, 13],
          [1, 2],
          [3, 5],
        ],
        0,
        1,
      ),
    ),
  },
  {
    id: 'relationships-alone',
    line: 21,
    claim: 'single dimensions mean nothing: exchanged and negated, similarities stay as they are',
    said: word('same'),
    value: same(
      ask('cosineSimilarity', { a: vector(1, 2, 3), b: vector(4, -1, 2) }, 'similarity'),
      ask('cosineSimilarity', { a: vector(-3, 1, 2), b: vector(-2, 4, -1) }, 'similarity'),
    ),
  },
  {
    id: 'no-order',
    line: 27,
    claim: 'without positions attention knows no order: exchanged tokens have exchanged outputs',
    said: word('same'),
    value: [
      { when: 'each token sees all, as in BERT', value: same(...attending(false)) },
      { when: 'each sees those before it, as in GPT', value: same(...attending(true)) },
    ],
    because: 'a causal mask is an order',
  },
  {
    id: 'attends-to-all',
    line: 31,
    claim: 'each token attends to every other: no weight is 0',
    said: number('0'),
    value: [
      { when: 'without a mask', value: zeros(weights(false)) },
      { when: 'causal, as in GPT', value: zeros(weights(true)) },
    ],
  },
  {
    id: 'weighted-averaging',
    line: 98,
    claim: 'attention is an average: the weights of three tokens sum to 3',
    said: number('3.000000'),
    value: sum(weights(false)),
  },
  {
    id: 'rnn-sequential',
    line: 39,
    claim: 'a step of a recurrent network needs the state before it',
    said: word('different'),
    value: same(nextState(0, 0), nextState(1, 0)),
  },
  {
    id: 'same-forward-pass',
    line: 46,
    claim: 'the forward pass is the same in training and inference',
    said: word('same'),
    value: [
      { when: 'without dropout', value: same(dropped(0, true), dropped(0, false)) },
      { when: 'with dropout', value: same(dropped(0.25, true), dropped(0.25, false)) },
    ],
  },
  {
    id: 'gradients-reduce-loss',
    line: 57,
    claim: 'a step against the gradient makes the loss less',
    said: word('less'),
    value: order(lossAfterStep, loss(1, 2, 3)),
  },
  {
    id: 'gradients-everywhere',
    line: 65,
    claim: 'gradients flow to queries, keys and values: none is all zeros',
    said: number('0', '0', '0'),
    value: all(
      zeros(gradient('queryGradient')),
      zeros(gradient('keyGradient')),
      zeros(gradient('valueGradient')),
    ),
  },
]);
