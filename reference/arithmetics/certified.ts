import type { Enclosing, Scope } from './enclosing.ts';
import { compare, greatest, type Interval, within } from './interval.ts';
import { add, divide, multiply, subtract } from './intervalAlgebra.ts';
import {
  absolute,
  decreasing,
  fromZero,
  increasing,
  negate,
  settle,
  wave,
} from './intervalFunctions.ts';
import { approximate, digits, round, upper } from './intervalRounding.ts';
import { dot, sum } from './intervalSums.ts';
import { Arena, mpfr, NEAREST } from './mpfr.ts';

function intervalsIn(arena: Arena): Enclosing<Interval> {
  return {
    from: (value) => {
      const to = arena.take();
      return settle(arena, to, mpfr.mpfr_set_d(to, value, NEAREST));
    },
    pi: () => {
      const to = arena.take();
      return settle(arena, to, mpfr.mpfr_const_pi(to, NEAREST));
    },
    add: (a, b) => add(arena, a, b),
    subtract: (a, b) => subtract(arena, a, b),
    multiply: (a, b) => multiply(arena, a, b),
    divide: (a, b) => divide(arena, a, b),
    negate: (a) => negate(arena, a),
    absolute: (a) => absolute(arena, a),
    sqrt: (a) => increasing(arena, mpfr.mpfr_sqrt, fromZero(a)),
    exp: (a) => increasing(arena, mpfr.mpfr_exp, a),
    log: (a) => increasing(arena, mpfr.mpfr_log, fromZero(a)),
    tanh: (a) => increasing(arena, mpfr.mpfr_tanh, a),
    erfc: (a) => decreasing(arena, mpfr.mpfr_erfc, a),
    sin: (a) => wave(arena, mpfr.mpfr_sin, a),
    cos: (a) => wave(arena, mpfr.mpfr_cos, a),
    sum: (terms) => sum(arena, terms),
    dot: (a, b) => dot(arena, a, b),
    max: greatest,
    compare,
    within,
    approximate,
    upper,
    round: (a, format) => round(a, format, arena),
    digits,
  };
}

/**
 * Interval arithmetic on MPFR numbers of so many bits, at least 64, with outward rounding. A result that is exact in that precision is a point, and a decision
 * about points is always made; so are sums and products of integers and of other dyadic numbers, as long as their digits fit. Of an interval that reaches below
 * 0, √ and log take only what is not below it: √[−ε, x] = [0, √x], log[−ε, x] = [−∞, log x]; all below, they are NaN.
 *
 * Scopes may nest; the numbers of each live until its body returns or throws, so the body must not be asynchronous.
 *
 * @example
 * certified(128)((a) => a.digits(a.exp(a.from(1)), 20)) // → '2.7182818284590452354'
 */
export const certified =
  (bits: number): Scope =>
  (body) => {
    const arena = new Arena(Math.max(64, bits));
    try {
      return body(intervalsIn(arena));
    } finally {
      arena.release();
    }
  };
