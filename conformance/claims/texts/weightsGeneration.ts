import { claimsOf, number, word } from '../claim.ts';
import { ask, at, order, sum } from '../expression.ts';
import { logitsOf, vector } from '../inputs.ts';

const text = 'weights-and-vector-stores';
const five = [0.4, 0.25, 0.15, 0.1, 0.05];
const alone = logitsOf(...five);

/** With what is left of the probability as one token more. */
const complete = logitsOf(...five, 0.05);
const firstFive = [0, 1, 2, 3, 4];
const softened = (temperature: number) =>
  [
    {
      when: 'among the five',
      value: ask('temperature', { logits: alone, temperature }, 'probabilities'),
    },
    {
      when: 'with the remaining 0.05 as one token more',
      value: at(
        ask('temperature', { logits: complete, temperature }, 'probabilities'),
        ...firstFive,
      ),
    },
  ] as const;
const nucleus = (p: number, boundary: 'include' | 'exclude', path: 'kept' | 'probabilities') =>
  ask('topP', { logits: complete, p, boundary }, path);
const crosses = 'the token that crosses p is kept';
const keptBy = (p: number) =>
  [
    {
      when: crosses,
      value: sum(nucleus(p, 'include', 'kept')),
    },
    { when: 'it is not kept', value: sum(nucleus(p, 'exclude', 'kept')) },
  ] as const;
const creative = (by: 'temperatureFirst' | 'temperatureLast') =>
  order(
    ask(
      'samplingDistribution',
      { logits: complete, temperature: 1.2, topP: 0.9, order: by },
      'probabilities',
    ),
    ask('softmax', { logits: complete }, 'probabilities'),
  );
const scores = vector(0.95, 0.78, 0.65, 0.45, 0.23);
const above = (threshold: number) => ask('similarityThreshold', { scores, threshold }, 'count');

export const weightsGeneration = claimsOf(text, [
  {
    id: 'greedy',
    line: 943,
    claim: 'taking the highest probability gives animal',
    said: number('0'),
    value: ask('greedyToken', { logits: complete }, 'token'),
    because: 'the place of animal among the tokens, from 0 on',
  },
  {
    id: 'random',
    line: 944,
    claim: 'drawing at random may give purple',
    said: number('4'),
    value: ask('sampleToken', { probabilities: vector(...five, 0.05), u: 0.93 }, 'token'),
    because: 'the fifth token is drawn where u is from 0.90 to 0.95',
  },
  {
    id: 'temperature-low',
    line: 957,
    claim: 'at temperature 0.1 the five have 0.85, 0.12, 0.02, 0.01 and 0.00',
    said: number('0.85', '0.12', '0.02', '0.01', '0.00'),
    value: softened(0.1),
    because: 'each probability to the tenth power, divided by their sum',
  },
  {
    id: 'temperature-one',
    line: 961,
    claim: 'temperature 1 changes nothing',
    said: number('0.40', '0.25', '0.15', '0.10', '0.05'),
    value: softened(1),
    because: 'the five sum to 0.95',
  },
  {
    id: 'temperature-high',
    line: 965,
    claim: 'at temperature 2 the five have 0.28, 0.23, 0.19, 0.16 and 0.14',
    said: number('0.28', '0.23', '0.19', '0.16', '0.14'),
    value: softened(2),
    because: 'the root of each probability, divided by their sum',
  },
  {
    id: 'temperature-flattens',
    line: 966,
    claim: 'a higher temperature lowers the greatest probability',
    said: word('less'),
    value: order(
      ask('temperature', { logits: complete, temperature: 2 }, 'probabilities'),
      ask('temperature', { logits: complete, temperature: 1 }, 'probabilities'),
    ),
  },
  {
    id: 'top-3',
    line: 980,
    claim: 'the three likeliest, renormalized, have 0.5, 0.31 and 0.19',
    said: number('0.5', '0.31', '0.19'),
    value: at(ask('topK', { logits: complete, k: 3 }, 'probabilities'), 0, 1, 2),
  },
  {
    id: 'top-1',
    line: 984,
    claim: 'with k = 1 animal has probability 1',
    said: number('1.0', '0', '0', '0', '0'),
    value: at(ask('topK', { logits: complete, k: 1 }, 'probabilities'), ...firstFive),
  },
  {
    id: 'top-p-sum',
    line: 996,
    claim: 'the first three add up to 0.8',
    said: number('0.8'),
    value: ask('dotProduct', { a: vector(0.4, 0.25, 0.15), b: vector(1, 1, 1) }, 'similarity'),
  },
  {
    id: 'top-p-8',
    line: 997,
    claim: 'top-p of 0.8 keeps three tokens',
    said: number('3'),
    value: keptBy(0.8),
    because: 'on paper the sum meets p; as a double p is a little more than in decimal',
  },
  {
    id: 'top-p-8-probabilities',
    line: 998,
    claim: 'they are renormalized to 0.5, 0.31 and 0.19',
    said: number('0.5', '0.31', '0.19'),
    value: [
      { when: crosses, value: at(nucleus(0.8, 'include', 'probabilities'), 0, 1, 2) },
      { when: 'it is not kept', value: at(nucleus(0.8, 'exclude', 'probabilities'), 0, 1, 2) },
    ],
  },
  {
    id: 'top-p-9',
    line: 1002,
    claim: 'top-p of 0.9 keeps four tokens',
    said: number('4'),
    value: keptBy(0.9),
    because: 'on paper the sum meets p; as a double p is a little more than in decimal',
  },
  {
    id: 'top-p-adapts',
    line: 1003,
    claim: 'the number of tokens that are kept adapts to the distribution',
    said: word('more'),
    value: order(
      sum(ask('topP', { logits: logitsOf(0.25, 0.25, 0.25, 0.25), p: 0.7 }, 'kept')),
      sum(ask('topP', { logits: logitsOf(0.9, 0.05, 0.03, 0.02), p: 0.7 }, 'kept')),
    ),
  },
  {
    id: 'creative-writing',
    line: 1010,
    claim: 'temperature 1.2 with top-p 0.9 is more diverse: animal becomes less likely than 0.4',
    said: word('less'),
    value: [
      { when: 'temperature first', value: creative('temperatureFirst') },
      { when: 'temperature last', value: creative('temperatureLast') },
    ],
  },
  {
    id: 'threshold-high',
    line: 1035,
    claim: 'a threshold of 0.8 returns one document',
    said: number('1'),
    value: above(0.8),
  },
  {
    id: 'threshold-medium',
    line: 1040,
    claim: 'a threshold of 0.6 returns three documents',
    said: number('3'),
    value: above(0.6),
  },
  {
    id: 'threshold-low',
    line: 1045,
    claim: 'a threshold of 0.4 returns four documents',
    said: number('4'),
    value: above(0.4),
  },
  {
    id: 'cumulative-cutoff',
    line: 1069,
    claim: 'a cumulative cutoff is a threshold: 0.8 returns one document, as in line 1035',
    said: number('1'),
    value: ask('cumulativeCutoff', { scores, mass: 0.8 }, 'count'),
    because: 'a cumulative cutoff, like top-p, adds scores up: here to 0.8 of their sum',
  },
  {
    id: 'gap',
    line: 1074,
    claim: 'between the first two scores there is a gap of 0.17',
    said: number('0.17'),
    value: ask('euclideanDistance', { a: vector(0.95), b: vector(0.78) }, 'distance'),
  },
  {
    id: 'gap-cutoff',
    line: 1075,
    claim: 'a greatest gap of 0.15 returns the first document alone',
    said: number('1'),
    value: ask('gapCutoff', { scores, gap: 0.15 }, 'count'),
  },
]);
