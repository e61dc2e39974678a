import fc from 'fast-check';
import { z } from 'zod';
import type { Arithmetic } from '../arithmetic.ts';
import { metrics } from '../bounds/ranking.ts';
import { hitsOf, recallError } from '../bounds/recall.ts';
import { component } from '../component.ts';
import type { Rounding } from '../numerics.ts';
import { fields, floats, integers } from '../schema.ts';
import { rowsOf, tensor } from '../tensor.ts';
import { answered, recalled, type Recalled } from './recallInputs.ts';
import { recallLaws } from './recallLaws.ts';
import { recalledSizes } from './sizes.ts';

/** Whether every found id is one of the vectors', and there is a question to average over and something to find. */
const problemOf = ({ found, vectors, queries }: Recalled): string | undefined => {
  const [count = 0] = vectors.shape;
  const unknown = Array.from(found.data).find((id) => !(id >= 0 && id < count));
  if (unknown !== undefined) return `expected ids from 0 to ${count - 1}, got ${unknown}`;
  const isEmpty = found.shape[1] === 0 || count === 0 || queries.shape[0] === 0;
  return isEmpty ? 'expected a query, a vector, and a place for what was found' : undefined;
};

/** Why a recall is none that a sound implementation can give: no number of hits between the least and the most makes it. */
function refusal<N>(
  a: Arithmetic<N>,
  input: Recalled,
  recall: number,
  rounding: Rounding,
): string | undefined {
  const [vectors, found] = [rowsOf(input.vectors), rowsOf(input.found)];
  const k = Math.min(found[0]?.length ?? 0, vectors.length);
  const hits = rowsOf(input.queries).map((query, q) =>
    hitsOf(a, rounding, input.metric, { vectors, query, found: found[q] ?? [], k }),
  );
  const most = hits.reduce((sum, row) => sum + row.most, 0);
  const least = hits.reduce((sum, row) => sum + row.least, 0);
  const all = k * hits.length;
  const nearest = Math.min(most, Math.max(least, Math.round(recall * all)));
  const [exact, error] = [nearest / all, recallError(rounding, nearest, k, hits.length)];
  if (Math.abs(recall - exact) <= exact * (error === 0 ? 0 : error + 2 ** -52)) return undefined;
  const count = least === most ? String(least) : `from ${least} to ${most}`;
  return `expected ${count} of ${all}, ${exact}, got ${recall}`;
}

const six = [[0], [1], [2], [5], [9], [30]];
/** Twenty on a line, so that ten are to be found. */
const twenty = Array.from({ length: 20 }, (_, i) => [i]);

/**
 * recallAtK is the share of the best that was found. An id is a hit where its true score is at least as good as that of the kth best, with
 * k = min(K, N): of those that tie at the border any will do. What is found twice counts once. Hits over k are averaged over the queries. Neither
 * order nor scores of what was found matter, and ids that a search gave instead of better ones lower it only by their number.
 *
 * @example
 * recallAtK({ found: [[0, 0]], vectors: [[0], [1], [5]], queries: [[0]], metric: 'euclidean' }) // → { recall: 0.5 }
 */
export const recallAtK = component({
  family: 'similarity',
  summary: 'Measures how much of the best an approximate search has found.',
  formula: String.raw`r = \frac{1}{Q} \sum_q \frac{|\{ i \in F_q : s(q, v_i) \ge s(q, v_{(k)}) \}|}{k}, \quad k = \min(K, N)`,
  source:
    'Aumüller, Bernhardsson, Faithfull, ANN-Benchmarks: a benchmarking tool for approximate nearest neighbor algorithms, 2020, §2.1 (recall by the distance of the kth best, ε = 0); that repeated ids count once is a house definition',
  domain:
    'Finite vectors; at least one query, one vector and one place. An id outside 0 … N − 1 is rejected; a list that is too short has no other way to say so than to repeat an id. Where rounding cannot tell a score from the kth best, the id may count or not; where a score may leave the range of the format, nothing is said about that query.',
  input: fields({
    found: integers('[Q, K]', 'int32, what a search found for each query'),
    vectors: floats('[N, D]', 'what was searched; its positions are the ids'),
    queries: floats('[Q, D]', 'what was searched for'),
    metric: z
      .enum(metrics)
      .meta({ description: 'cosine or dot (more is nearer), or euclidean (less is nearer)' }),
  }).superRefine((input, context) => {
    const message = problemOf(input);
    if (message !== undefined) context.addIssue({ code: 'custom', path: ['found'], message });
  }),
  output: z.strictObject({
    recall: z.number().describe('the share of the best that was found, from 0 to 1'),
  }),
  arbitrary: (level) => answered(level),
  sized: recalledSizes,
  invalid: {
    'an id is the number of vectors': fc.constant(recalled([[0, 6]], six, [[1]], 'euclidean')),
    'an id is negative': fc.constant(recalled([[2, -1]], six, [[1]], 'dot')),
    'the widths differ': fc.constant({
      ...recalled([[0, 1]], six, [[1]], 'dot'),
      queries: tensor('float32', [1, 3], [1, 2, 3]),
    }),
    'there are fewer lists than queries': fc.constant(
      recalled([[0], [1]], six, [[1], [2], [3]], 'dot'),
    ),
  },
  boundSource:
    'spec/bounds/ranking.ts for the scores: an id surely counts where fewer than k others can be better, and possibly where fewer than k surely are; spec/bounds/recall.ts for the quotients and their mean',
  admits: (a, { input, rounding, output }) => refusal(a, input, output.recall, rounding),
  laws: recallLaws,
  examples: [
    {
      id: 'repeated',
      why: 'the best answer ten times is one of ten',
      flags: ['duplicates'],
      input: recalled([new Array<number>(10).fill(7)], twenty, [[7]], 'euclidean'),
    },
    {
      id: 'some',
      why: 'two of six; order does not matter',
      flags: ['classic'],
      input: recalled([[2, 5, 0]], six, [[0]], 'euclidean'),
    },
    {
      id: 'ties',
      why: 'of two at the same distance either is as good: an exact search that found the other',
      flags: ['ties'],
      input: recalled([[3, 2, 0, 4]], [[5], [3], [7], [6], [-1], [4]], [[5]], 'euclidean'),
    },
    {
      id: 'repeated-ties',
      why: 'ties let six count in two places, or the same one twice',
      flags: ['ties', 'duplicates'],
      input: recalled(
        [
          [1, 1],
          [2, 0],
          [3, 2],
        ],
        [[1], [3], [-1], [3]],
        [[1], [2], [3]],
        'euclidean',
      ),
    },
    {
      id: 'more-than-there-are',
      why: 'K over the number of vectors: out of four, not of six',
      flags: ['k-over-n', 'duplicates'],
      input: recalled([[2, 0, 1, 2, 0, 1]], [[1], [2], [3], [4]], [[0]], 'euclidean'),
    },
    {
      id: 'similar-is-more',
      why: 'dot products ranked as distances',
      flags: ['index-hnsw-14', 'metric'],
      input: recalled([[5, 1, 3]], [[-9], [1], [8], [3], [7], [5]], [[2]], 'dot'),
    },
    {
      id: 'direction',
      why: 'the nearest by direction are neither the longest nor the closest',
      flags: ['similarity-metrics-04', 'metric'],
      input: recalled(
        [[1, 4, 3]],
        [
          [1, 1],
          [4, 5],
          [9, 0],
          [-3, 1],
          [0.5, 0.75],
          [0, -1],
        ],
        [[1, 1.5]],
        'cosine',
      ),
    },
    {
      id: 'mean',
      why: 'queries of different recall: the best or the last in place of the mean',
      flags: ['mean'],
      input: recalled(
        [
          [0, 1],
          [2, 5],
          [0, 5],
          [0, 1],
          [4, 5],
        ],
        six,
        [[0], [2], [5], [9], [30]],
        'euclidean',
      ),
    },
    {
      id: 'zero-vectors',
      why: 'zero vectors stand between the similar and the opposite',
      flags: ['similarity-metrics-01', 'zero-vector'],
      input: recalled(
        [[1, 0, 5]],
        [
          [-1, -1],
          [0, 0],
          [2, 1],
          [0, 0],
          [-1, 0],
          [-2, 0],
        ],
        [[1, 1]],
        'cosine',
      ),
    },
    {
      id: 'translated',
      why: 'squares of 10000 drown distances of 1 to 5',
      flags: ['index-brute-force-02'],
      input: recalled(
        [[1, 2, 0, 3]],
        [
          [10003, 10004],
          [10001, 10000],
          [10000, 10002],
          [9997, 10000],
          [10002, 10001],
          [9999, 10000],
        ],
        [[10000, 10000]],
        'euclidean',
      ),
    },
  ],
});
