import fc from 'fast-check';
import { component } from '../component.ts';
import { indexAdmission } from './admission.ts';
import { exactIndexLaws } from './laws.ts';
import { answerFields, opening, scriptFields, type Opening } from './script.ts';
import { scoreBounds } from './scores.ts';
import { add, count, load, remove, save, scripts, search } from './scripts.ts';

const line = [5, 3, 8, 1, 9, 2, 7].map((x) => [x]);
const pieces = [
  [1, 1],
  [4, 5],
  [2, 0],
  [-3, 1],
  [0, -1],
];
const euclidean: Opening = { dimension: 1, metric: 'euclidean' };
const plane: Opening = { dimension: 2, metric: 'dot' };

/**
 * A session. add({ ids, vectors }) puts vectors in under their ids, or in place of those that have them; remove({ ids }) takes them out;
 * search({ queries, k, allowedIds }) answers the ids and scores of the k nearest of those that are there and allowed, by looking at all of them.
 * Scores are as in nearestNeighbors. An action that is rejected changes nothing: an unknown id to be removed, an id twice in one call, another
 * width, a number that is not finite, k < 1. Ids are integers from 0 to 2^31 − 1.
 *
 * @example
 * flatIndex({ open: { dimension: 1, metric: 'euclidean' }, actions: [{ action: 'add', input: { ids: [4, 9], vectors: [[1], [5]] } }, { action: 'search', input: { queries: [[4]], k: 1 } }] }) // → { answers: [{}, { ids: [[9]], scores: [[1]] }] }
 */
export const flatIndex = component({
  family: 'indexes',
  summary: 'Keeps vectors by id and finds the nearest to a query by looking at all of them.',
  formula: String.raw`\operatorname{top}_k \{ s(q, v_j) : j \in \text{ids} \}`,
  source: 'house definition: nearestNeighbors over a collection that changes',
  domain:
    'A session. Finite vectors, also none. Unknown ids in allowedIds are ignored. Where a score may leave the range of the format, nothing is said about the order of that query.',
  session: 'stepwise',
  input: scriptFields(opening, {}),
  output: answerFields(),
  arbitrary: (level) =>
    scripts(level, { open: (settings) => fc.constant(settings), tuning: fc.constant({}) }),
  /** What is invalid are actions, which a script holds among valid ones. */
  invalid: {},
  bound: (a, { input, rounding, exact }) => scoreBounds(a, input, rounding, exact.answers),
  boundSource:
    'spec/bounds/dot.ts and spec/bounds/cosine.ts for the scores of the ids that were found; an order is refused where the enclosures of two scores, so widened, do not meet',
  admits: indexAdmission({ promise: () => 'exact', ranksTrueScores: true }),
  laws: exactIndexLaws<Opening>(),
  examples: [
    {
      id: 'add-and-search',
      why: 'an order that is turned round, or positions in place of ids',
      flags: ['index-brute-force-06', 'ids'],
      input: {
        open: euclidean,
        actions: [add([10, 20, 30, 40, 50, 60, 70], line), search([[0], [6]], 7), count],
      },
    },
    {
      id: 'replaced',
      why: 'an id that is added again and found twice, or where it was',
      flags: ['re-add'],
      input: {
        open: plane,
        actions: [
          add(
            [1, 2, 3],
            [
              [1, 1],
              [4, 5],
              [2, 0],
            ],
          ),
          add([2], [[-3, 1]]),
          count,
          search([[1, 2]], 5),
        ],
      },
    },
    {
      id: 'removed',
      why: 'a removed vector that is still found, or takes its neighbour with it',
      flags: ['index-hnsw-02', 'index-hnsw-10'],
      input: {
        open: { dimension: 2, metric: 'cosine' },
        actions: [
          add([5, 6, 7, 8, 9], pieces),
          remove(5, 8),
          search([[1, 1.5]], 5),
          add([5], [[1, 2]]),
          search([[1, 1.5]], 2),
          count,
        ],
      },
    },
    {
      id: 'filtered',
      why: 'a filter that is applied to the k best; ids that are not there',
      flags: ['metadata-filter-01', 'metadata-filter-06'],
      input: {
        open: euclidean,
        actions: [
          add([1, 2, 3, 4, 5, 6, 7], line),
          search([[8.25]], 2, { allowedIds: [4, 1, 77] }),
          search([[8.25]], 2, { allowedIds: [] }),
          search([[8.25]], 2),
        ],
      },
    },
    {
      id: 'rejected',
      why: 'half of a call that is rejected has been carried out',
      flags: ['rejection'],
      input: {
        open: euclidean,
        actions: [
          add([1, 2], [[1], [4]]),
          remove(1, 3),
          add([3, 3], [[2], [3]]),
          add([4], [[2, 3]]),
          add([6, 5], [[2], [NaN]]),
          search([[0]], 0),
          search([[0]], 4),
          count,
        ],
      },
    },
    {
      id: 'saved',
      why: 'what was loaded is what was saved, not what came after',
      flags: ['save'],
      input: {
        open: plane,
        actions: [
          add(
            [1, 2, 3],
            [
              [1, 1],
              [4, 5],
              [2, 0],
            ],
          ),
          save,
          remove(2),
          add([1], [[9, 9]]),
          load,
          search([[1, 2]], 3),
          count,
        ],
      },
    },
  ],
});
