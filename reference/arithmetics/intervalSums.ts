import { add, multiply, multiplyMixed } from './intervalAlgebra.ts';
import { settle } from './intervalFunctions.ts';
import {
  enclose,
  greatestFactor,
  type Interval,
  isPoint,
  leastFactor,
  pointAt,
  sideOf,
  zero,
} from './interval.ts';
import { type Arena, DOWN, isNaNAt, mpfr, NEAREST, UP } from './mpfr.ts';

/**
 * Both sums add in place to a total of their own: one number while everything so far was exact, two from the first rounding on. Where infinite ends met
 * (an end of the total is NaN) they start again from whole intervals, which tell ∞ − ∞ from ends that are merely unknown.
 */
const ownZero = (arena: Arena): Interval => pointAt(arena.copy(zero.lo));

const isValid = (total: Interval): boolean => !isNaNAt(total.lo) && !isNaNAt(total.hi);

const withTwoEnds = (arena: Arena, total: Interval): Interval =>
  isPoint(total) ? { lo: total.lo, hi: arena.copy(total.lo) } : total;

export function sum(arena: Arena, terms: readonly Interval[]): Interval {
  let total = ownZero(arena);
  for (const term of terms) {
    if (isPoint(total) && isPoint(term)) {
      const ternary = mpfr.mpfr_add(total.lo, total.lo, term.lo, NEAREST);
      if (ternary !== 0) total = settle(arena, total.lo, ternary);
    } else {
      total = withTwoEnds(arena, total);
      mpfr.mpfr_add(total.lo, total.lo, term.lo, DOWN);
      mpfr.mpfr_add(total.hi, total.hi, term.hi, UP);
    }
  }
  if (isValid(total)) return enclose(total.lo, total.hi);
  return terms.reduce((partial, term) => add(arena, partial, term), zero);
}

/** total += a · b, for a total with two ends. */
function addProduct(arena: Arena, { lo, hi }: Interval, a: Interval, b: Interval): void {
  const sideA = sideOf(a);
  const sideB = sideOf(b);
  if (sideA === 0 && sideB === 0) {
    const product = multiplyMixed(arena, a, b);
    mpfr.mpfr_add(lo, lo, product.lo, DOWN);
    mpfr.mpfr_add(hi, hi, product.hi, UP);
    return;
  }
  mpfr.mpfr_fma(lo, leastFactor(a, sideA, sideB), leastFactor(b, sideB, sideA), lo, DOWN);
  mpfr.mpfr_fma(hi, greatestFactor(a, sideA, sideB), greatestFactor(b, sideB, sideA), hi, UP);
}

/** @throws RangeError when the lengths differ */
export function dot(arena: Arena, a: readonly Interval[], b: readonly Interval[]): Interval {
  if (a.length !== b.length)
    throw new RangeError(`dot: expected as many factors, got ${a.length} and ${b.length}`);
  let total = ownZero(arena);
  for (let i = 0; i < a.length; i += 1) {
    const x = a[i] ?? zero;
    const y = b[i] ?? zero;
    if (isPoint(total) && isPoint(x) && isPoint(y)) {
      const ternary = mpfr.mpfr_fma(total.lo, x.lo, y.lo, total.lo, NEAREST);
      if (ternary !== 0) total = settle(arena, total.lo, ternary);
    } else {
      total = withTwoEnds(arena, total);
      addProduct(arena, total, x, y);
    }
  }
  if (isValid(total)) return enclose(total.lo, total.hi);
  return a.reduce((partial, x, i) => add(arena, partial, multiply(arena, x, b[i] ?? zero)), zero);
}
