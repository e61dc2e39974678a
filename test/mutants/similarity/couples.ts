import { rowsOf, tensor, type FloatTensor } from '../../../spec/tensor.ts';
import { roundTo } from '../../../spec/format.ts';
import type { DeclaredNumerics } from '../../../spec/numerics.ts';
import { plainFloat32 } from '../mutant.ts';
import type { FloatDtype } from '../../../spec/tensor.ts';
import { float32, unitOf, type Unit } from '../../honest/machine.ts';
import type { Pair } from '../../../spec/similarity/pairs.ts';

export type Row = readonly number[];

/** A machine that keeps float32 tensors and sums in a narrower format than it says. */
export const narrow = (accumulate: FloatDtype): Unit => {
  const unit = unitOf({ ...float32, accumulate });
  const { round, sum } = unit;
  return { ...unit, dot: (a, b) => sum(a.map((x, i) => round(x * (b[i] ?? NaN)))) };
};

/** Sums in float64 of products that float32 cannot hold, and are infinite. */
export const overflowing = (a: Row, b: Row): number =>
  a.reduce((sum, x, i) => {
    const product = x * (b[i] ?? NaN);
    return sum + (Math.fround(product) === Infinity ? Infinity : product);
  }, 0);

/** What a float32 kernel declares whose sums are float64. */
export const longSums: DeclaredNumerics = { ...plainFloat32, accumulate: 'float64' };

/** A vector cut to a narrower format. */
export const cut = (row: Row, dtype: FloatDtype): Row => row.map((x) => roundTo(x, dtype));

/** The components that come in whole groups. */
export const wholeGroups = (row: Row, size: number): Row =>
  row.slice(0, row.length - (row.length % size));

/** One float32 number for each pair of rows. */
export const ofRows = ({ a, b }: Pair, compute: (x: Row, y: Row) => number): FloatTensor => {
  const others = rowsOf(b);
  return tensor(
    'float32',
    a.shape.slice(0, -1),
    rowsOf(a).map((row, i) => compute(row, others[i] ?? [])),
  );
};

/** The rows that the first axis makes where the last should: only where the shape does not tell. */
export const transposed = (source: FloatTensor): FloatTensor => {
  const [rows = 0, width = 0] = source.shape;
  if (source.shape.length !== 2 || rows !== width) return source;
  return tensor(
    'float32',
    source.shape,
    Array.from(
      source.data,
      (_, i) => source.data[(i % width) * width + Math.floor(i / width)] ?? NaN,
    ),
  );
};
