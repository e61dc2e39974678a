import { rangeOf, readAll, type Arithmetic } from '../arithmetic.ts';
import type { Rounding } from '../numerics.ts';
import { Undecided } from '../undecided.ts';
import { dotBound } from './dot.ts';
import { compounded } from './enlarged.ts';
import { epsilonError, rootError, rootExcess, underflowOf } from './layerNorm.ts';
import { byCount, dividesExactly } from './moments.ts';

/** More than what a chain of operations in doubles loses here. */
const slack = 1 + 2 ** -40;

/** The error of the mean square m of a row: ((1 + u)^(h + 1) (1 + ρ) − 1) m; 0 where every square, sum and the quotient are exact. */
function meanSquareError(rounding: Rounding, row: readonly number[], meanSquare: number): number {
  const total = row.reduce((sum, x) => sum + x * x, 0);
  const isExact =
    dotBound(rounding, row, row).error === 0 && dividesExactly(rounding, total, row.length);
  if (isExact) return 0;
  const growth = rounding.growth(rounding.height(row.length) + 1);
  const relative = compounded(growth, byCount(rounding, row.length));
  const mayUnderflow = row.some((x) => Math.abs(x) < Math.sqrt(rounding.normal));
  return meanSquare * relative + (mayUnderflow ? 2 * rounding.tiny : 0);
}

/**
 * How far computed γ_i x_i / √(m + ε), m = mean x², may be from the exact ones: |y_i| [(1 − rel_q)^(−1/2)(1 + ρ)(1 + u)² − 1], with q = m + ε and
 * rel_q = (E_m + E_ε + u(q + E_m + E_ε))/q: purely relative, but for what is lost below the normal range. Says nothing where
 * squares may overflow.
 */
export function rmsNormErrors<N>(
  a: Arithmetic<N>,
  rounding: Rounding,
  row: readonly number[],
  { gain, epsilon }: { readonly gain: ArrayLike<number>; readonly epsilon: number },
): readonly N[] {
  const everywhere = (value: number) => new Array<N>(row.length).fill(a.from(value));
  if (row.length === 0 || !row.every(Number.isFinite)) return everywhere(0);
  const largest = row.reduce((top, x) => Math.max(top, Math.abs(x)), 0);
  if (!((2 * row.length * largest * largest + 2 * epsilon) * slack < rounding.largest))
    return everywhere(Infinity);
  const { lower, upper } = rangeOf(a);
  const values = readAll(a, row);
  const exact = a.add(a.divide(a.dot(values, values), a.from(row.length)), a.from(epsilon));
  const [q, top] = [lower(exact), upper(exact)];
  if (top === 0) return everywhere(0);
  if (top - q > top * 2 ** -20) throw new Undecided('a mean square is not known well enough');
  const before = meanSquareError(rounding, row, top) + epsilonError(rounding, epsilon);
  const relative = ((before + (top + before) * rounding.unit) / q) * slack;
  if (!(relative < 1)) return everywhere(Infinity);
  const scale = (1 / Math.sqrt(q)) * slack;
  const rounded = compounded(rootError(rounding), rounding.growth(2));
  const excess = compounded(rootExcess(relative), rounded);
  return readAll(
    a,
    row.map((x, i) => scaledError(rounding, Math.abs(x), scale, excess, Math.abs(gain[i] ?? 0))),
  );
}

/** γ x r, from the factors that it is made of. */
function scaledError(
  rounding: Rounding,
  reached: number,
  scale: number,
  excess: number,
  gain: number,
): number {
  if (reached === 0 || gain === 0) return 0;
  const steep = gain * scale;
  if (!(Math.max(reached, 1) * steep * (1 + excess) * slack < rounding.largest / 2))
    return Infinity;
  return (steep * reached * excess + underflowOf(rounding, reached, steep, scale, gain)) * slack;
}
