import fc from 'fast-check';
import { z } from 'zod';
import { metrics, scoreError } from '../bounds/ranking.ts';
import { component } from '../component.ts';
import { booleans, fields, floats, integers, positiveInteger } from '../schema.ts';
import { flatMapRows, rowsOf, tensor } from '../tensor.ts';
import { rowParts } from '../partsOf.ts';
import { neighborRefusal } from './neighborAdmission.ts';
import { search, searches } from './neighborInputs.ts';
import { neighborLaws } from './neighborLaws.ts';
import { petsSearch } from './worked.ts';
import { searchSizes } from './sizes.ts';

const [vectors, queries] = [
  tensor('float32', [3, 2], [1, 2, 3, 4, 5, 6]),
  tensor('float32', [1, 2], [1, 2]),
];

const pieces = [
  [1, 1],
  [4, 5],
  [2, 0],
  [-3, 1],
  [0, -1],
];
const line = [5, 3, 8, 1, 9, 2, 7, 11, 6, 4, 12, 10].map((x) => [x]);

/**
 * The k vectors nearest to each query, best first: by falling similarity (cosine, dot), or by rising distance, not squared (euclidean).
 * A mask is part of the question: the k best of the allowed, which no filter of an unfiltered answer gives. There are fewer than k only
 * where fewer are allowed, and none is found twice, though equal vectors are each found. Those that tie, or that rounding cannot tell apart,
 * stand in any order. Under cosine a zero vector has similarity 0 to everything.
 *
 * @example
 * nearestNeighbors({ vectors: [[1, 0], [3, 4], [0, 2]], queries: [[0, 1]], k: 2, metric: 'cosine' }) // → { ids: [[2, 1]], scores: [[1, 0.8]] }
 */
export const nearestNeighbors = component({
  family: 'similarity',
  summary: 'Finds the stored vectors nearest to a query by looking at all of them.',
  formula: String.raw`\operatorname{top}_k \{ s(q, v_j) : j \text{ allowed} \}`,
  source:
    'Fix & Hodges, Discriminatory analysis: nonparametric discrimination, 1951 (the k nearest neighbours); the interface is a house definition',
  domain:
    'Finite vectors, also none. k over the number of allowed vectors gives them all. Where a score may leave the range of the format, nothing is said about the order of that query.',
  input: fields({
    vectors: floats('[N, D]', 'what is searched; its positions are the ids'),
    queries: floats('[Q, D]', 'what is searched for'),
    k: positiveInteger('how many to find for each query'),
    metric: z
      .enum(metrics)
      .meta({ description: 'cosine or dot (more is nearer), or euclidean (less is nearer)' }),
    allowed: booleans('[N]', 'which vectors may be found; all where it is left out').optional(),
  }),
  output: fields({
    ids: integers('[Q, K]', 'int32, positions in vectors, best first; K = min(k, allowed)'),
    scores: floats('[Q, K]', 'the similarity of each, or its distance'),
  }),
  arbitrary: (level) => searches(level),
  sized: searchSizes,
  parts: rowParts({
    unit: 'query',
    cut: { queries: 1 },
    outputs: ({ vectors: { shape }, k, allowed }) => {
      const [count = 0] = shape;
      const candidates =
        allowed === undefined
          ? count
          : Array.from(allowed.data).filter((flag) => flag === 1).length;
      const found = Math.min(k, candidates);
      return { ids: [found], scores: [found] };
    },
    work: ({ vectors }) => Math.ceil(vectors.data.length / 8),
  }),
  invalid: {
    'k is 0': fc.constant({ vectors, queries, k: 0, metric: 'dot' }),
    'k is not an integer': fc.constant({ vectors, queries, k: 1.5, metric: 'dot' }),
    'the widths differ': fc.constant({
      vectors,
      queries: tensor('float32', [1, 3], [1, 2, 3]),
      k: 1,
      metric: 'dot',
    }),
    'the mask is of another length': fc.constant({
      vectors,
      queries,
      k: 1,
      metric: 'dot',
      allowed: tensor('bool', [2], [1, 1]),
    }),
  },
  bound: (a, { input, rounding, exact }) => {
    const stored = rowsOf(input.vectors);
    const found = rowsOf(exact.ids);
    return {
      scores: flatMapRows(input.queries, (query, q) =>
        (found[q] ?? []).map((id) =>
          a.from(scoreError(rounding, input.metric, query, stored[id] ?? [])),
        ),
      ),
    };
  },
  boundSource:
    'spec/bounds/dot.ts and spec/bounds/cosine.ts for the scores of the ids that were found; an order is refused where the enclosures of two scores, so widened, do not meet',
  admits: neighborRefusal,
  laws: neighborLaws,
  worked: [petsSearch],
  examples: [
    {
      id: 'cosine',
      why: 'the nearest by direction is neither the longest nor the closest',
      flags: ['similarity-metrics-04', 'metric'],
      input: search(pieces, [[1, 1.5]], 2, 'cosine'),
    },
    {
      id: 'dot',
      why: 'the same vectors, of which the longest wins',
      flags: ['similarity-metrics-04', 'metric'],
      input: search(pieces, [[1, 0.25]], 2, 'dot'),
    },
    {
      id: 'euclidean',
      why: 'the same vectors, of which the closest wins; the distance is not squared',
      flags: ['similarity-metrics-04', 'root'],
      input: search(pieces, [[1, -0.5]], 3, 'euclidean'),
    },
    {
      id: 'order',
      why: 'twelve shuffled distances, all different: an order that only looks sorted',
      flags: ['index-brute-force-06'],
      input: search(line, [[0]], 12, 'euclidean'),
    },
    {
      id: 'order-of-similarities',
      why: 'the same by similarity, where more is better',
      flags: ['index-brute-force-06', 'index-hnsw-14'],
      input: search(line, [[2], [-1]], 11, 'dot'),
    },
    {
      id: 'one',
      why: 'k = 1 in a path of its own',
      flags: ['index-brute-force-07'],
      input: search(line, [[9.75], [3.25]], 1, 'euclidean'),
    },
    {
      id: 'one-most-similar',
      why: 'k = 1 where more is better',
      flags: ['index-brute-force-07'],
      input: search(
        pieces,
        [
          [-1, 0.5],
          [0, -2],
        ],
        1,
        'cosine',
      ),
    },
    {
      id: 'zero-vectors',
      why: 'zero vectors stand between the similar and the opposite, and disturb no other',
      flags: ['similarity-metrics-01', 'zero-vector'],
      input: search(
        [
          [-1, -1],
          [0, 0],
          [2, 1],
          [0, 0],
          [1, 3],
          [-2, 0],
        ],
        [
          [1, 1],
          [1, -2],
        ],
        6,
        'cosine',
      ),
    },
    {
      id: 'translated',
      why: 'squares of 10000 drown distances of 1 to 5',
      flags: ['index-brute-force-02'],
      input: search(
        [
          [10003, 10004],
          [10001, 10000],
          [10000, 10002],
          [9997, 10000],
        ],
        [[10000, 10000]],
        4,
        'euclidean',
      ),
    },
    {
      id: 'few-allowed',
      why: 'the two nearest are not allowed: filtering after the search loses all',
      flags: ['metadata-filter-01', 'metadata-filter-06'],
      input: search(line, [[1.25]], 2, 'euclidean', [0, 0, 1, 0, 1, 0, 0, 1, 0, 0, 0, 0]),
    },
    {
      id: 'all-allowed',
      why: 'a mask that excludes nothing',
      flags: ['metadata-filter-03'],
      input: search(pieces, [[2, 1]], 3, 'dot', [1, 1, 1, 1, 1]),
    },
    {
      id: 'more-than-there-are',
      why: 'k over the number of vectors gives each once, with nothing to fill the rest',
      flags: ['k-over-n', 'duplicates'],
      input: search(
        [
          [1, 2],
          [1, 2],
          [3, 1],
        ],
        [[1, 2]],
        7,
        'euclidean',
      ),
    },
    {
      id: 'wide',
      why: 'the components that decide come after the first eighth',
      flags: ['index-brute-force-04'],
      input: search(
        [
          [1, 0, 0, 0, 0, 0, 0, 0, 1],
          [1, 0, 0, 0, 0, 0, 0, 0, 3],
          [1, 0, 5, 0, 0, 0, 0, 0, 2],
        ],
        [[1, 0, 1, 0, 0, 0, 0, 0, 2]],
        2,
        'dot',
      ),
    },
  ],
});
