import { exponentOf, lowestBit, roundTo } from '../format.ts';
import type { Rounding } from '../numerics.ts';
import { dotBound } from './dot.ts';
import { differenceIsExact } from './weights.ts';

/** A squared distance and what a computed one may be off. */
export interface SquaredDistance {
  /** Σ (x_i − y_i)² as a double: exact where the error is 0, otherwise within 2^-40 of it relatively. */
  readonly value: number;
  readonly error: number;
}

const sumOfSquares = (x: readonly number[]): number => x.reduce((sum, d) => sum + d * d, 0);

/**
 * Σ (x_i − y_i)²: relative G(h + 3), two of the roundings for the squared difference; as the dot product of the differences with themselves
 * where those are exact.
 */
function direct(rounding: Rounding, x: readonly number[], y: readonly number[]): number {
  const differences = x.map((value, i) => value - (y[i] ?? NaN));
  const areExact = x.every((value, i) => differenceIsExact(y[i] ?? NaN, value, rounding));
  const { error } = dotBound(rounding, differences, differences, { rounded: areExact ? 0 : 2 });
  return error * (1 + 2 ** -40);
}

/**
 * ‖x‖² + ‖y‖² − 2 x·y: the errors of the three, and two more roundings of their magnitudes in whichever order they are added; 0 where the sum
 * of all terms is exact in every order.
 */
function expanded(rounding: Rounding, x: readonly number[], y: readonly number[]): number {
  const [own, other, cross] = [
    dotBound(rounding, x, x),
    dotBound(rounding, y, y),
    dotBound(rounding, x, y),
  ];
  const errors = own.error + other.error + 2 * cross.error;
  const twice = y.map((value) => 2 * value);
  if (errors === 0 && dotBound(rounding, [...x, ...y, ...x], [...x, ...y, ...twice]).error === 0)
    return 0;
  const magnitude = own.magnitude + other.magnitude + 2 * cross.magnitude + errors;
  const growth = rounding.growth(2);
  if (!(magnitude * (1 + growth) <= rounding.largest)) return Infinity;
  const flushed = rounding.numerics.flushesSubnormals ? 2 * rounding.tiny : 0;
  return (errors + growth * magnitude + flushed) * (1 + 2 ** -40);
}

/** The form is declared as algorithm.distance: 'direct', which is the default, or 'expanded', whose result may be negative. */
export function squaredDistance(
  rounding: Rounding,
  x: readonly number[],
  y: readonly number[],
): SquaredDistance {
  const form = rounding.numerics.algorithm['distance'] === 'expanded' ? expanded : direct;
  return {
    value: sumOfSquares(x.map((value, i) => value - (y[i] ?? NaN))),
    error: form(rounding, x, y),
  };
}

/** Whether √value is a number of the format, so that every sound root gives it. */
function rootIsExact(value: number, { accumulate }: Rounding): boolean {
  const root = Math.sqrt(value);
  if (root === 0) return true;
  const isShort = Number.isFinite(root) && exponentOf(root) - lowestBit(root) < 26;
  return isShort && root * root === value && roundTo(root, accumulate) === root;
}

/**
 * What the root of a computed squared distance may be off. For a square s off by e, with negative ones taken as 0, the root is off by at most
 * max(√s − √max(0, s − e), √(s + e) − √s), where √s − √(s − e) = e / (√s + √(s − e)), and is then rounded once.
 */
export function distanceError(
  rounding: Rounding,
  x: readonly number[],
  y: readonly number[],
): number {
  const { value, error } = squaredDistance(rounding, x, y);
  if (!(error < Infinity)) return Infinity;
  if (error === 0 && rootIsExact(value, rounding)) return 0;
  const margin = 1 + 2 ** -38;
  const [low, high] = [value / margin, value * margin];
  const below = error < low ? error / (Math.sqrt(low) + Math.sqrt(low - error)) : Math.sqrt(high);
  const above = error / (Math.sqrt(low + error) + Math.sqrt(low));
  const root = Math.max(below, error === 0 ? 0 : above);
  return (root + rounding.unit * (Math.sqrt(high) + root)) * margin;
}
