import { readAll, type Arithmetic } from '../arithmetic.ts';
import type { Rounding } from '../numerics.ts';
import { dotBound } from './dot.ts';

/** Numbers and how far computed ones may be from them. */
export interface Approximate<N> {
  readonly exact: readonly N[];
  readonly errors: readonly N[];
}

/** x·W + b of stored numbers, with the errors of its sums. */
export function projectStored<N>(
  a: Arithmetic<N>,
  rounding: Rounding,
  row: readonly number[],
  columns: readonly (readonly number[])[],
  bias: ArrayLike<number> | undefined,
): Approximate<N> {
  const lifted = readAll(a, row);
  return {
    exact: columns.map((column, c) =>
      a.add(a.dot(lifted, readAll(a, column)), a.from(bias?.[c] ?? 0)),
    ),
    errors: columns.map((column, c) =>
      a.from(
        dotBound(rounding, row, column, bias === undefined ? {} : { addend: bias[c] ?? NaN }).error,
      ),
    ),
  };
}

/**
 * The error of a dot product of two rows that are off by E and F: Σ (|x| F + E |y| + E F) + G Σ (|x| + E)(|y| + F), and the second sum.
 * A product may be subnormal: n · tiny more.
 */
export function dotOfApproximate<N>(
  a: Arithmetic<N>,
  rounding: Rounding,
  x: Approximate<N>,
  y: Approximate<N>,
  roundings: number,
): { readonly error: N; readonly magnitude: N } {
  const raise = ({ exact, errors }: Approximate<N>) =>
    exact.map((value, i) => a.add(a.absolute(value), errors[i] ?? a.from(0)));
  const [left, right] = [raise(x), raise(y)];
  const magnitude = a.dot(left, right);
  const plain = a.dot(x.exact.map(a.absolute), y.exact.map(a.absolute));
  const inherited = a.subtract(magnitude, plain);
  const own = a.multiply(a.from(rounding.growth(roundings)), magnitude);
  const infinity = a.from(Infinity);
  const unknown = [...x.errors, ...y.errors].some((error) => a.compare(error, infinity) === 0);
  if (unknown) return { magnitude: infinity, error: infinity };
  const overflows = a.compare(magnitude, a.from(rounding.largest / 2)) > 0;
  return {
    magnitude,
    error: overflows
      ? infinity
      : a.add(a.absolute(inherited), a.add(own, a.from(x.exact.length * rounding.tiny))),
  };
}

/** The errors of x·W + b for a row that is itself off. */
export const projectErrors = <N>(
  a: Arithmetic<N>,
  rounding: Rounding,
  row: Approximate<N>,
  columns: readonly (readonly number[])[],
  bias: ArrayLike<number> | undefined,
): readonly N[] =>
  columns.map((column, c) => {
    const exactOne = { exact: [a.from(bias?.[c] ?? 0)], errors: [a.from(0)] };
    const full = {
      exact: [...row.exact, ...exactOne.exact],
      errors: [...row.errors, ...exactOne.errors],
    };
    const weights = {
      exact: [...column.map(a.from), a.from(1)],
      errors: [...column.map(() => a.from(0)), a.from(0)],
    };
    const roundings = rounding.height(column.length) + 1 + (bias === undefined ? 0 : 1);
    return dotOfApproximate(a, rounding, full, weights, roundings).error;
  });
