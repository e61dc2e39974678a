import fc from 'fast-check';
import type { Arithmetic } from '../arithmetic.ts';
import { nearestRefusal } from '../bounds/assignment.ts';
import { meanError } from '../bounds/mean.ts';
import { component, type Level, type Question } from '../component.ts';
import { fields, floats, integers } from '../schema.ts';
import { columnsOf, flatMapRows, rowsOf, tensor, type FloatTensor } from '../tensor.ts';
import { clusterLaws, type Clustered, type Clustering } from './clusterLaws.ts';
import { areFinite } from './codebooks.ts';
import { alike, matrix } from './quantizerInputs.ts';
import { clusteredSizes } from './sizes.ts';

const inputs = (level: Level): fc.Arbitrary<Clustering> => {
  const sizes =
    level === 'scale'
      ? fc.constantFrom(
          [127, 8, 3],
          [64, 5, 16],
          [129, 2, 7],
          [33, 17, 4],
          [513, 2, 1],
          [31, 3, 33],
        )
      : fc.tuple(
          fc.integer({ min: level === 'edge' ? 0 : 1, max: 9 }),
          fc.integer({ min: 1, max: 4 }),
          fc.integer({ min: 1, max: 4 }),
        );
  return sizes.chain(([count = 1, clusters = 1, width = 1]) =>
    alike(level, [
      [count, width],
      [clusters, width],
    ]).map(([vectors = matrix(), centroids = matrix()]) => ({ vectors, centroids })),
  );
};

/** Why some assignment is none that a sound step can have made, or nothing. */
function refusal<N>(
  a: Arithmetic<N>,
  { input, rounding, output }: Question<Clustering> & { readonly output: Clustered },
): string | undefined {
  const centroids = rowsOf(input.centroids);
  for (const [n, vector] of rowsOf(input.vectors).entries()) {
    const at = output.assignments.data[n] ?? -1;
    const problem = nearestRefusal(a, rounding, vector, centroids, at);
    if (problem !== undefined) return `vector ${n}: ${problem}`;
  }
  return undefined;
}

const line = (...values: readonly number[]): FloatTensor => matrix(...values.map((x) => [x]));

/**
 * One step of Lloyd's algorithm: every vector is assigned to the nearest of the centroids that were given, then every centroid becomes the mean of
 * the vectors that were assigned to it. A centroid without any stays where it is, bit for bit.
 * Both at once, not in turn: no vector is assigned to a mean of this step. Equal distances, and those that rounding cannot tell apart, may be
 * decided either way; the means are then those of what was decided. The sum of squared distances never rises.
 *
 * @example
 * kMeansStep({ vectors: [[1, 1], [2, 1], [4, 3], [5, 4.5]], centroids: [[1, 1], [5, 5], [9, 9]] }) // → { assignments: [0, 0, 1, 1], centroids: [[1.5, 1], [4.5, 3.75], [9, 9]] }
 */
export const kMeansStep = component({
  family: 'indexes',
  summary: 'Assigns every vector to the nearest centroid, and moves each to the mean of its own.',
  formula: String.raw`a_n = \arg\min_k \lVert x_n - c_k \rVert^2,\quad c'_k = \frac{1}{|\{n : a_n = k\}|} \sum_{n : a_n = k} x_n`,
  source:
    'Lloyd, Least squares quantization in PCM, IEEE Transactions on Information Theory 28(2), 1982, §II; MacQueen, 1967 (the name)',
  domain:
    'Finite numbers, one centroid or more. No vectors leave the centroids as they are. Where a square may leave the range of the format, nothing is said about the assignment of that vector.',
  input: fields({
    vectors: floats('[N, D]', 'what is put into clusters'),
    centroids: floats('[K, D]', 'where the clusters are'),
  })
    .refine(({ centroids }) => (centroids.shape[0] ?? 0) >= 1, {
      path: ['centroids'],
      error: 'expected one centroid or more',
    })
    .refine(({ vectors, centroids }) => areFinite(vectors) && areFinite(centroids), {
      path: ['vectors'],
      error: 'expected finite numbers',
    }),
  output: fields({
    assignments: integers('[N]', 'int32, the number of a nearest centroid for each vector'),
    centroids: floats('[K, D]', 'the mean of the vectors assigned to each'),
  }),
  arbitrary: inputs,
  sized: clusteredSizes,
  invalid: {
    'the widths differ': fc.constant({
      vectors: matrix([1, 2], [3, 4], [5, 6]),
      centroids: tensor('float32', [2, 3], [1, 2, 3, 4, 5, 6]),
    }),
    'there is no centroid': fc.constant({
      vectors: matrix([1, 2]),
      centroids: tensor('float32', [0, 2], []),
    }),
    'a component is NaN': fc.constant({
      vectors: matrix([1, NaN], [3, 4]),
      centroids: matrix([1, 2]),
    }),
    'a centroid is infinite': fc.constant({
      vectors: matrix([1, 2], [3, 4]),
      centroids: matrix([1, 2], [-Infinity, 4]),
    }),
  },
  bound: (a, { input: { vectors, centroids }, rounding, exact }) => {
    const columns = columnsOf(vectors);
    const assigned = Array.from(exact.assignments.data);
    const used = new Set(assigned);
    return {
      centroids: flatMapRows(centroids, (_, k) => {
        const weights = assigned.map((at) => (at === k ? 1 : 0));
        const isEmpty = !used.has(k);
        return columns.map((column) => a.from(isEmpty ? 0 : meanError(rounding, column, weights)));
      }),
    };
  },
  boundSource:
    'centroids, given the assignments: spec/bounds/mean.ts, (1/n) Σ|x| [(1 + G)(1 + ρ) − 1], for dividing the sum or each term; 0 where n is a power of two and every order of the sum is exact, and for empty clusters. An assignment is refused where the enclosures of two squared distances, widened by spec/bounds/distance.ts, do not meet (spec/bounds/assignment.ts)',
  admits: refusal,
  laws: clusterLaws,
  examples: [
    {
      id: 'worked-example',
      why: 'one vector in one cluster, three in the other, whose mean ends in a third',
      flags: ['ordinary', 'index-pq-05'],
      input: {
        vectors: matrix([1, 1], [2, 1], [4, 3], [5, 4]),
        centroids: matrix([1, 1], [2, 1]),
      },
    },
    {
      id: 'empty-cluster',
      why: 'a cluster without vectors, divided by none, set to zero or put elsewhere',
      flags: ['index-ivf-flat-08', 'empty-cluster'],
      input: {
        vectors: matrix([2, -1], [3, 1.5], [2.5, 0]),
        centroids: matrix([100.1, -50.7], [2, 1], [-77.3, 30.2]),
      },
    },
    {
      id: 'both-at-once',
      why: 'a centroid that has moved towards the first vector takes the second from the other',
      flags: ['online'],
      input: { vectors: line(4, 6.5, 1, 9), centroids: line(0, 10) },
    },
    {
      id: 'large-cluster',
      why: 'a sum over 65504 of vectors below 3000, which float16 does not hold',
      flags: ['index-ivf-flat-07', 'overflow'],
      input: {
        vectors: line(...Array.from({ length: 48 }, (_, n) => 2000 + ((n * 37) % 100) * 8)),
        centroids: line(-1000, 2500),
      },
    },
    {
      id: 'unequal-norms',
      why: 'centroids of lengths other than 1, whose squares are not taken or left out',
      flags: ['index-ivf-flat-05', 'norm'],
      input: {
        vectors: matrix([1.6, 0.1], [2.5, -0.25], [-1, 2], [1.25, 0.5]),
        centroids: matrix([3, 0], [0.5, 0]),
      },
    },
    {
      id: 'translated',
      why: 'squares of 10000 drown distances of 1 to 5',
      flags: ['index-brute-force-02'],
      input: {
        vectors: matrix([10000, 10001], [10002, 10000], [10001, 10003], [9998, 10004]),
        centroids: matrix([10001, 10000], [10000, 10004]),
      },
    },
    {
      id: 'integers',
      why: 'a sum of 16 integers that 11 bits do not hold, and a quotient that is exact',
      flags: ['low-precision-sum'],
      input: {
        vectors: matrix(
          ...[2047, 1025, 1027, 3, 511, -1, 2045, 77, 1999].map((x) => [x]),
          ...[1, 1001, 13, 1777, 1, 999, 1, -3000, -3001].map((x) => [x]),
        ),
        centroids: line(1000, -3001),
      },
    },
    {
      id: 'squares-not-sums',
      why: 'a distance of 3 in one component is more than 2 in both',
      flags: ['metric'],
      input: {
        vectors: matrix([0, 0], [1, 0.5], [-1, 0]),
        centroids: matrix([3, 0], [2, 2], [0, 5]),
      },
    },
    {
      id: 'square',
      why: 'as many vectors as centroids and components: axes that the shape does not tell apart',
      flags: ['axis'],
      input: {
        vectors: matrix([1, 2, 9], [8, 1, 4], [2, 2, 7]),
        centroids: matrix([7, 1, 3], [0, 5, 5], [2, 1, 9]),
      },
    },
    {
      id: 'odd-width',
      why: 'the components that decide come after the first four',
      flags: ['tile-edge'],
      input: {
        vectors: matrix([1, 2, 3, 4, 8], [1, 2, 3, 4, -1], [2, 1, 3, 4, 6.5]),
        centroids: matrix([1, 2, 3, 4, -3], [2, 2, 3, 4, 9]),
      },
    },
    {
      id: 'one-cluster',
      why: 'a single cluster of seven, the last of which fills no group of four',
      flags: ['one-element', 'tile-edge'],
      input: {
        vectors: matrix([1, 0], [2, 5], [3, -1], [5, 2], [7, 7], [11, 3], [-40, 12]),
        centroids: matrix([0, 0]),
      },
    },
  ],
});
