import type { Arithmetic } from '../arithmetic.ts';
import { greatestOf, leastOf } from '../extremes.ts';
import {
  exponentOf,
  formats,
  largestFinite,
  lowestBit,
  roundTo,
  smallestNormal,
  smallestPositive,
  unitRoundoff,
} from '../format.ts';
import type { Rounding } from '../numerics.ts';
import type { Range } from './ranking.ts';
import { differenceIsExact } from './weights.ts';

const slack = 1 + 2 ** -40;

/** What is compared may be kept as it is stored: so much may that move it, relatively. 0 where storage is no narrower. */
export function storedUnit({ storage, accumulate, numerics }: Rounding): number {
  if (formats[storage].precision >= formats[accumulate].precision) return 0;
  return unitRoundoff(storage) * (numerics.rounding === 'nearest' ? 1 : 2);
}

/** Below this magnitude a number may be subnormal in the format of accumulation or of storage. */
const leastNormal = ({ storage, accumulate }: Rounding): number =>
  Math.max(smallestNormal(storage), smallestNormal(accumulate));

/**
 * Between which doubles an implementation may hold a JSON number: itself, and what it rounds to in the format of accumulation or of storage;
 * any number within the unit of one where rounding may go to either side; 0 where subnormals are flushed.
 */
export function heldBetween(
  rounding: Rounding,
  x: number,
): { readonly least: number; readonly most: number } {
  const { storage, accumulate, unit, numerics } = rounding;
  const rounded = [x, roundTo(x, accumulate), roundTo(x, storage)];
  const isHeld = rounded.every((value) => value === x);
  const reach = Math.max(unit, storedUnit(rounding)) * Math.abs(x) * slack;
  const either = isHeld || numerics.rounding === 'nearest' ? [] : [x - reach, x + reach];
  const isFlushed = numerics.flushesSubnormals && Math.abs(x) < leastNormal(rounding);
  const all = [...rounded, ...either, ...(isFlushed ? [0] : [])];
  return { least: leastOf(all), most: greatestOf(all) };
}

/**
 * Between which numbers a computed upper − lower may lie: exact where the difference is a number of both formats (Sterbenz: always, where lower
 * is at least half of upper), otherwise one rounding to either; anything down to 0 where it may be flushed, and up to Infinity where it overflows.
 */
export function dropRange<N>(
  a: Arithmetic<N>,
  rounding: Rounding,
  upper: number,
  lower: number,
): Range<N> {
  const drop = upper - lower;
  const exact = a.subtract(a.from(upper), a.from(lower));
  const largest = Math.min(largestFinite(rounding.accumulate), largestFinite(rounding.storage));
  if (drop * (1 + rounding.unit + storedUnit(rounding)) > largest)
    return { least: a.from(0), most: a.from(Infinity) };
  const first = differenceIsExact(lower, upper, rounding) ? 0 : rounding.unit;
  const second = first === 0 && roundTo(drop, rounding.storage) === drop ? 0 : storedUnit(rounding);
  const isFlushed = rounding.numerics.flushesSubnormals && drop < leastNormal(rounding);
  const faint = second > 0 ? smallestPositive(rounding.storage) : 0;
  const error = isFlushed ? drop : (first + second + first * second) * drop * slack + faint;
  return { least: a.subtract(exact, a.from(error)), most: a.add(exact, a.from(error)) };
}

/** Σ of numbers ≥ 0, never too small. */
const totalOf = (values: readonly number[]): number =>
  values.reduce((sum, x) => sum + x, 0) * (1 + (values.length + 2) * 2 ** -53);

/**
 * Whether every form of a share is exact: the total is a power of two, so that quotients by it and products with it are, and all values are
 * multiples of one q of which both formats hold every partial sum; and 1 − mass is a number of the format, for those that add up from the end.
 */
function sharesAreExact(rounding: Rounding, values: readonly number[], mass: number): boolean {
  const positive = values.filter((x) => x > 0);
  const total = positive.reduce((sum, x) => sum + x, 0);
  const quantum = leastOf(positive.map(lowestBit));
  const precision = Math.min(rounding.precision, formats[rounding.storage].precision);
  const held = [mass, 1 - mass].every((x) => roundTo(x, rounding.accumulate) === x);
  return (
    held &&
    2 ** exponentOf(total) === total &&
    exponentOf(total) - quantum <= precision &&
    2 ** quantum >= leastNormal(rounding) &&
    rounding.division <= rounding.unit
  );
}

/**
 * How far a computed share C_k / T may be from the exact one, C_k = s_1 + … + s_k and T the sum of all n: with u for one rounding,
 * ρ for the quotient and v for each time that it is stored, (1 + u)^n (1 + ρ)(1 + u)(1 + v)³ / (1 − u)^(n − 1) − 1, whether shares are added
 * up, the sum is divided, or mass · T is the border, from either end; and 2u for 1 − mass. Infinity where T leaves the range of normal numbers.
 * Higham, Accuracy and Stability of Numerical Algorithms, 2002, §4.2, for sums of numbers ≥ 0.
 */
export function shareError(rounding: Rounding, values: readonly number[], mass: number): number {
  const total = totalOf(values);
  const { unit, division, tiny, normal, largest } = rounding;
  const count = values.length;
  const grown = 1 + rounding.growth(count);
  const range = Math.min(largest, largestFinite(rounding.storage));
  const shrunk = 1 - count * unit;
  if (total < normal * 2 || !(total * grown <= range) || shrunk <= 0) return Infinity;
  if (sharesAreExact(rounding, values, mass)) return 0;
  const stored = (1 + storedUnit(rounding)) ** 3;
  const relative = (grown * (1 + division) * (1 + unit) * stored) / shrunk - 1;
  const faint = (count + 2) * tiny * (1 + 1 / total);
  return (relative + 2 * unit + 2 ** -50 * count + faint) * slack;
}
