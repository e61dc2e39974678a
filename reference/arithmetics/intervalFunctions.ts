import {
  enclose,
  type Interval,
  isBounded,
  isNaNInterval,
  isPoint,
  nan,
  pointAt,
  sideOf,
  zero,
} from './interval.ts';
import {
  type Arena,
  constant,
  DOWN,
  isNaNAt,
  mpfr,
  NEAREST,
  type Pointer,
  signAt,
  type Unary,
  UP,
} from './mpfr.ts';

const one = constant(1);
const minusOne = constant(-1);

/**
 * The interval of a result that was written with rounding to nearest. Exact (ternary 0), it is a point. Otherwise the exact value is strictly between what was
 * written and its neighbour on the other side, also where that overflowed to ∞ or underflowed to 0. Rounding to nearest, not outward, gives x − x = +0.
 */
export function settle(arena: Arena, written: Pointer, ternary: number): Interval {
  if (ternary === 0) return isNaNAt(written) ? nan : pointAt(written);
  const neighbour = arena.copy(written);
  if (ternary > 0) {
    mpfr.mpfr_nextbelow(neighbour);
    return { lo: neighbour, hi: written };
  }
  mpfr.mpfr_nextabove(neighbour);
  return { lo: written, hi: neighbour };
}

function applyAt(arena: Arena, operation: Unary, a: Pointer): Interval {
  const to = arena.take();
  return settle(arena, to, operation(to, a, NEAREST));
}

/** f on an interval where f is increasing. */
export function increasing(arena: Arena, f: Unary, a: Interval): Interval {
  if (isPoint(a)) return applyAt(arena, f, a.lo);
  const lo = arena.take();
  const hi = arena.take();
  f(lo, a.lo, DOWN);
  f(hi, a.hi, UP);
  return enclose(lo, hi);
}

export const decreasing = (arena: Arena, f: Unary, a: Interval): Interval =>
  increasing(arena, f, { lo: a.hi, hi: a.lo });

/** What of a is in [0, ∞], the domain of √ and log: NaN when nothing is. A point below 0 is left to MPFR, which gives NaN too. */
export function fromZero(a: Interval): Interval {
  if (isPoint(a) || signAt(a.lo) >= 0) return a;
  return signAt(a.hi) < 0 ? nan : enclose(zero.lo, a.hi);
}

/** sin or cos. Of an interval m ± r, since both have slopes of at most 1: f(m) ± r, cut to [−1, 1]. */
export function wave(arena: Arena, f: Unary, a: Interval): Interval {
  if (isPoint(a)) return applyAt(arena, f, a.lo);
  if (!isBounded(a)) return { lo: minusOne, hi: one };
  const middle = arena.take();
  mpfr.mpfr_add(middle, a.lo, a.hi, NEAREST);
  mpfr.mpfr_div_2ui(middle, middle, 1, NEAREST);
  const below = arena.take();
  const above = arena.take();
  mpfr.mpfr_sub(below, middle, a.lo, UP);
  mpfr.mpfr_sub(above, a.hi, middle, UP);
  mpfr.mpfr_max(above, above, below, UP);
  const lo = arena.take();
  const hi = arena.take();
  f(lo, middle, DOWN);
  f(hi, middle, UP);
  mpfr.mpfr_sub(lo, lo, above, DOWN);
  mpfr.mpfr_add(hi, hi, above, UP);
  mpfr.mpfr_max(lo, lo, minusOne, DOWN);
  mpfr.mpfr_min(hi, hi, one, UP);
  return enclose(lo, hi);
}

export function negate(arena: Arena, a: Interval): Interval {
  const negative = (end: Pointer): Pointer => {
    const to = arena.take();
    mpfr.mpfr_neg(to, end, NEAREST);
    return to;
  };
  if (isNaNInterval(a)) return nan;
  return isPoint(a) ? pointAt(negative(a.lo)) : { lo: negative(a.hi), hi: negative(a.lo) };
}

export function absolute(arena: Arena, a: Interval): Interval {
  if (isPoint(a)) return applyAt(arena, mpfr.mpfr_abs, a.lo);
  const side = sideOf(a);
  if (side > 0) return a;
  if (side < 0) return negate(arena, a);
  const { hi } = negate(arena, a);
  mpfr.mpfr_max(hi, hi, a.hi, UP);
  return { lo: zero.lo, hi };
}
