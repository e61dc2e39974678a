import type { Rounding } from '../numerics.ts';
import { dotBound, type DotBound } from './dot.ts';

const isZero = (x: ArrayLike<number>): boolean => Array.from(x).every((value) => value === 0);

/** e^x − 1 ≤ x + x² for 0 ≤ x ≤ 1.79. Beyond 1 it says nothing. */
const excess = (x: number): number => (x <= 1 ? x + x * x : Infinity);

/** The relative error of a computed ‖x‖². */
const relativeOf = ({ magnitude, error }: DotBound): number => (error / magnitude) * (1 + 2 ** -40);

/** Whether ‖x‖², ‖y‖² and their product, which some take the root of, are surely normal numbers of the format. */
function isInRange({ normal, largest }: Rounding, left: number, right: number): boolean {
  const least = Math.min(left, right, left * right);
  const greatest = Math.max(left, right, left * right);
  return least >= 2 * normal && greatest <= largest / 4;
}

/**
 * What a computed cosine of stored numbers may be off, with c = Σ x_i y_i / ‖x‖‖y‖, P = Σ |x_i y_i| / ‖x‖‖y‖ and the relative errors r of the
 * squared norms: |c| C + (1 + C) g P + n η. C is for what all terms share, the two roots (or reciprocal roots),
 * C = (1 + ρ)² / √((1 − r_x)(1 − r_y)) − 1. g is for what each term has by itself, g = (1 + u)^(h + π) (1 + ρ_div)² (1 + u)² − 1: the sum, and
 * the two divisions (or products with reciprocals) of a kernel that normalises first. One that divides the dot product by both norms, or by
 * the root of their squared product, rounds no more often, and its divisions act on |c| ≤ P. 0 where every product is 0, a zero vector included;
 * Infinity where the squared norms or their product may leave the range of normal numbers.
 */
export function cosineError(
  rounding: Rounding,
  x: ArrayLike<number>,
  y: ArrayLike<number>,
): number {
  if (isZero(x) || isZero(y)) return 0;
  const [left, right, cross] = [
    dotBound(rounding, x, x),
    dotBound(rounding, y, y),
    dotBound(rounding, x, y),
  ];
  if (!isInRange(rounding, left.magnitude, right.magnitude)) return Infinity;
  const [ownLeft, ownRight] = [relativeOf(left), relativeOf(right)];
  if (!(ownLeft < 0.5 && ownRight < 0.5 && cross.error < Infinity)) return Infinity;
  if (cross.magnitude === 0) return 0;
  const norms = Math.sqrt(left.magnitude) * Math.sqrt(right.magnitude);
  const portion = Math.min(1, (cross.magnitude / norms) * (1 + 2 ** -40));
  const cosine =
    Math.abs(Array.from(x).reduce((sum, value, i) => sum + value * (y[i] ?? NaN), 0)) / norms;
  const root = 2 * Math.max(rounding.unit, rounding.reciprocalRoot);
  const shared = excess(root + 0.5 * (ownLeft / (1 - ownLeft) + ownRight / (1 - ownRight)));
  const terms = Array.from(x).filter((value, i) => value !== 0 && y[i] !== 0).length;
  const sum = Math.min(rounding.height(x.length), terms - 1) + 1;
  const single = excess(sum * rounding.unit + 2 * (rounding.division + rounding.unit));
  const lost = 8 * terms * rounding.tiny + cross.underflow / norms;
  const known = Math.min(1, cosine + x.length * 2 ** -50 * portion);
  return (known * shared + (1 + shared) * (single * portion + lost)) * (1 + 2 ** -30);
}
