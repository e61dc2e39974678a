import { certified } from '../certified.ts';
import { fromEnclosure } from '../pairFunctions.ts';
import { around, type Real, TINY, unknown, upTo, WIDER } from './ball.ts';

/** ln 2 / 256 = STEP_1 + STEP_2 + STEP_3 + δ, |δ| < 2^-130. The products of the first two, of 34 bits, with an integer below 2^19 are exact. */
const STEP_1 = 11908177887 / 2 ** 42;
const STEP_2 = 4780956349 / 2 ** 76;
const STEP_3 = -5.0545209365122215e-24;
const STEPS_PER_UNIT = 256 / Math.LN2;
const LEAST_EXPONENT = -1074;

/** 2^-1074 … 2^1023, by exact doublings. */
const powersOfTwo = new Float64Array(1023 - LEAST_EXPONENT + 1);
powersOfTwo.forEach((_, i) => {
  powersOfTwo[i] = i === 0 ? Number.MIN_VALUE : 2 * (powersOfTwo[i - 1] ?? 0);
});

/** 2^(j/256) as pairs, each within 2^-105 of its size. */
const roots = { hi: new Float64Array(0), lo: new Float64Array(0) };

function makeRoots(): void {
  const made = certified(160)((a) => {
    const step = a.divide(a.log(a.from(2)), a.from(256));
    return Array.from({ length: 256 }, (_, j) =>
      fromEnclosure(a, a.exp(a.multiply(a.from(j), step))),
    );
  });
  roots.hi = Float64Array.from(made, ({ hi }) => hi);
  roots.lo = Float64Array.from(made, ({ lo }) => lo);
}

/** The relative error of `expOf`, where its result is normal: see there. */
export const EXP_ERROR = 2 ** -51;

/**
 * e^x of x in [−745, 709] within 2^-51 of itself, and 2^-1074. x = N ln 2/256 + r, N = 256 k + j, e^x = 2^k 2^(j/256) e^r, with u = 2^-53:
 *
 * - |r| < 2^-9.5. x − N·STEP_1 is exact: both are multiples of 2^-62 or N is 0. Less N·STEP_2 + N·STEP_3 it rounds by 2 u |r| < 2^-61.
 * - Taylor: |r|^6/720 · e^|r| < 2^-66. Horner's steps: 4 u |r| < 2^-60.
 * - 2^(j/256) is a pair, so its error is nothing; q·root and root.lo round by less than 2^-9 · 3u, the last sum by u.
 *
 * Together less than 1.2 u.
 */
export function expOf(x: number): number {
  if (roots.hi.length === 0) makeRoots();
  const steps = Math.round(x * STEPS_PER_UNIT);
  const r = x - steps * STEP_1 - (steps * STEP_2 + steps * STEP_3);
  const q = r * (1 + r * (1 / 2 + r * (1 / 6 + r * (1 / 24 + r * (1 / 120)))));
  const root = roots.hi[steps & 255] ?? 0;
  const scale = powersOfTwo[(steps >> 8) - LEAST_EXPONENT] ?? 0;
  return (root + ((roots.lo[steps & 255] ?? 0) + root * q)) * scale;
}

/** e^a. For a radius r ≤ 1 of the exponent, e^r − 1 ≤ 2r; beyond that only what it is at most. */
export function exp(a: Real): Real {
  if (typeof a === 'number') {
    if (a === 0) return 1;
    if (a !== a || a === Infinity) return a;
    if (a === -Infinity) return 0;
    if (a > 709) return unknown;
    if (a < -745) return upTo(2 ** -1072);
    const value = expOf(a);
    return around(value, value * EXP_ERROR + 2 * TINY);
  }
  const { middle, radius } = a;
  if (middle > 709 || radius === Infinity) return unknown;
  if (middle >= -745 && radius <= 1) {
    const value = expOf(middle);
    return around(value, value * (2 * EXP_ERROR + 2 * radius) * WIDER + 4 * TINY);
  }
  const top = middle + radius + 2 ** -40 * (Math.abs(middle) + radius);
  if (top > 709) return unknown;
  return top < -745 ? upTo(2 ** -1072) : upTo(expOf(top) * (1 + 2 * EXP_ERROR) + 2 * TINY);
}
