import type { Rounding } from '../numerics.ts';
import { dotBound } from './dot.ts';

/** e^x − 1 ≤ x + x² for 0 ≤ x ≤ 1.79. Beyond 1 it says nothing. */
const excess = (x: number): number => (x <= 1 ? x + x * x : Infinity);

/**
 * What the components of a computed x / ‖x‖ of a stored vector may be off, each relative to its magnitude, and absolutely where it may be
 * subnormal: (1 + ρ)(1 + ρ_div)(1 + u) / √(1 − r) − 1, with r the relative error of ‖x‖², ρ of the root or its reciprocal, and a quotient, or
 * a reciprocal and a product. Infinity where ‖x‖² may leave the range of normal numbers. Half of the cosine's bound.
 */
export function unitErrors(
  rounding: Rounding,
  x: readonly number[],
): { readonly relative: number; readonly absolute: (i: number) => number } {
  const { normal, largest, unit, division, reciprocalRoot, tiny } = rounding;
  const { magnitude, error } = dotBound(rounding, x, x);
  const ofSquare = (error / magnitude) * (1 + 2 ** -40);
  const isInRange = magnitude >= 2 * normal && magnitude <= largest / 4 && ofSquare < 0.5;
  if (!isInRange) return { relative: Infinity, absolute: () => Infinity };
  const ofLength = Math.max(unit, reciprocalRoot) + (0.5 * ofSquare) / (1 - ofSquare);
  const least = 2 * normal * Math.sqrt(magnitude);
  return {
    relative: excess(ofLength + division + unit) * (1 + 2 ** -30),
    absolute: (i) => {
      const size = Math.abs(x[i] ?? NaN);
      return size !== 0 && size < least ? 2 * tiny : 0;
    },
  };
}
