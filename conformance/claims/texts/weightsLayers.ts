import type { RawInput } from '../../../spec/index.ts';
import { claimsOf, number, word } from '../claim.ts';
import {
  all,
  ask,
  at,
  minus,
  orRejected,
  plus,
  range,
  same,
  solved,
  whole,
  zeros,
} from '../expression.ts';
import { integers, matrix, published, shapeOf, vector } from '../inputs.ts';

const text = 'weights-and-vector-stores';
const patterns = vector(0.9, -0.3, 0.7, -0.1, 0.8, 0.4);
const identity = matrix([1, 0], [0, 1]);
const mixed = matrix([1, -2], [-3, 1]);
const corners = matrix([0, 0], [0, 1], [1, 0], [1, 1]);

/** x ↦ W₂ · activation(W₁ · x), with weights that change nothing: what is left is the activation. */
const activated = (activation: 'relu' | 'gelu') =>
  ask(
    'feedForward',
    {
      input: mixed,
      weight1: identity,
      bias1: vector(0, 0),
      weight2: identity,
      bias2: vector(0, 0),
      activation,
    },
    'output',
  );
const feedForwardWidthOf = (
  architecture: RawInput<'parameterCount'>['architecture'],
  published: number,
) =>
  solved(
    range(256, 4096, 256),
    (feedForwardWidth) =>
      ask('parameterCount', { architecture: { ...architecture, feedForwardWidth } }, 'total'),
    published,
  );
const linear = (...input: readonly number[]) =>
  ask('linear', { input: vector(...input), weight: matrix([3], [5]), bias: vector(-2) }, 'output');
const logits = vector(Math.log(0.4), Math.log(0.25), Math.log(0.15), Math.log(0.1));
const sampled = (u: number) =>
  ask('sampleToken', { probabilities: vector(0.5, 0.25, 0.25), u }, 'token');

export const weightsLayers = claimsOf(text, [
  {
    id: 'activation',
    line: 196,
    claim: 'between its two matrices a feed-forward has ReLU, max(0, x)',
    said: word('same'),
    value: [
      {
        when: 'the original Transformer',
        value: same(activated('relu'), ask('relu', { input: mixed }, 'output')),
      },
      {
        when: 'GPT and BERT, which have GELU',
        value: same(activated('gelu'), ask('relu', { input: mixed }, 'output')),
      },
    ],
    because:
      'Vaswani et al., 2017, §3.3 (ReLU); Devlin et al., BERT, 2018, appendix A.2, and GPT’s code (GELU)',
  },
  {
    id: 'feed-forward-product',
    line: 205,
    claim: 'a matrix of 2048 × 768 times a vector of three numbers has 2048 numbers',
    said: number('2048'),
    value: orRejected(shapeOf('linear', { input: [3], weight: [768, 2048] })),
    because: 'lengths that disagree: three numbers stand for 768',
  },
  {
    id: 'feed-forward-width',
    line: 207,
    claim: 'a feed-forward widens 768 numbers to 2048',
    said: number('2048'),
    value: [
      {
        when: 'BERT-base, of 109,482,240 parameters',
        value: feedForwardWidthOf(published.bert, 109482240),
      },
      {
        when: 'GPT-2 small, of 124,439,808',
        value: feedForwardWidthOf(published.gpt2, 124439808),
      },
    ],
    because:
      'both widen 768 four times; 2048 is of the original Transformer, which is 512 wide (Vaswani et al., 2017, table 3)',
  },
  {
    id: 'relu-row',
    line: 234,
    claim: 'ReLU makes [0.9, 0, 0.7, 0, 0.8, 0.4] of the six numbers that are shown',
    said: number('0.9', '0.0', '0.7', '0.0', '0.8', '0.4'),
    value: ask('relu', { input: patterns }, 'output'),
  },
  {
    id: 'feed-forward-shape',
    line: 249,
    claim: 'the second matrix brings 2048 numbers back to 768',
    said: number('768'),
    value: shapeOf('feedForward', {
      input: [768],
      weight1: [768, 2048],
      bias1: [2048],
      weight2: [2048, 768],
      bias2: [768],
    }),
  },
  {
    id: 'linear-is-no-and',
    line: 279,
    claim: 'no linear layer is an AND of two features',
    said: number('0'),
    value: minus(plus(linear(1, 1), linear(0, 0)), plus(linear(0, 1), linear(1, 0))),
    because: 'f(1,1) + f(0,0) − f(0,1) − f(1,0) is 0 for every linear f, and 1 for AND',
  },
  {
    id: 'feed-forward-is-and',
    line: 275,
    claim: 'a feed-forward can be an AND of two features',
    said: number('0', '0', '0', '1'),
    value: at(
      ask(
        'feedForward',
        {
          input: corners,
          weight1: matrix([1], [1]),
          bias1: vector(-1),
          weight2: matrix([1, 0]),
          bias2: vector(0, 0),
          activation: 'relu',
        },
        'output',
      ),
      0,
      2,
      4,
      6,
    ),
    because: 'max(0, x + y − 1) at the four corners, the first of two outputs',
  },
  {
    id: 'relu-zeros',
    line: 286,
    claim: 'many numbers after ReLU are 0: of the six that are shown, two',
    said: number('2'),
    value: zeros(ask('relu', { input: patterns }, 'output')),
  },
  {
    id: 'same-output',
    line: 317,
    claim: 'the same input always gives the same output',
    said: word('same'),
    value: [
      {
        when: 'the likeliest token is taken',
        value: same(
          ask('greedyToken', { logits }, 'token'),
          ask('greedyToken', { logits }, 'token'),
        ),
      },
      { when: 'the token is drawn', value: same(sampled(0.25), sampled(0.75)) },
    ],
  },
  {
    id: 'same-embedding',
    line: 311,
    claim: 'an id always gives the same row of the table',
    said: word('same'),
    value: same(
      ask('tokenEmbedding', { table: corners, ids: integers(2, 2) }, 'output'),
      all(whole(1, 0), whole(1, 0)),
    ),
  },
]);
