import fc, { type Arbitrary } from 'fast-check';
import { component } from '../component.ts';
import { positiveInteger, real } from '../schema.ts';
import { indexAdmission } from './admission.ts';
import { indexExamples } from './examples.ts';
import { indexLaws } from './laws.ts';
import { recallTrials } from './recall.ts';
import { answerFields, opening, scriptFields, type Opening } from './script.ts';
import { scoreBounds } from './scores.ts';
import { add, count, remove, scripts, search } from './scripts.ts';
import { indexSizes } from './sizes.ts';

export interface HnswOpening extends Opening {
  readonly m: number;
  readonly efConstruction: number;
  readonly capacity: number;
  readonly seed: number;
}

const settings = { m: 16, efConstruction: 32, capacity: 16, seed: 7 };
const line = [5, 3, 8, 1, 9, 2, 7].map((x) => [x]);
const pieces = [
  [1, 1],
  [4, 5],
  [2, 0],
  [-3, 1],
  [0, -1],
];

/** Room for few in one of four, so that it is met; m from 2, but mostly so great that the graph of a script is whole. */
const openings = (opened: Opening): Arbitrary<HnswOpening> =>
  fc
    .tuple(
      fc.constantFrom(2, 16, 48, 48, 48),
      fc.constantFrom(8, 64, 128, 128),
      fc.constantFrom(4, 6, 64, 64, 64, 64, 64, 64),
      fc.nat({ max: 100 }),
    )
    .map(([m, efConstruction, capacity, seed]) => ({
      ...opened,
      m,
      efConstruction,
      capacity,
      seed,
    }));

/**
 * A session, with the actions of flatIndex; search takes `ef`, the number of candidates that are kept while the graph is walked (below k: k). Layers
 * of graphs, each a sample of the one below, lead from far to near. What is found is some of the nearest; all of them surely where the graph is
 * connected and ef reaches everything: at most m vectors ever went in, for each then has a link to its nearest, and none had to give one up.
 * `capacity` counts live vectors.
 *
 * @example
 * hnswIndex({ open: { dimension: 1, metric: 'euclidean', m: 16, efConstruction: 32, capacity: 8, seed: 7 }, actions: [{ action: 'add', input: { ids: [4, 9], vectors: [[1], [5]] } }, { action: 'search', input: { queries: [[4]], k: 1, ef: 8 } }] }) // → { answers: [{}, { ids: [[9]], scores: [[1]] }] }
 */
export const hnswIndex = component({
  family: 'indexes',
  summary: 'Keeps vectors by id and finds near ones by walking a layered graph of neighbours.',
  formula: String.raw`\text{recall@}k = \frac{|\text{found} \cap \operatorname{top}_k|}{\min(k, n)}`,
  source:
    'Malkov & Yashunin, Efficient and robust approximate nearest neighbor search using hierarchical navigable small world graphs, 2018, algorithms 1–5',
  domain:
    'A session. Finite vectors, m ≥ 2. Exact where at most m vectors ever went in and efConstruction and ef reach that many; otherwise the recall that the implementation promises (`promises.recall`, 0.9 where it says nothing), at the settings of the trials: m 4, efConstruction 40, ef 50.',
  session: 'stepwise',
  input: scriptFields(
    {
      ...opening,
      m: real('an integer ≥ 2', (x) => Number.isSafeInteger(x) && x >= 2, 'links of a vector'),
      efConstruction: positiveInteger('candidates that are kept while a vector is put in'),
      capacity: positiveInteger('live vectors at most'),
      seed: real('an integer ≥ 0', (x) => Number.isSafeInteger(x) && x >= 0, 'of the layers'),
    },
    { ef: positiveInteger('candidates that are kept; below k: k').optional() },
  ),
  output: answerFields(),
  arbitrary: (level) =>
    scripts(level, {
      open: openings,
      tuning: fc.constantFrom({ ef: 1 }, { ef: 10 }, { ef: 128 }, { ef: 128 }),
    }),
  sized: indexSizes((opened, { N }) => ({
    ...opened,
    m: 16,
    efConstruction: 64,
    capacity: N,
    seed: 7,
  })),
  /** What is invalid are actions, which a script holds among valid ones. */
  invalid: {},
  bound: (a, { input, rounding, exact }) => scoreBounds(a, input, rounding, exact.answers),
  boundSource:
    'spec/bounds/dot.ts and spec/bounds/cosine.ts for the scores of the ids that were found; an order is refused where the enclosures of two scores, so widened, do not meet',
  admits: indexAdmission({
    promise: ({ m, efConstruction }: HnswOpening, { added }, { ef = 0, k }) =>
      added <= Math.min(m, efConstruction, Math.max(ef, k)) ? 'exact' : undefined,
    ranksTrueScores: true,
  }),
  laws: indexLaws<HnswOpening>(),
  trials: recallTrials<HnswOpening>({
    open: (opened, seed) => ({ ...opened, m: 4, efConstruction: 40, capacity: 2048, seed }),
    k: 1,
    queries: 800,
    low: { ef: 10 },
    high: { ef: 50 },
    floor: 0.9,
  }),
  examples: [
    ...indexExamples((opened) => ({ ...opened, ...settings }), { ef: 16 }),
    {
      id: 'similarities',
      why: 'similarities searched as if they were distances find the worst',
      flags: ['index-hnsw-14'],
      input: {
        open: { dimension: 2, metric: 'dot', ...settings },
        actions: [
          add([11, 12, 13, 14, 15], pieces),
          search([[1, 2]], 2, { ef: 16 }),
          search([[-1, 0.5]], 5, { ef: 1 }),
        ],
      },
    },
    {
      id: 'more-than-there-are',
      why: 'k over the number of live vectors, after removals too',
      flags: ['index-hnsw-02', 'k-over-n'],
      input: {
        open: { dimension: 1, metric: 'euclidean', ...settings },
        actions: [
          add([1, 2, 3, 4, 5, 6, 7], line),
          search([[6]], 9, { ef: 16 }),
          remove(1, 2, 3, 4),
          search([[6]], 5, { ef: 16 }),
          count,
        ],
      },
    },
    {
      id: 'first-removed-and-back',
      why: 'the entry point is removed and added again, and hides the others',
      flags: ['index-hnsw-10'],
      input: {
        open: { dimension: 1, metric: 'euclidean', ...settings },
        actions: [
          add([1, 2, 3, 4, 5, 6, 7], line),
          remove(1),
          add([1], [[6.5]]),
          search([[6.25], [0]], 7, { ef: 16 }),
        ],
      },
    },
    {
      id: 'tombstones-around',
      why: 'all neighbours of the entry point are removed, and the walk ends there',
      flags: ['index-hnsw-01'],
      input: {
        open: { dimension: 1, metric: 'euclidean', ...settings },
        actions: [
          add([1, 2, 3, 4, 5, 6, 7, 8], [[0], [1], [2], [3], [4], [5], [6], [40]]),
          remove(1, 2, 3, 4, 5, 6),
          search([[0.5]], 2, { ef: 16 }),
        ],
      },
    },
    {
      id: 'equal-vectors',
      why: 'equal vectors are linked with each other alone, and nothing leads out',
      flags: ['index-hnsw-04', 'duplicates'],
      input: {
        open: { dimension: 1, metric: 'euclidean', ...settings },
        actions: [
          add([1, 2, 3, 4, 5, 6, 7, 8, 9], [[1], [1], [1], [1], [1], [1], [1], [1], [7]]),
          search([[6]], 1, { ef: 16 }),
          search([[6]], 9, { ef: 16 }),
        ],
      },
    },
    {
      id: 'over-capacity',
      why: 'one more than there is room for is taken, or what was there is lost',
      flags: ['capacity', 'index-hnsw-13'],
      input: {
        open: { dimension: 1, metric: 'euclidean', ...settings, capacity: 2 },
        actions: [
          add([1, 2], [[1], [2]]),
          add([2, 3], [[5], [3]]),
          search([[4]], 3, { ef: 16 }),
          remove(1),
          add([3], [[3]]),
          search([[4.25]], 3, { ef: 16 }),
        ],
      },
    },
  ],
});
