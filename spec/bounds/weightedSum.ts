import { roundTo } from '../format.ts';
import type { Rounding } from '../numerics.ts';
import { dotBound } from './dot.ts';
import { epsilonError } from './layerNorm.ts';

/** Absorbs the roundings of figures that are made in double. */
export const outward = 1 + 2 ** -40;

/** A factor ≥ 0 and how far the one that an implementation has may be from it. */
export interface Factor {
  readonly value: number;
  readonly error: number;
}
/** A number that JSON states, rounded to the accumulation format. */
export const stated = (rounding: Rounding, value: number): Factor => ({
  value,
  error: epsilonError(rounding, value),
});

/** A number that an implementation has, exactly or within an error, and its magnitude at most. */
export interface Known {
  readonly value: number;
  readonly error: number;
  readonly size: number;
}
export const given = (value: number): Known => ({ value, error: 0, size: Math.abs(value) });

/** Σ f_i x_i, in double, and what a computed one may be off. Its size includes the error. */
export function weightedSum(
  rounding: Rounding,
  factors: readonly Factor[],
  terms: readonly Known[],
): Known {
  const values = terms.map(({ value }) => value);
  const held = factors.map(({ value }) => roundTo(value, rounding.accumulate));
  const value = factors.reduce((sum, f, i) => sum + f.value * (values[i] ?? NaN), 0);
  const moved = factors.reduce((sum, f, i) => {
    const { error, size } = terms[i] ?? given(NaN);
    return sum + (size === 0 ? 0 : f.error * size) + f.value * error;
  }, 0);
  const isMoved = moved > 0;
  const isDirected = rounding.numerics.rounding !== 'nearest';
  const isInexact = terms.some(({ error }) => error > 0) || (isMoved && isDirected);
  const { magnitude, roundings, error } = dotBound(rounding, held, values, {
    rounded: isInexact ? 1 : 0,
  });
  if (!(error < Infinity && moved < Infinity)) return { value, error: Infinity, size: Infinity };
  if (!isMoved) return { value, error, size: Math.abs(value) + error };
  const growth = rounding.growth(roundings + 1);
  const total = (error + moved * (1 + growth)) * outward;
  return { value, error: total, size: (Math.abs(value) + total + magnitude * 2 ** -50) * outward };
}
