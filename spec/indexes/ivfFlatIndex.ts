import fc, { type Arbitrary } from 'fast-check';
import { component, type Level } from '../component.ts';
import { floatTensor } from '../generate.ts';
import { floats, positiveInteger, real } from '../schema.ts';
import { tensor, type FloatTensor } from '../tensor.ts';
import { indexAdmission } from './admission.ts';
import { indexExamples } from './examples.ts';
import { indexLaws } from './laws.ts';
import { recallTrials } from './recall.ts';
import { answerFields, opening, scriptFields, type Opening } from './script.ts';
import { scoreBounds } from './scores.ts';
import { add, count, remove, scripts, search } from './scripts.ts';
import { indexSizes } from './sizes.ts';

export interface IvfOpening extends Opening {
  readonly lists: number;
  readonly training: FloatTensor;
  readonly seed: number;
}

/** What the lists of an inverted file are made from, as schemas. */
export const listFields = {
  lists: positiveInteger('lists that vectors are sorted into, by their nearest centroid'),
  training: floats('[N, D]', 'what the centroids are trained on; at least as many as lists'),
  seed: real('an integer ≥ 0', (x) => Number.isSafeInteger(x) && x >= 0, 'of the training'),
};

/** Whether a training set can be used. */
export const isTrainable = ({ dimension, lists, training }: IvfOpening, least = lists): boolean =>
  training.shape[1] === dimension &&
  (training.shape[0] ?? 0) >= Math.max(lists, least) &&
  Array.from(training.data).every(Number.isFinite);

/** Few lists, so that some are empty and most are not. */
export const trainedOpenings = (
  opened: Opening,
  element: Arbitrary<number>,
  level: Level,
  least = 0,
): Arbitrary<IvfOpening> =>
  fc
    .tuple(
      fc.constantFrom(...(level === 'scale' ? [1, 4, 16] : [1, 1, 2, 3, 4])),
      fc.nat({ max: 8 }),
      fc.nat({ max: 100 }),
    )
    .chain(([lists, more, seed]) =>
      floatTensor([Math.max(lists, least) + more, opened.dimension], element).map((training) => ({
        ...opened,
        lists,
        training,
        seed,
      })),
    );

const trained = (rows: readonly (readonly number[])[]): FloatTensor =>
  tensor('float32', [rows.length, rows[0]?.length ?? 0], rows.flat());

const line = [5, 3, 8, 1, 9, 2, 7].map((x) => [x]);
const ends = trained([[0], [1], [9], [10]]);
const pieces = [
  [1, 1],
  [4, 5],
  [2, 0],
  [-3, 1],
  [0, -1],
];
const onLine = { dimension: 1, metric: 'euclidean', lists: 2, training: ends, seed: 7 } as const;

/**
 * A session, with the actions of flatIndex; open trains `lists` centroids, every vector goes into the list of its nearest one, and search looks at the
 * `probes` lists whose centroids are nearest to the query. With all of them (probes = lists, above, or left out) it is exact; with fewer it finds
 * some of the nearest, maybe fewer than k, and never anything to fill up with.
 *
 * @example
 * ivfFlatIndex({ open: { dimension: 1, metric: 'euclidean', lists: 2, training: [[0], [9]], seed: 7 }, actions: [{ action: 'add', input: { ids: [4, 9], vectors: [[1], [5]] } }, { action: 'search', input: { queries: [[4]], k: 1, probes: 2 } }] }) // → { answers: [{}, { ids: [[9]], scores: [[1]] }] }
 */
export const ivfFlatIndex = component({
  family: 'indexes',
  summary: 'Sorts vectors into lists by their nearest centroid and searches the nearest lists.',
  formula: String.raw`\operatorname{top}_k \{ s(q, v_j) : c(v_j) \in \operatorname{top}_{\text{probes}} c \}`,
  source:
    'Sivic & Zisserman, Video Google, 2003 (inverted files); Jégou, Douze & Schmid, Product quantization for nearest neighbor search, 2011, §IV',
  domain:
    'A session. Finite vectors. Exact where all lists are probed; otherwise the recall that the implementation promises (`promises.recall`, 0.5 where it says nothing), at the settings of the trials: 8 of 16 lists; and with one probe a vector finds itself. Fewer training vectors than lists are rejected.',
  session: 'stepwise',
  input: scriptFields(
    { ...opening, ...listFields },
    { probes: positiveInteger('lists that are searched; left out or above lists: all').optional() },
  ).refine(({ open }) => isTrainable(open), {
    error: 'open.training: expected finite vectors of the dimension, at least as many as lists',
  }),
  output: answerFields(),
  arbitrary: (level) =>
    scripts(level, {
      open: trainedOpenings,
      tuning: fc.constantFrom({}, { probes: 1 }, { probes: 2 }, { probes: 16 }, { probes: 99 }),
    }),
  sized: indexSizes((opened, { N }, draw) => ({
    ...opened,
    lists: Math.min(N, 16),
    training: draw.floats('training', [N, opened.dimension]),
    seed: 7,
  })),
  invalid: {
    'fewer training vectors than lists': fc.constant({
      open: { ...onLine, lists: 5 },
      actions: [],
    }),
    'training vectors of another width': fc.constant({
      open: { ...onLine, dimension: 2 },
      actions: [],
    }),
    'a training vector is not finite': fc.constant({
      open: { ...onLine, training: trained([[0], [NaN], [3]]) },
      actions: [],
    }),
  },
  bound: (a, { input, rounding, exact }) => scoreBounds(a, input, rounding, exact.answers),
  boundSource:
    'spec/bounds/dot.ts and spec/bounds/cosine.ts for the scores of the ids that were found; an order is refused where the enclosures of two scores, so widened, do not meet',
  admits: indexAdmission({
    promise: ({ lists }: IvfOpening, _state, { probes = lists }) =>
      probes >= lists ? 'exact' : undefined,
    ranksTrueScores: true,
  }),
  laws: indexLaws<IvfOpening>(),
  trials: recallTrials<IvfOpening>({
    open: (opened, seed, training) => ({ ...opened, lists: 16, training, seed }),
    k: 1,
    queries: 400,
    low: { probes: 2 },
    high: { probes: 8 },
    floor: 0.5,
    alone: { probes: 1 },
  }),
  examples: [
    ...indexExamples((opened) => ({
      ...opened,
      lists: 2,
      training: trained(
        [0, 1, 9, 10].map((x) => Array.from({ length: opened.dimension }, () => x)),
      ),
      seed: 7,
    })),
    {
      id: 'all-lists',
      why: 'with all lists it is exact, wherever a vector was sorted to',
      flags: ['ordinary'],
      input: {
        open: onLine,
        actions: [
          add([1, 2, 3, 4, 5, 6, 7], line),
          search([[4.75]], 7, { probes: 2 }),
          search([[4.75]], 3),
        ],
      },
    },
    {
      id: 'few-in-a-list',
      why: 'k over what is there is filled up with id −1 or the greatest number',
      flags: ['index-ivf-flat-03'],
      input: {
        open: onLine,
        actions: [add([1, 2, 3], [[0], [1], [10]]), search([[9.5]], 5, { probes: 2 }), count],
      },
    },
    {
      id: 'equal-training',
      why: 'fewer different training vectors than lists: some lists stay empty',
      flags: ['index-ivf-flat-08'],
      input: {
        open: { ...onLine, lists: 3, training: trained([[2], [2], [2], [2]]) },
        actions: [add([1, 2, 3], [[0], [2.5], [10]]), search([[9.5]], 3, { probes: 3 })],
      },
    },
    {
      id: 'similarities',
      why: 'lists of the nearest centroid, scores of the most similar',
      flags: ['metric'],
      input: {
        open: { ...onLine, dimension: 2, metric: 'cosine', training: trained(pieces) },
        actions: [
          add([1, 2, 3, 4, 5], pieces),
          search([[1, 1.5]], 3, { probes: 2 }),
          remove(2),
          add([3], [[2, 3]]),
          search([[1, 1.5]], 2, { probes: 9 }),
        ],
      },
    },
    {
      id: 'far-from-zero',
      why: 'expanded distances to centroids lose everything, and |c| is not |c|²',
      flags: ['index-ivf-flat-05', 'index-brute-force-02'],
      input: {
        open: { ...onLine, training: trained([[10000], [10001], [10008], [10009]]) },
        actions: [
          add([1, 2, 3], [[10003], [10001], [10008]]),
          search([[10002.5]], 3, { probes: 2 }),
        ],
      },
    },
    {
      id: 'sums-beyond-float16',
      why: 'the sum of a list passes 65504, the greatest float16, and no vector is near an infinite centroid',
      flags: ['index-ivf-flat-07'],
      input: {
        open: { ...onLine, lists: 1, training: trained([[19984], [20000], [20016], [20048]]) },
        actions: [add([1, 2, 3], [[20080], [20016], [19952]]), search([[20000]], 3, { probes: 1 })],
      },
    },
  ],
});
