import type { Arithmetic } from '../../spec/arithmetic.ts';
import { randomStream } from '../../spec/generate.ts';
import { chunksOf } from '../../spec/indexes/codebooks.ts';
import { pqTrain as spec } from '../../spec/indexes/pqTrain.ts';
import { rowsOf } from '../../spec/tensor.ts';
import { Undecided } from '../arithmetics/enclosing.ts';
import { reference } from '../reference.ts';
import { nearest } from './nearest.ts';

/** So many different places, in the order in which the seed draws them. */
function drawn(count: number, many: number, seed: number): readonly number[] {
  const next = randomStream(seed);
  const left = Array.from({ length: count }, (_, i) => i);
  return Array.from(
    { length: many },
    () => left.splice(Math.floor(next() * left.length), 1)[0] ?? 0,
  );
}

/** Takes for equal what the arithmetic cannot tell apart: either is a sound decision, and equal distances are met that are not exact. */
const deciding = <N>(arithmetic: Arithmetic<N>): Arithmetic<N> => ({
  ...arithmetic,
  compare: (a, b) => {
    try {
      return arithmetic.compare(a, b);
    } catch (error) {
      if (error instanceof Undecided) return 0;
      throw error;
    }
  },
});

/** One step of Lloyd's algorithm. */
function step<N>(
  arithmetic: Arithmetic<N>,
  rows: readonly (readonly N[])[],
  centroids: readonly (readonly N[])[],
): readonly (readonly N[])[] {
  const { divide, from, sum } = arithmetic;
  const assigned = rows.map((row) => nearest(arithmetic, row, centroids));
  return centroids.map((centroid, k) => {
    const own = rows.filter((_, n) => assigned[n] === k);
    const mean = (d: number): N =>
      divide(sum(own.map((row) => row[d] ?? from(NaN))), from(own.length));
    return own.length === 0 ? centroid : centroid.map((_, d) => mean(d));
  });
}

export const pqTrain = reference(
  spec,
  (arithmetic, { vectors, subvectors, centroids, iterations, seed }) => {
    const sound = deciding(arithmetic);
    const width = (vectors.shape[1] ?? 0) / subvectors;
    const cut = rowsOf(vectors).map((row) => chunksOf(row, width));
    const places = drawn(cut.length, centroids, seed);
    const books = Array.from({ length: subvectors }, (_, m) => {
      const rows = cut.map((parts) => parts[m] ?? []);
      let book = places.map((place) => rows[place] ?? []);
      for (let i = 0; i < iterations; i += 1) book = [...step(sound, rows, book)];
      return book;
    });
    return { codebooks: { shape: [subvectors, centroids, width], data: books.flat(2) } };
  },
);
