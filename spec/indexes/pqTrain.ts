import fc, { type Arbitrary } from 'fast-check';
import { component, type Level } from '../component.ts';
import { fields, floats, positiveInteger, real } from '../schema.ts';
import { tensor } from '../tensor.ts';
import { areFinite, mostCentroids } from './codebooks.ts';
import { alike, matrix } from './quantizerInputs.ts';
import { trainingRefusal, type Training } from './trainingAdmission.ts';
import { trainingLaws } from './trainingLaws.ts';
import { trainedSizes } from './sizes.ts';

const wholeNumber = (x: number): boolean => Number.isSafeInteger(x) && x >= 0;

/** Few centroids of few vectors, so that training ends; and so many steps that it has. */
const inputs = (level: Level): Arbitrary<Training> =>
  fc
    .record({
      books: fc.integer({ min: 1, max: level === 'scale' ? 4 : 3 }),
      width: fc.integer({ min: 1, max: level === 'scale' ? 5 : 2 }),
      centroids: fc.constantFrom(...(level === 'scale' ? [2, 7, 16] : [1, 1, 2, 2, 3])),
      more: fc.integer({ min: 0, max: level === 'scale' ? 17 : 5 }),
      iterations: fc.constantFrom(...(level === 'scale' ? [1, 3] : [0, 1, 1, 2, 5, 40])),
      seed: fc.nat({ max: 100 }),
    })
    .chain(({ books, width, centroids, more, iterations, seed }) =>
      alike(level === 'scale' ? 'core' : level, [[centroids + more, books * width]]).map(
        ([vectors = matrix()]) => ({ vectors, subvectors: books, centroids, iterations, seed }),
      ),
    );

const pieces = matrix(
  [1, 1, 30, 40],
  [2, 1, 35, 41],
  [4, 3, 50, 44],
  [5, 4.5, 52, 49],
  [9, 2, 31, 60],
);
const plain = { vectors: pieces, subvectors: 2, centroids: 2, iterations: 40, seed: 7 };
const line = (...values: readonly number[]) => matrix(...values.map((x) => [x]));

/**
 * Trains a codebook for each run of D / M components by Lloyd's algorithm: `iterations` times every subvector goes to its nearest centroid and every
 * centroid to the mean of its own. Which centroids it starts with is free, as long as they lie among the training subvectors: those of K
 * training vectors drawn by the seed here (house choice). So no codebook is the right one. What holds of all: every centroid lies among the
 * subvectors, K = 1 gives the mean, codebooks are no worse than the mean alone, and once nothing can change any more each
 * centroid is the mean of those that it is nearest to. The same seed gives the same codebooks.
 *
 * @example
 * pqTrain({ vectors: [[1, 10], [2, 20], [3, 60]], subvectors: 2, centroids: 1, iterations: 1, seed: 0 }) // → { codebooks: [[[2]], [[30]]] }
 */
export const pqTrain = component({
  family: 'indexes',
  summary: 'Trains a codebook of centroids for each part of a vector.',
  formula: String.raw`C^m = \arg\min_C \sum_n \min_k \lVert x_{n,m} - c_k \rVert^2 \text{ (a local minimum)}`,
  source:
    'Jégou, Douze & Schmid, Product quantization for nearest neighbor search, IEEE TPAMI 33(1), 2011, §II.B; Lloyd, Least squares quantization in PCM, 1982. Where it starts: house definition',
  domain:
    'Finite numbers; D a multiple of M; from 1 to 256 centroids, no more than vectors; no iterations give the centroids that it starts with. Empty clusters keep their centroid, take a training vector, or a copy of another centroid moved by a thousandth. Nothing is said where a sum may leave the range of the format.',
  input: fields({
    vectors: floats('[N, D]', 'what it is trained on'),
    subvectors: positiveInteger('runs of components with a codebook each, M'),
    centroids: positiveInteger('of each codebook, K; 256 at most').refine(
      (many) => many <= mostCentroids,
      { error: `expected ${mostCentroids} at most` },
    ),
    iterations: real('an integer ≥ 0', wholeNumber, 'steps of Lloyd’s algorithm'),
    seed: real('an integer ≥ 0', wholeNumber, 'of what it starts with'),
  })
    .refine(
      ({ vectors, subvectors }) => {
        const [, width = 0] = vectors.shape;
        return width >= 1 && width % subvectors === 0;
      },
      { path: ['subvectors'], error: 'expected a divisor of the number of components' },
    )
    .refine(({ vectors, centroids }) => (vectors.shape[0] ?? 0) >= centroids, {
      path: ['vectors'],
      error: 'expected at least as many vectors as centroids',
    })
    .refine(({ vectors }) => areFinite(vectors), {
      path: ['vectors'],
      error: 'expected finite numbers',
    }),
  output: fields({
    codebooks: floats('[m, k, s]', 'for each of M subvectors, K centroids of D / M components'),
  }),
  arbitrary: inputs,
  sized: trainedSizes,
  invalid: {
    'the width is no multiple of the number of subvectors': fc.constant({
      ...plain,
      subvectors: 3,
    }),
    'there are fewer vectors than centroids': fc.constant({ ...plain, centroids: 6 }),
    'there are more centroids than a byte has numbers': fc.constant({
      ...plain,
      vectors: tensor(
        'float32',
        [257, 1],
        Array.from({ length: 257 }, (_, i) => i),
      ),
      subvectors: 1,
      centroids: 257,
    }),
    'a component is NaN': fc.constant({ ...plain, vectors: matrix([1, NaN], [3, 4]) }),
    'a component is infinite': fc.constant({ ...plain, vectors: matrix([1, 2], [Infinity, 4]) }),
    'iterations are negative': fc.constant({ ...plain, iterations: -1 }),
  },
  bound: (a, { exact }) => ({ codebooks: exact.codebooks.data.map(() => a.from(Infinity)) }),
  boundSource:
    'none for a codebook by itself: what it starts with is free. Centroids are held to their vectors instead: in their box; for K = 1 the mean within spec/bounds/mean.ts; Σ ‖x − c‖² no more than about the mean of all (any partition’s means make it no more, and the nearest centroid no more than that), with ‖x − c‖ off by the rounding of a mean; means of their own, within 1/64 of the box, after more steps than there are partitions',
  admits: trainingRefusal,
  laws: trainingLaws,
  examples: [
    {
      id: 'worked-example',
      why: 'sums for means, runs of components that are dealt out in turn, one codebook for all',
      flags: ['ordinary', 'index-pq-05'],
      input: plain,
    },
    {
      id: 'means',
      why: 'one centroid is the mean after one step: the last vector counts, and n is not n − 1',
      flags: ['one-centroid', 'index-pq-05'],
      input: { ...plain, centroids: 1, iterations: 1 },
    },
    {
      id: 'equal-vectors',
      why: 'fewer different vectors than centroids: empty clusters become zero or NaN',
      flags: ['index-pq-02', 'empty-cluster'],
      input: {
        ...plain,
        vectors: matrix(...Array.from({ length: 6 }, () => [3, -5, 40, 7])),
        centroids: 3,
        iterations: 5,
      },
    },
    {
      id: 'three-on-a-line',
      why: 'training that stops after one step, or takes the farthest centroid',
      flags: ['convergence'],
      input: {
        vectors: line(0, 1, 2, 30, 31, 33, 70, 74, 75, 76),
        subvectors: 1,
        centroids: 2,
        iterations: 40,
        seed: 11,
      },
    },
    {
      id: 'large-cluster',
      why: 'a sum over 65504 of vectors below 3000, which float16 does not hold',
      flags: ['index-ivf-flat-07', 'overflow'],
      input: {
        vectors: line(...Array.from({ length: 48 }, (_, n) => 2000 + ((n * 37) % 100) * 8)),
        subvectors: 1,
        centroids: 1,
        iterations: 2,
        seed: 3,
      },
    },
    {
      id: 'no-steps',
      why: 'no iterations, and centroids that are not among the vectors',
      flags: ['zero-iterations'],
      input: { ...plain, centroids: 5, iterations: 0 },
    },
  ],
});
