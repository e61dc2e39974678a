import type { Arithmetic } from '../arithmetic.ts';
import type { Rounding } from '../numerics.ts';
import { dotBound } from './dot.ts';
import { compounded, enlarged } from './enlarged.ts';
import { epsilonError, rootError, underflowOf } from './layerNorm.ts';
import { byCount, dividesExactly } from './moments.ts';

/** The error of the mean square m of a row: ((1 + u)^(h + 1) (1 + ρ) − 1) m; 0 where every square, sum and the quotient are exact. */
function meanSquareError<N>(
  a: Arithmetic<N>,
  rounding: Rounding,
  row: readonly number[],
  meanSquare: N,
): N {
  const total = row.reduce((sum, x) => sum + x * x, 0);
  const isExact =
    dotBound(rounding, row, row).error === 0 && dividesExactly(rounding, total, row.length);
  if (isExact) return a.from(0);
  const growth = rounding.growth(rounding.height(row.length) + 1);
  const relative = compounded(growth, byCount(rounding, row.length));
  const mayUnderflow = row.some((x) => Math.abs(x) < Math.sqrt(rounding.normal));
  const floor = a.from(mayUnderflow ? 2 * rounding.tiny : 0);
  return a.add(a.multiply(meanSquare, a.from(relative)), floor);
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
  { gain, epsilon }: { readonly gain: readonly N[]; readonly epsilon: number },
): readonly N[] {
  const zero = a.from(0);
  const infinite = a.from(Infinity);
  const nowhere = row.map(() => zero);
  const unknown = row.map(() => infinite);
  if (row.length === 0 || !row.every(Number.isFinite)) return nowhere;
  const values = row.map(a.from);
  const largest = a.max(values.map(a.absolute));
  const top = a.multiply(a.from(2 * row.length), a.multiply(largest, largest));
  if (!(a.compare(a.add(top, a.from(2 * epsilon)), a.from(rounding.largest)) < 0)) return unknown;
  const meanSquare = a.divide(a.dot(values, values), a.from(row.length));
  const q = a.add(meanSquare, a.from(epsilon));
  if (a.compare(q, zero) === 0) return nowhere;
  const before = a.add(
    meanSquareError(a, rounding, row, meanSquare),
    a.from(epsilonError(rounding, epsilon)),
  );
  const ofSum = a.multiply(a.add(q, before), a.from(rounding.unit));
  const left = a.subtract(a.from(1), a.divide(a.add(before, ofSum), q));
  if (!(a.compare(left, zero) > 0)) return unknown;
  const scale = a.divide(a.from(1), a.sqrt(q));
  const roundings = compounded(rootError(rounding), rounding.growth(2));
  const worst = enlarged(a, a.divide(a.from(1), a.sqrt(left)), roundings);
  return values.map((x, i) => scaledError(a, rounding, { x, scale, worst, gain: gain[i] ?? zero }));
}

/** γ x r, from the factors that it is made of. */
function scaledError<N>(
  a: Arithmetic<N>,
  rounding: Rounding,
  { x, scale, worst, gain }: { x: N; scale: N; worst: N; gain: N },
): N {
  const zero = a.from(0);
  if (a.compare(x, zero) === 0 || a.compare(gain, zero) === 0) return zero;
  const reached = a.absolute(x);
  const steep = a.multiply(a.absolute(gain), scale);
  const greatest = a.multiply(a.multiply(a.max([reached, a.from(1)]), steep), worst);
  if (!(a.compare(greatest, a.from(rounding.largest / 2)) < 0)) return a.from(Infinity);
  const relative = a.multiply(a.multiply(steep, reached), a.subtract(worst, a.from(1)));
  return a.add(relative, underflowOf(a, rounding, { reached, steep, scale, gain }));
}
