import { roundTo } from '../format.ts';
import type { Rounding } from '../numerics.ts';
import { dotBound } from './dot.ts';

/** Relative error of a quotient by a count, by a reciprocal and a product too; a count that the format does not hold is rounded first. */
export const byCount = ({ division, unit, accumulate }: Rounding, count: number): number =>
  division + 1.01 * unit + (roundTo(count, accumulate) === count ? 0 : 1.01 * unit);

/**
 * What a computed mean of the stored numbers whose weight is 1, not 0, may be off: (1/n) Σ|x| [(1 + G(h))(1 + ρ_n) − 1] for a sum that is
 * divided by n, and for a sum of numbers each of which is divided by n, or multiplied by the rounded 1/n. 0 where n is a power of two and every
 * order of the sum is exact; Infinity where a partial sum may overflow.
 */
export function meanError(
  rounding: Rounding,
  x: readonly number[],
  weights: readonly number[],
): number {
  const { normal, precision, division, unit, tiny } = rounding;
  const { magnitude, roundings, underflow, error } = dotBound(rounding, x, weights);
  const count = weights.reduce((sum, weight) => sum + weight, 0);
  if (!(error < Infinity)) return Infinity;
  if (magnitude === 0) return 0;
  const sizes = x.map((value, i) => Math.abs(value * (weights[i] ?? 0)));
  const least = sizes.reduce((low, size) => (size > 0 && size < low ? size : low), Infinity);
  const isNormal = least >= 2 * count * normal * 2 ** precision;
  const isPowerOfTwo = Number.isInteger(Math.log2(count));
  if (error === 0 && isNormal && isPowerOfTwo && division <= unit) return 0;
  const growth = rounding.growth(roundings);
  const ratio = byCount(rounding, count);
  const relative = growth + ratio + growth * ratio;
  const lost = isNormal ? 0 : (sizes.length + 2) * 2 * tiny;
  return ((relative * magnitude + underflow) / count + lost) * (1 + 2 ** -40);
}
