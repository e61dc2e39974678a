import { Undecided } from './enclosing.ts';
import { add, subtract } from './pairAlgebra.ts';
import {
  type DoubleDouble,
  isInfinite,
  isNaNPair,
  isPoint,
  middle,
  nan,
  point,
  settle,
  sureSign,
  isSame,
} from './pair.ts';

/** The order of the middles, exactly, with −0 below +0: hi is hi + lo rounded, so it decides first. */
const isAbove = (a: DoubleDouble, b: DoubleDouble): boolean => {
  if (a.hi !== b.hi) return a.hi > b.hi;
  return a.lo > b.lo || (a.lo === b.lo && Object.is(b.hi, -0) && !Object.is(a.hi, -0));
};

/** Whether a ≥ b is proved. */
function isAtLeast(a: DoubleDouble, b: DoubleDouble): boolean {
  if (isSame(a, b)) return true;
  if (isPoint(a) && isPoint(b)) return !isAbove(b, a);
  return isInfinite(a) && isInfinite(b) ? a.hi >= b.hi : sureSign(subtract(a, b)) > 0;
}

/**
 * Encloses the greatest of the values. Where one of them is surely the greatest it is returned itself, so that subtracting it from itself is exact.
 * Otherwise the greatest is at most the greatest middle plus the greatest radius that competes, and at least the greatest middle less its own.
 */
export function greatest(values: readonly DoubleDouble[]): DoubleDouble {
  let top = point(-Infinity);
  for (const value of values) {
    if (isNaNPair(value)) return nan;
    if (isAbove(value, top)) top = value;
  }
  let { radius } = top;
  let isSure = true;
  for (const value of values) {
    if (!isAtLeast(top, value)) {
      isSure = false;
      radius = Math.max(radius, value.radius);
    }
  }
  return isSure || top.hi === Infinity ? top : settle(top.hi, top.lo, radius);
}

/** See `Arithmetic.compare`. One and the same pair is one and the same number: equal, however wide. */
export function compare(a: DoubleDouble, b: DoubleDouble): number {
  if (isNaNPair(a) || isNaNPair(b)) return NaN;
  if (isSame(a, b)) return 0;
  if (isPoint(a) && isPoint(b)) return Math.sign(a.hi - b.hi) || Math.sign(a.lo - b.lo) || 0;
  const sign = sureSign(subtract(a, b));
  if (sign === 0) throw new Undecided('doubleDouble.compare: the enclosures overlap');
  return sign;
}

/** The sign of (a ± its radius) − (b ± its radius): 0 where it is 0 or not certain. */
function signBetween(a: DoubleDouble, aRadius: number, b: DoubleDouble, bRadius: number): number {
  const middles = subtract(middle(a), middle(b));
  return sureSign(add(add(middles, point(aRadius)), point(-bRadius)));
}

/** See `Enclosing.within`. A bound of which nothing is known proves nothing. */
export function within(error: DoubleDouble, bound: DoubleDouble): boolean {
  if (isNaNPair(error) || isNaNPair(bound)) return false;
  if (isSame(error, bound) || bound.hi === Infinity || error.hi === -Infinity) return true;
  if (error.radius < Infinity && bound.radius < Infinity) {
    if (isInfinite(error) || isInfinite(bound)) return false;
    if (isPoint(error) && isPoint(bound)) return compare(error, bound) <= 0;
    if (signBetween(error, error.radius, bound, bound.radius) < 0) return true;
    if (signBetween(error, -error.radius, bound, bound.radius) > 0) return false;
  }
  throw new Undecided('doubleDouble.within: the error may be on either side of the bound');
}
