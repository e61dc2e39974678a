import {
  anything,
  containsZero,
  enclose,
  greatestFactor,
  type Interval,
  isBounded,
  isNaNInterval,
  isPoint,
  leastFactor,
  nan,
  sideOf,
  zero,
} from './interval.ts';
import { settle } from './intervalFunctions.ts';
import { type Arena, type Binary, DOWN, isNaNAt, mpfr, NEAREST, type Pointer, UP } from './mpfr.ts';

function applyToPoints(arena: Arena, operation: Binary, a: Interval, b: Interval): Interval {
  const to = arena.take();
  return settle(arena, to, operation(to, a.lo, b.lo, NEAREST));
}

export function add(arena: Arena, a: Interval, b: Interval): Interval {
  if (isPoint(a) && isPoint(b)) return applyToPoints(arena, mpfr.mpfr_add, a, b);
  if (isNaNInterval(a) || isNaNInterval(b)) return nan;
  const lo = arena.take();
  const hi = arena.take();
  mpfr.mpfr_add(lo, a.lo, b.lo, DOWN);
  mpfr.mpfr_add(hi, a.hi, b.hi, UP);
  return enclose(lo, hi);
}

/** a − b; exactly 0 for one and the same finite interval, which is one and the same number. */
export function subtract(arena: Arena, a: Interval, b: Interval): Interval {
  if (a === b && isBounded(a)) return zero;
  if (isPoint(a) && isPoint(b)) return applyToPoints(arena, mpfr.mpfr_sub, a, b);
  if (isNaNInterval(a) || isNaNInterval(b)) return nan;
  const lo = arena.take();
  const hi = arena.take();
  mpfr.mpfr_sub(lo, a.lo, b.hi, DOWN);
  mpfr.mpfr_sub(hi, a.hi, b.lo, UP);
  return enclose(lo, hi);
}

/** The product of two ends, of which an infinite one only means that no bound is known: 0 · ∞ = 0. */
function multiplyEnds(
  to: Pointer,
  a: Pointer,
  b: Pointer,
  rounding: typeof UP | typeof DOWN,
): void {
  mpfr.mpfr_mul(to, a, b, rounding);
  if (isNaNAt(to)) mpfr.mpfr_set_zero(to, 1);
}

/** a · b where both contain both signs. */
export function multiplyMixed(arena: Arena, a: Interval, b: Interval): Interval {
  const lo = arena.take();
  const hi = arena.take();
  const other = arena.take();
  multiplyEnds(lo, a.lo, b.hi, DOWN);
  multiplyEnds(other, a.hi, b.lo, DOWN);
  mpfr.mpfr_min(lo, lo, other, DOWN);
  multiplyEnds(hi, a.lo, b.lo, UP);
  multiplyEnds(other, a.hi, b.hi, UP);
  mpfr.mpfr_max(hi, hi, other, UP);
  return enclose(lo, hi);
}

export function multiply(arena: Arena, a: Interval, b: Interval): Interval {
  if (isPoint(a) && isPoint(b)) return applyToPoints(arena, mpfr.mpfr_mul, a, b);
  if (isNaNInterval(a) || isNaNInterval(b)) return nan;
  const sideA = sideOf(a);
  const sideB = sideOf(b);
  if (sideA === 0 && sideB === 0) return multiplyMixed(arena, a, b);
  const lo = arena.take();
  const hi = arena.take();
  multiplyEnds(lo, leastFactor(a, sideA, sideB), leastFactor(b, sideB, sideA), DOWN);
  multiplyEnds(hi, greatestFactor(a, sideA, sideB), greatestFactor(b, sideB, sideA), UP);
  return enclose(lo, hi);
}

/** a / b; anything where b may be 0, but for a non-zero number divided by the point 0, which is ±∞ as in IEEE 754. */
export function divide(arena: Arena, a: Interval, b: Interval): Interval {
  if (isPoint(a) && isPoint(b)) return applyToPoints(arena, mpfr.mpfr_div, a, b);
  if (isNaNInterval(a) || isNaNInterval(b)) return nan;
  if (containsZero(b) && (!isPoint(b) || containsZero(a))) return anything;
  const sideA = sideOf(a);
  const sideB = sideOf(b);
  const inverse = { lo: b.hi, hi: b.lo };
  const lo = arena.take();
  const hi = arena.take();
  const least = leastFactor(inverse, sideB, sideA);
  mpfr.mpfr_div(lo, leastFactor(a, sideA, sideB), least, DOWN);
  const most = greatestFactor(inverse, sideB, sideA);
  mpfr.mpfr_div(hi, greatestFactor(a, sideA, sideB), most, UP);
  return enclose(lo, hi);
}
