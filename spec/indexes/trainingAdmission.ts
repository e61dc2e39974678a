import type { Arithmetic } from '../arithmetic.ts';
import { byCount, meanError } from '../bounds/mean.ts';
import type { Part, Question } from '../component.ts';
import { euclideanNorm, greatestOf, leastOf } from '../extremes.ts';
import { smallestPositive, unitRoundoff } from '../format.ts';
import type { Rounding } from '../numerics.ts';
import { rowsOf, type FloatTensor } from '../tensor.ts';
import { centroidsOf, chunksOf } from './codebooks.ts';

export interface Training {
  readonly vectors: FloatTensor;
  readonly subvectors: number;
  readonly centroids: number;
  readonly iterations: number;
  readonly seed: number;
}
export interface Trained {
  readonly codebooks: FloatTensor;
}
type Row = readonly number[];

/** What one codebook was trained on, component by component too. */
interface Subspace {
  readonly rows: readonly Row[];
  readonly columns: readonly Row[];
  readonly book: readonly Row[];
  /** How far a computed and stored mean of some rows may be off, in each component. */
  readonly off: Row;
}

const squared = (x: Row, y: Row): number =>
  x.reduce((sum, value, d) => sum + (value - (y[d] ?? NaN)) ** 2, 0);
const sumOf = (row: Row): number => row.reduce((sum, x) => sum + x, 0);
const nearestSquare = (x: Row, book: readonly Row[]): number =>
  book.reduce((least, c) => Math.min(least, squared(x, c)), Infinity);

/** Σ of squared distances to the nearest centroids. */
export const distortionOf = (rows: readonly Row[], book: readonly Row[]): number =>
  sumOf(rows.map((row) => nearestSquare(row, book)));

/** How far apart two computed squared distances may be that order vectors and centroids wrongly: G(S + 8) (‖x‖ + ‖c‖)², twice, in any form. Infinity where one may overflow. */
export function tieError(rounding: Rounding, rows: readonly Row[]): number {
  const width = rows[0]?.length ?? 0;
  const most = rows.reduce((high, row) => Math.max(high, sumOf(row.map((x) => x * x))), 0);
  if (8 * most > rounding.largest) return Infinity;
  return rounding.growth(width + 8) * 8 * most + 16 * (width + 4) * rounding.normal;
}

/** By how much some move the copy of a centroid that they put in the place of an empty one, relatively. */
export const moved = 2 ** -9;

const largestOf = (row: Row): number => row.reduce((most, x) => Math.max(most, Math.abs(x)), 0);

/** The rounding of a mean of up to n numbers, in any order and form, and of storing it; a copy may have been moved besides. */
export function meanOff(rounding: Rounding, column: Row, isMoved: boolean): number {
  const most = largestOf(column);
  const count = column.length;
  const growth = rounding.growth(rounding.height(count) + 2);
  const relative = (1 + growth) * (1 + byCount(rounding, count)) - 1;
  const stored = 2 * unitRoundoff(rounding.storage) + 2 ** -44 + (isMoved ? moved : 0);
  const lost = (count + 2) * 2 * rounding.tiny + 2 * smallestPositive(rounding.storage);
  return most * (relative + stored) * (1 + relative) + lost;
}

export function subspacesOf(
  { vectors, subvectors, centroids }: Training,
  codebooks: FloatTensor,
  offOf: (column: Row, isMoved: boolean) => number,
): readonly Subspace[] {
  const width = (vectors.shape[1] ?? 0) / subvectors;
  const cut = rowsOf(vectors).map((row) => chunksOf(row, width));
  const books = centroidsOf(codebooks);
  return Array.from({ length: subvectors }, (_, m) => {
    const rows = cut.map((parts) => parts[m] ?? []);
    const columns = Array.from({ length: width }, (_column, d) => rows.map((row) => row[d] ?? NaN));
    const off = columns.map((column) => offOf(column, centroids > 1));
    return { rows, columns, book: books[m] ?? [], off };
  });
}

const isOutside = ({ columns, off }: Subspace, centroid: Row): boolean =>
  centroid.some((c, d) => {
    const column = columns[d] ?? [];
    const margin = off[d] ?? 0;
    return !(c >= leastOf(column) - margin && c <= greatestOf(column) + margin);
  });

const meanOf = (columns: readonly Row[]): Row =>
  columns.map((column) => sumOf(column) / column.length);

/** One centroid, after one step: the mean of all. */
function notTheMean(rounding: Rounding, { columns, book }: Subspace): string | undefined {
  const mean = meanOf(columns);
  const wrong = columns.findIndex((column, d) => {
    const error = meanError(
      rounding,
      column,
      column.map(() => 1),
    );
    const largest = largestOf(column);
    const directed = rounding.numerics.rounding === 'nearest' ? 1 : 2;
    const unit = directed * unitRoundoff(rounding.storage);
    const stored = unit * largest * 1.01 + smallestPositive(rounding.storage);
    const apart = Math.abs((book[0]?.[d] ?? NaN) - (mean[d] ?? NaN));
    return !(apart <= error + stored + largest * 2 ** -44);
  });
  return wrong < 0 ? undefined : `component ${wrong}: expected the mean ${mean[wrong]}`;
}

/** Any partition's means leave no more than the mean of all does, and nearest centroids no more than those of a partition. */
function tooFar({ rows, columns, book, off }: Subspace): string | undefined {
  const most = distortionOf(rows, [meanOf(columns)]);
  const blur = Math.sqrt(rows.length * sumOf(off.map((x) => x * x)));
  const allowed = (Math.sqrt(most) + blur) ** 2 * (1 + 2 ** -40);
  const found = distortionOf(rows, book);
  return found <= allowed ? undefined : `squared distances sum to ${found}, ${allowed} at most`;
}

/** At least as many as there are partitions by nearest centroids: on a line those into K runs, elsewhere any. */
function partitions(different: number, centroids: number, width: number): number {
  if (width > 1) return centroids ** different;
  let [total, ways] = [0, 1];
  for (let cuts = 0; cuts < centroids; cuts += 1) {
    total += ways;
    ways = (ways * (different - 1 - cuts)) / (cuts + 1);
  }
  return total;
}

/**
 * After more steps than there are partitions nothing changes any more, for every change lowers the sum: each centroid is the mean of its own. Some
 * stop before that, where a step moves centroids by little: they may be off by 1/64 of the box. Nothing is said where some vector is nearly as near
 * to another centroid, or a centroid has none.
 */
function notSettled(
  rounding: Rounding,
  { rows, columns, book, off }: Subspace,
  iterations: number,
): string | undefined {
  const different = new Set(rows.map(String)).size;
  if (iterations < partitions(different, book.length, columns.length) + 2) return undefined;
  const sides = columns.map((column) => greatestOf(column) - leastOf(column));
  const close = euclideanNorm(sides) / 64 + euclideanNorm(off);
  const ties = tieError(rounding, rows);
  const own = rows.map((row) => {
    const far = book.map((c) => squared(row, c));
    const at = far.indexOf(leastOf(far));
    const reach = (Math.sqrt(far[at] ?? NaN) + 4 * close) ** 2 + ties;
    return far.some((x, k) => k !== at && x < reach) ? undefined : at;
  });
  if (own.includes(undefined) || new Set(own).size < book.length) return undefined;
  for (const [k, centroid] of book.entries()) {
    const mean = meanOf(columns.map((column) => column.filter((_, n) => own[n] === k)));
    if (!(Math.sqrt(squared(mean, centroid)) <= close))
      return `centroid ${k} is not the mean of what it is nearest to after ${iterations} steps`;
  }
  return undefined;
}

const canOverflow = (rounding: Rounding, { columns }: Subspace): boolean =>
  columns.some((column) => 4 * column.length * largestOf(column) > rounding.largest);

function refusalOf(rounding: Rounding, subspace: Subspace, iterations: number): string | undefined {
  const stray = subspace.book.findIndex((centroid) => isOutside(subspace, centroid));
  if (stray >= 0) return `centroid ${stray} is outside of what it was trained on`;
  if (iterations === 0) return undefined;
  if (subspace.book.length === 1) return notTheMean(rounding, subspace);
  return tooFar(subspace) ?? notSettled(rounding, subspace, iterations);
}

/** Why codebooks are none that Lloyd's algorithm comes to from anywhere, or nothing. */
export function trainingRefusal<N>(
  _arithmetic: Arithmetic<N>,
  {
    input,
    rounding,
    output: { codebooks },
    judged,
  }: Question<Training> & { readonly output: Trained; readonly judged?: (part: Part) => void },
): string | undefined {
  const { vectors, subvectors, centroids, iterations } = input;
  const expected = [subvectors, centroids, (vectors.shape[1] ?? 0) / subvectors];
  if (expected.join() !== codebooks.shape.join())
    return `expected shape [${expected.join(', ')}], got [${codebooks.shape.join(', ')}]`;
  const off = (column: Row, isMoved: boolean): number => meanOff(rounding, column, isMoved);
  for (const [m, subspace] of subspacesOf(input, codebooks, off).entries()) {
    if (canOverflow(rounding, subspace)) continue;
    const problem = refusalOf(rounding, subspace, iterations);
    if (problem !== undefined) return `subvector ${m}: ${problem}`;
    judged?.('quantized');
  }
  return undefined;
}
