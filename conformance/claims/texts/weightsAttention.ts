import { claimsOf, number } from '../claim.ts';
import { all, ask, range, solved, sum, chained } from '../expression.ts';
import { gpt3, gpt3Source, matrix, published, shapeOf, vector } from '../inputs.ts';

const text = 'weights-and-vector-stores';
const cat = [0.8, 0.2, 0.1];
const queryWeight = matrix([0.9, 0.1, 0.2], [0.2, 0.8, 0.3], [0.1, 0.3, 0.7]);
const keyWeight = matrix([0.8, 0.2, 0.1], [0.3, 0.7, 0.4], [0.2, 0.1, 0.8]);
const query = [0.77, 0.27, 0.29];
const scores = [0.247, 0.399, 0.753, 0.488];
const keys = matrix([0.1, 0.2, 0.4], [0.2, 0.8, 0.1], [0.8, 0.4, 0.1], [0.3, 0.2, 0.7]);
const hidden = matrix([0.1, 0.9, 0.2], [0.6, 0.1, 0.8], [0.8, 0.2, 0.1], [0.3, 0.7, 0.4]);

const score = (...key: readonly number[]) =>
  ask('dotProduct', { a: vector(...query), b: vector(...key) }, 'similarity');
const keyOfAnimal = ask('linear', { input: vector(0.7, 0.3, 0.2), weight: keyWeight }, 'output');
const softmaxOf = (...logits: readonly number[]) =>
  ask('softmax', { logits: vector(...logits) }, 'probabilities');
const near = (metric: 'cosine' | 'dot' | 'euclidean') =>
  ask(
    'nearestNeighbors',
    { vectors: matrix([0.1, 0.8, 0.3], [0.7, 0.3, 0.2]), queries: matrix(cat), k: 2, metric },
    'ids',
  );
const total = (architecture: Parameters<typeof ask<'parameterCount'>>[1]['architecture']) =>
  ask('parameterCount', { architecture }, 'total');

const widthOfGpt4 = (layers: number) =>
  solved(
    range(128, 16384, 128),
    (width) => total({ ...gpt3, layers, heads: 64, width, feedForwardWidth: 4 * width }),
    100e9,
  );

/** Attention of the cat, from the vectors and matrices that are printed. */
const attentionOfCat = (scale: number) =>
  chained(ask('linear', { input: matrix(cat), weight: queryWeight }, 'output'), (asked) =>
    chained(ask('linear', { input: hidden, weight: keyWeight }, 'output'), (offered) =>
      ask(
        'attentionWeights',
        {
          query: matrix(asked),
          key: matrix(...[0, 3, 6, 9].map((from) => offered.slice(from, from + 3))),
          scale,
        },
        'weights',
      ),
    ),
  );

export const weightsAttention = claimsOf(text, [
  {
    id: 'bert-width',
    line: 49,
    claim: 'BERT-base has vectors of 768 numbers',
    said: number('768'),
    value: solved(
      range(12, 1536, 12),
      (width) => total({ ...published.bert, width, feedForwardWidth: 4 * width }),
      109482240,
    ),
    because:
      'the width, a multiple of 12 heads, that gives the 109,482,240 parameters of the published checkpoint; Devlin et al., BERT, 2018, §3',
  },
  {
    id: 'gpt3-width',
    line: 50,
    claim: 'GPT-3 has vectors of 4,096 numbers',
    said: number('4096'),
    value: solved(
      range(96, 16384, 96),
      (width) => total({ ...gpt3, width, feedForwardWidth: 4 * width }),
      175e9,
    ),
    because: `the width, a multiple of 96 heads, that comes nearest to 175 billion; ${gpt3Source}`,
  },
  {
    id: 'gpt4-width',
    line: 51,
    claim:
      'GPT-4 has vectors of 8,192 numbers or more (and, line 548, over 100 billion parameters)',
    said: { from: '8192' },
    value: [
      { when: '96 layers, 100 billion', value: widthOfGpt4(96) },
      { when: '160 layers, 100 billion', value: widthOfGpt4(160) },
    ],
    because:
      'neither width nor layers nor parameters are published; the width follows from the other two',
  },
  {
    id: 'embedding-row',
    line: 65,
    claim: 'a row of a table of 50,000 × 768 is what one id gives: 768 numbers',
    said: number('768'),
    value: shapeOf('tokenEmbedding', { table: [50000, 768], ids: [] }),
  },
  {
    id: 'cat-nearer-dog',
    line: 81,
    claim: 'dog is nearer to cat than house is',
    said: number('1', '0'),
    value: [
      { when: 'by cosine', value: near('cosine') },
      { when: 'by dot product', value: near('dot') },
      { when: 'by distance', value: near('euclidean') },
    ],
    because: 'ids of the search, the nearest first: 0 is house, 1 is dog',
  },
  {
    id: 'query-of-cat',
    line: 110,
    claim: 'the query of cat is [0.77, 0.27, 0.29]',
    said: number('0.77', '0.27', '0.29'),
    value: ask('linear', { input: vector(...cat), weight: queryWeight }, 'output'),
  },
  {
    id: 'query-by-columns',
    line: 121,
    claim: 'the columns of the weights, one by one, give 0.77, 0.27 and 0.29',
    said: number('0.77', '0.27', '0.29'),
    value: ask(
      'dotProduct',
      {
        a: matrix(cat, cat, cat),
        b: matrix([0.9, 0.2, 0.1], [0.1, 0.8, 0.3], [0.2, 0.3, 0.7]),
      },
      'similarity',
    ),
  },
  {
    id: 'key-of-animal',
    line: 145,
    claim: 'the key of animal is [0.8, 0.4, 0.1]',
    said: number('0.8', '0.4', '0.1'),
    value: keyOfAnimal,
  },
  {
    id: 'score-products',
    line: 163,
    claim: 'the three products of that query and key are 0.616, 0.108 and 0.029',
    said: number('0.616', '0.108', '0.029'),
    value: ask(
      'dotProduct',
      { a: matrix([0.77], [0.27], [0.29]), b: matrix([0.8], [0.4], [0.1]) },
      'similarity',
    ),
  },
  {
    id: 'score-of-animal',
    line: 165,
    claim: 'cat scores animal 0.753',
    said: number('0.753'),
    value: [
      { when: 'with the key that is printed', value: score(0.8, 0.4, 0.1) },
      {
        when: 'with the key that the weights give',
        value: chained(keyOfAnimal, (key) => score(...key)),
      },
    ],
  },
  {
    id: 'scores-of-others',
    line: 168,
    claim: 'cat scores the 0.247, big 0.399 and runs 0.488',
    said: number('0.247', '0.399', '0.488'),
    value: all(score(0.1, 0.2, 0.4), score(0.2, 0.8, 0.1), score(0.3, 0.2, 0.7)),
  },
  {
    id: 'softmax-row',
    line: 181,
    claim: 'softmax makes [0.20, 0.23, 0.33, 0.25] of the four scores',
    said: number('0.20', '0.23', '0.33', '0.25'),
    value: softmaxOf(...scores),
  },
  {
    id: 'softmax-total',
    line: 179,
    claim: 'what softmax gives sums to 1.0',
    said: number('1.00'),
    value: [
      { when: 'as computed', value: sum(softmaxOf(...scores)) },
      {
        when: 'as printed, each rounded to two digits',
        value: ask(
          'dotProduct',
          { a: vector(0.2, 0.23, 0.33, 0.25), b: vector(1, 1, 1, 1) },
          'similarity',
        ),
      },
    ],
  },
  {
    id: 'attention-to-animal',
    line: 184,
    claim: 'cat attends to the, big, animal and runs with 20, 23, 33 and 25 %',
    said: number('0.20', '0.23', '0.33', '0.25'),
    value: [
      { when: 'scores as they are', value: softmaxOf(...scores) },
      {
        when: 'divided by √3, as line 1153 has it',
        value: ask('attentionWeights', { query: matrix(query), key: keys }, 'weights'),
      },
    ],
  },
  {
    id: 'most-attended',
    line: 184,
    claim: 'animal gets the most attention',
    said: number('2'),
    value: ask('greedyToken', { logits: vector(...scores) }, 'token'),
    because: 'the place of animal among the four, from 0 on',
  },
  {
    id: 'attention-in-sentence',
    line: 357,
    claim: 'computed as before, cat attends to the, big, cat, runs with 0.05, 0.35, 0.40, 0.20',
    said: number('0.05', '0.35', '0.40', '0.20'),
    value: [
      { when: 'scores as they are', value: attentionOfCat(1) },
      { when: 'divided by √3', value: attentionOfCat(1 / Math.sqrt(3)) },
    ],
    because: 'from the vectors of lines 336 to 339 and the weights of lines 106 and 141',
  },
  {
    id: 'attention-in-sentence-total',
    line: 357,
    claim: 'these four weights are all the attention there is',
    said: number('1.00'),
    value: ask(
      'dotProduct',
      { a: vector(0.05, 0.35, 0.4, 0.2), b: vector(1, 1, 1, 1) },
      'similarity',
    ),
  },
]);
