import { claimsOf, number, word } from '../claim.ts';
import { all, ask, at, order, same, chained, times, type Expression } from '../expression.ts';
import { logitsOf, matrix, pets, vector } from '../inputs.ts';

const text = 'weights-and-vector-stores';
const left = vector(3, 4);
const right = vector(8, 6);
const unit = (input: typeof left) => ask('unitNormalize', { input }, 'output');

/** The cosine as the dot product of what is divided by its length: (0.6, 0.8) and (0.8, 0.6), made whole by ten times. */
const dotOfUnits: Expression = chained(times(all(unit(left), unit(right)), 10), (numbers) =>
  ask(
    'dotProduct',
    { a: vector(...numbers.slice(0, 2)), b: vector(...numbers.slice(2)) },
    'similarity',
  ),
);
const products = (tokens: number) =>
  ask(
    'operationCount',
    { component: 'attentionWeights', sizes: { Lq: tokens, Lk: tokens, D: 8 } },
    'multiplications',
  );
const shards = ask(
  'shardedSearch',
  {
    ids: [[[1, 0]], [[2]]],
    scores: [[[0.99, 0.98]], [[0.55]]],
    k: 2,
    metric: 'cosine',
  },
  'ids',
);
const scaledScores = { query: matrix([1, 2, 3, 4]), key: matrix([1, 0, 2, 0], [0, 1, 0, 1]) };

export const weightsSimilarity = claimsOf(text, [
  {
    id: 'shards',
    line: 901,
    claim: 'the best of what all servers find is what one server with everything finds',
    said: word('same'),
    value: same(
      shards,
      ask(
        'nearestNeighbors',
        { vectors: pets.documents, queries: pets.query, k: 2, metric: 'cosine' },
        'ids',
      ),
    ),
  },
  {
    id: 'fixed-cost',
    line: 1142,
    claim: 'a language model costs the same whatever it reads: 12 tokens or 24',
    said: word('same'),
    value: same(products(12), products(24)),
    because: 'attention compares every token with every other',
  },
  {
    id: 'dot-and-cosine',
    line: 1151,
    claim: 'a dot product of vectors of length 1 is their cosine',
    said: word('same'),
    value: same(
      dotOfUnits,
      times(ask('cosineSimilarity', { a: left, b: right }, 'similarity'), 100),
    ),
    because: 'of (3, 4) and (8, 6): 0.96',
  },
  {
    id: 'attention-scale',
    line: 1153,
    claim: 'attention divides by √d: by 2 where a key has four numbers',
    said: word('same'),
    value: same(
      ask('attentionWeights', scaledScores, 'weights'),
      ask('attentionWeights', { ...scaledScores, scale: 0.5 }, 'weights'),
    ),
  },
  {
    id: 'next-token',
    line: 1162,
    claim: 'runs with 0.3 comes before sleeps with 0.25',
    said: number('0'),
    value: ask('greedyToken', { logits: logitsOf(0.3, 0.25) }, 'token'),
  },
  {
    id: 'unified-cosine-cats',
    line: 1179,
    claim: 'the query and the cats have a cosine of 0.94',
    said: number('0.94'),
    value: at(pets.cosines, 0),
  },
  {
    id: 'unified-cosine-dogs',
    line: 1180,
    claim: 'the query and the dogs have a cosine of 0.96',
    said: number('0.96'),
    value: at(pets.cosines, 1),
  },
  {
    id: 'unified-cosine-houses',
    line: 1181,
    claim: 'the query and the houses have a cosine of 0.32',
    said: number('0.32'),
    value: at(pets.cosines, 2),
  },
  {
    id: 'unified-dogs-first',
    line: 1185,
    claim: 'dogs are more similar than cats',
    said: word('more'),
    value: order(at(pets.cosines, 1), at(pets.cosines, 0)),
  },
  {
    id: 'unified-threshold',
    line: 1184,
    claim: 'a threshold of 0.5 lets two of the three documents through',
    said: number('2'),
    value: chained(at(pets.cosines, 1, 0, 2), (scores) =>
      ask('similarityThreshold', { scores: vector(...scores), threshold: 0.5 }, 'count'),
    ),
    because: 'houses have 0.55, not 0.32: they pass',
  },
  {
    id: 'small-pet',
    line: 1255,
    claim: 'the document about small pets and the query have a cosine of 0.98',
    said: number('0.98'),
    value: ask(
      'cosineSimilarity',
      { a: vector(0.45, 0.67, 0.22), b: vector(0.43, 0.65, 0.24) },
      'similarity',
    ),
  },
]);
