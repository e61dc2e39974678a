import type { Matrix } from '../data/open.ts';
import type { Trust } from './blur.ts';
import { paddedWidth } from './integerProducts.ts';
import type { Search } from './search.ts';

/** Rows as multiples of a step, a power of two that so many of them share: 16-bit integers, filled up with zeros. */
export interface Coarse {
  readonly width: number;
  readonly integers: Int16Array;
  /** How many rows share a step. */
  readonly perStep: number;
  readonly steps: Float64Array;
  /** Of the rows of a step, at least: the greatest length ‖x‖, and the greatest ‖x − step · integers‖. */
  readonly lengths: Float64Array;
  readonly residuals: Float64Array;
}

/** The greatest integer whose square, so many times, stays below 2^30, and which 16 bits hold. */
const greatestInteger = (columns: number): number =>
  Math.min(2 ** 15 - 1, Math.floor(Math.sqrt((2 ** 30 - 1) / columns)));

/** The least power of two by which all numbers come to the greatest integer at most; 1 of zeros. */
function stepFor(greatest: number, most: number): number {
  if (greatest === 0) return 1;
  let step = 2 ** Math.ceil(Math.log2(greatest / most));
  while (greatest / step > most) step *= 2;
  return step;
}

/** More than what the sums and roots of a length of at most 2^20 numbers may be off, and what is made of it here. */
export const outward = 1 + 2 ** -30;

/** A row by itself, or over its length: the divisor. */
type Divisors = (row: number) => number;

function greatestOf(
  { data, columns }: Matrix,
  divisor: Divisors,
  first: number,
  last: number,
): number {
  let greatest = 0;
  for (let row = first; row < last; row += 1) {
    let ofRow = 0;
    for (let i = row * columns; i < (row + 1) * columns; i += 1) {
      const x = data[i] ?? 0;
      if (x > ofRow) ofRow = x;
      else if (-x > ofRow) ofRow = -x;
    }
    greatest = Math.max(greatest, ofRow / divisor(row));
  }
  return greatest;
}

/** Added to a number of less than 51 bits and taken away again it leaves the nearest integer. */
const toIntegers = 1.5 * 2 ** 52;

/** Rounds the elements of a row over `unit`, and says how far they are from their integers: ‖x / unit − integers‖, but for the rounding of x / unit. */
function roundRow(
  { data, columns }: Matrix,
  { integers, width }: Pick<Coarse, 'integers' | 'width'>,
  row: number,
  unit: number,
): number {
  let [square, at] = [0, row * width];
  for (let i = row * columns; i < (row + 1) * columns; i += 1) {
    const x = (data[i] ?? 0) / unit;
    const integer = x + toIntegers - toIntegers;
    const left = x - integer;
    square += left * left;
    integers[at] = integer;
    at += 1;
  }
  return Math.sqrt(square);
}

/** Whether a coarse pass says anything: of rows that are tame (`blurOf`), which a few thousand integers tell apart. */
export const hasCoarse = ({ vectors, k }: Search, trust: Trust): boolean =>
  trust.vectors.isTame &&
  trust.queries.isTame &&
  vectors.columns <= 2 ** 20 &&
  8 * k <= vectors.rows;

/** Rows as integers of steps that so many share. What x / unit is rounded by, and lengths are (`blurOf`), is below 2^-31 of them. */
function coarseOf(
  matrix: Matrix,
  lengthsOf: Float64Array,
  perStep: number,
  divisor: Divisors,
): Coarse {
  const { rows, columns } = matrix;
  const width = paddedWidth(columns);
  const count = Math.ceil(rows / perStep);
  const doubles = (): Float64Array => new Float64Array(new SharedArrayBuffer(8 * count));
  const integers = new Int16Array(new SharedArrayBuffer(2 * rows * width));
  const [steps, lengths, residuals] = [doubles(), doubles(), doubles()];
  for (let at = 0; at < count; at += 1) {
    const [first, last] = [at * perStep, Math.min(rows, (at + 1) * perStep)];
    const step = stepFor(greatestOf(matrix, divisor, first, last), greatestInteger(columns));
    let [length, residual] = [0, 0];
    for (let row = first; row < last; row += 1) {
      const unit = step * divisor(row);
      residual = Math.max(residual, roundRow(matrix, { integers, width }, row, unit) * step);
      length = Math.max(length, (lengthsOf[row] ?? Infinity) / divisor(row));
    }
    steps[at] = step;
    lengths[at] = length * outward;
    residuals[at] = (residual + 2 ** -31 * length) * outward;
  }
  return { width, integers, perStep, steps, lengths, residuals };
}

/** The rows of both sides as integers; under cosine the vectors are divided by their lengths first. */
export interface CoarseSides {
  readonly vectors: Coarse;
  readonly queries: Coarse;
}

const whole: Divisors = () => 1;

/** Tiles of vectors and blocks of queries have a step each. */
export function coarseSides(
  { vectors, queries, metric }: Search,
  trust: Trust,
  perTile: number,
  perBlock: number,
): CoarseSides {
  const { lengths } = trust.vectors;
  const length: Divisors = (row) => lengths[row] || 1;
  const divisor = metric === 'cosine' ? length : whole;
  return {
    vectors: coarseOf(vectors, lengths, perTile, divisor),
    queries: coarseOf(queries, trust.queries.lengths, perBlock, whole),
  };
}
