import { roundTo } from '../../../spec/format.ts';
import { randomStream } from '../../../spec/generate.ts';
import { chunksOf } from '../../../spec/indexes/codebooks.ts';
import type { PqOpening } from '../../../spec/indexes/decoded.ts';
import { rowsOf } from '../../../spec/tensor.ts';
import type { Unit } from '../machine.ts';
import { placeOfLeast, type Row } from './nearest.ts';

/** What an inverted file of codes is trained to: the centroids of lists, and for each subvector those of residuals. */
export interface Quantizer {
  readonly lists: readonly Row[];
  readonly books: readonly (readonly Row[])[];
}

const squared = (x: Row, y: Row): number =>
  x.reduce((sum, value, d) => sum + (value - (y[d] ?? NaN)) ** 2, 0);
const nearest = (x: Row, centroids: readonly Row[]): number =>
  placeOfLeast(centroids.map((centroid) => squared(x, centroid)));

/** So many different rows, in a random order. */
export function drawn(rows: readonly Row[], many: number, seed: number): readonly Row[] {
  const next = randomStream(seed);
  const left = [...rows];
  return Array.from(
    { length: many },
    () => left.splice(Math.floor(next() * left.length), 1)[0] ?? [],
  );
}

/** How a centroid moves to the mean of its own, which may be none. */
export type Move = (before: Row, own: readonly Row[]) => Row;

const toMean: Move = (before, own) =>
  own.length === 0
    ? before
    : before.map((_, d) => own.reduce((sum, row) => sum + (row[d] ?? NaN), 0) / own.length);

/** Lloyd's algorithm from seeded rows, in double, whatever the machine: training may take place elsewhere. */
export function kMeans(
  rows: readonly Row[],
  many: number,
  seed: number,
  move: Move = toMean,
): readonly Row[] {
  let centroids = drawn(rows, many, seed);
  for (let step = 0; step < 6; step += 1) {
    const own = Array.from({ length: many }, (): Row[] => []);
    for (const row of rows) own[nearest(row, centroids)]?.push(row);
    centroids = centroids.map((before, k) => move(before, own[k] ?? []));
  }
  return centroids;
}

/** The training of lists and codebooks, rounded to what the machine computes in. */
export function trainedOf(
  { machine: { accumulate } }: Unit,
  { training, lists, subvectors, centroids, dimension, seed }: PqOpening,
  prepare: (row: Row) => Row,
  move: Move = toMean,
): Quantizer {
  const rounded = (rows: readonly Row[]): readonly Row[] =>
    rows.map((row) => row.map((x) => roundTo(x, accumulate)));
  const rows = rowsOf(training).map(prepare);
  const coarse = rounded(kMeans(rows, lists, seed, move));
  const residuals = rows.map((row) => {
    const centroid = coarse[nearest(row, coarse)] ?? [];
    return row.map((x, d) => x - (centroid[d] ?? NaN));
  });
  const parts = residuals.map((row) => chunksOf(row, dimension / subvectors));
  const books = Array.from({ length: subvectors }, (_, m) =>
    rounded(
      kMeans(
        parts.map((row) => row[m] ?? []),
        centroids,
        seed + m,
        move,
      ),
    ),
  );
  return { lists: coarse, books };
}
