import { Undecided } from './enclosing.ts';
import {
  atMost,
  constant,
  isBelow,
  isEqual,
  isInfiniteAt,
  isNaNAt,
  mpfr,
  signAt,
  type Pointer,
} from './mpfr.ts';

/**
 * All reals from lo to hi; the exact value is one of them. Where lo and hi are the same address it is a point, which is the exact value itself and follows
 * IEEE 754 at the edges. Only a point can be NaN. An infinite end of any other interval means that nothing is known on that side.
 */
export interface Interval {
  readonly lo: Pointer;
  readonly hi: Pointer;
}

export const pointAt = (a: Pointer): Interval => ({ lo: a, hi: a });

export const zero: Interval = pointAt(constant(0));
export const infinity: Interval = pointAt(constant(Infinity));
export const minusInfinity: Interval = pointAt(constant(-Infinity));
export const nan: Interval = pointAt(constant(NaN));
export const anything: Interval = { lo: minusInfinity.lo, hi: infinity.hi };

export const isPoint = (a: Interval): boolean => a.lo === a.hi;
export const isNaNInterval = (a: Interval): boolean => isNaNAt(a.lo);
export const isBounded = (a: Interval): boolean =>
  !isNaNAt(a.lo) && !isInfiniteAt(a.lo) && !isInfiniteAt(a.hi);

/** 1 when a ≥ 0, −1 when a ≤ 0, 0 when a contains both signs. */
export const sideOf = (a: Interval): number => (signAt(a.lo) >= 0 ? 1 : signAt(a.hi) <= 0 ? -1 : 0);

export const containsZero = (a: Interval): boolean => signAt(a.lo) <= 0 && signAt(a.hi) >= 0;

/** The interval between two ends that were rounded outward. NaN at an end (∞ − ∞, ∞ / ∞ of ends) leaves that side unknown. */
export function enclose(lo: Pointer, hi: Pointer): Interval {
  if (isNaNAt(lo)) return isNaNAt(hi) ? anything : { lo: anything.lo, hi };
  if (isNaNAt(hi)) return { lo, hi: anything.hi };
  return isEqual(lo, hi) ? pointAt(hi) : { lo, hi };
}

/**
 * The end of a that enters into the least product of a and b, from the sides that they are on. The other end of the product's least pair is
 * `leastFactor(b, sideB, sideA)`. Not for two intervals that both contain both signs.
 */
export const leastFactor = (a: Interval, side: number, otherSide: number): Pointer =>
  otherSide > 0 || (otherSide === 0 && side < 0) ? a.lo : a.hi;

/** The end of a that enters into the greatest product of a and b; as `leastFactor`. */
export const greatestFactor = (a: Interval, side: number, otherSide: number): Pointer =>
  otherSide > 0 || (otherSide === 0 && side > 0) ? a.hi : a.lo;

/** The order of the ends, in which −0 is below +0. */
const precedes = (a: Pointer, b: Pointer): boolean => mpfr.mpfr_total_order_p(a, b) !== 0;

/**
 * Encloses the greatest of the values. Where one of them is surely the greatest it is returned itself, so that subtracting it from itself is exact.
 * −∞ of none; NaN if any is NaN.
 */
export function greatest(values: readonly Interval[]): Interval {
  let top = minusInfinity;
  let { lo } = minusInfinity;
  for (const value of values) {
    if (isNaNInterval(value)) return nan;
    if (precedes(lo, value.lo)) lo = value.lo;
    const tied = isEqual(top.hi, value.hi);
    if (tied ? precedes(top.lo, value.lo) : isBelow(top.hi, value.hi)) top = value;
  }
  const winner = top;
  const wins = values.every((value) => value === winner || atMost(value.hi, winner.lo));
  return wins ? winner : enclose(lo, winner.hi);
}

/** See `Arithmetic.compare`. One and the same interval is one and the same number: equal, however wide. */
export function compare(a: Interval, b: Interval): number {
  if (isNaNInterval(a) || isNaNInterval(b)) return NaN;
  if (a === b) return 0;
  if (isBelow(a.hi, b.lo)) return -1;
  if (isBelow(b.hi, a.lo)) return 1;
  if (isPoint(a) && isPoint(b)) return 0;
  throw new Undecided('certified.compare: the enclosures overlap');
}

/** See `Enclosing.within`. A bound of which only an upper end of +∞ is known proves nothing. */
export function within(error: Interval, bound: Interval): boolean {
  if (isNaNInterval(error) || isNaNInterval(bound)) return false;
  if (atMost(error.hi, bound.lo)) return true;
  if (isBelow(bound.hi, error.lo)) return false;
  if (atMost(error.hi, bound.hi) && !isInfiniteAt(bound.hi)) return true;
  throw new Undecided('certified.within: the error may be on either side of the bound');
}
