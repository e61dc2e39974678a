import { certified } from './certified.ts';
import {
  type DoubleDouble,
  isNaNPair,
  isPoint,
  nan,
  point,
  productError,
  settle,
  sumError,
  TINY,
  unknown,
  upTo,
  widen,
} from './pair.ts';
import { fromEnclosure } from './pairFunctions.ts';

/**
 * ln 2 / 256 = STEP_1 + STEP_2 + STEP_3 + δ, |δ| < 2^-130. The first two have 34 bits, so that their products with an integer below 2^19 are exact.
 */
const STEP_1 = 11908177887 / 2 ** 42;
const STEP_2 = 4780956349 / 2 ** 76;
const STEP_3 = -5.0545209365122215e-24;
const STEPS_PER_UNIT = 256 / Math.LN2;

/** 2^(j/256) and the reciprocals 1/n! as pairs, each within 2^-105 of its size. */
interface Tables {
  readonly rootHi: Float64Array;
  readonly rootLo: Float64Array;
  readonly inverseFactorialHi: Float64Array;
  readonly inverseFactorialLo: Float64Array;
}

function makeTables(): Tables {
  const roots = certified(160)((a) => {
    const step = a.divide(a.log(a.from(2)), a.from(256));
    return Array.from({ length: 256 }, (_, j) =>
      fromEnclosure(a, a.exp(a.multiply(a.from(j), step))),
    );
  });
  const inverses = certified(160)((a) =>
    [24, 6, 2, 1, 1].map((factorial) => fromEnclosure(a, a.divide(a.from(1), a.from(factorial)))),
  );
  return {
    rootHi: Float64Array.from(roots, ({ hi }) => hi),
    rootLo: Float64Array.from(roots, ({ lo }) => lo),
    inverseFactorialHi: Float64Array.from(inverses, ({ hi }) => hi),
    inverseFactorialLo: Float64Array.from(inverses, ({ lo }) => lo),
  };
}

let made: Tables | undefined;
const tables = (): Tables => (made ??= makeTables());

const LEAST_EXPONENT = -1074;

/** 2^-1074 … 2^1023, by exact doublings. */
const powersOfTwo = new Float64Array(1023 - LEAST_EXPONENT + 1);
powersOfTwo.forEach((_, i) => {
  powersOfTwo[i] = i === 0 ? Number.MIN_VALUE : 2 * (powersOfTwo[i - 1] ?? 0);
});

/** Relative error of `expOfMiddle`, proved there. */
const RELATIVE = 2 ** -101;

/**
 * e^x of x = hi + lo in [−744, 709] with the radius that the computation and `spread` (an upper bound of the relative error that x brings with it)
 * make. x = N·ln 2/256 + r, N = 256 k + j, and e^x = 2^k · 2^(j/256) · e^r. With u² = 2^-106:
 *
 * - |r| ≤ 2^-9.5: N is the nearest to x · 256 / ln 2 but for a relative error of 2^-50 of |N| < 2^18.1, and |lo| < 2^-43.
 * - r: the three 2Sums are exact. `low` adds terms of at most 2^-62 and 2^-58.9, so it rounds by less than 2^-110, N·STEP_3 by 2^-111, N·δ < 2^-111:
 *   0.2 u² in all.
 * - Taylor: |r|^10 / 10! · e^|r| < 2^-116. Its terms from r^5/120 on start as one double v with an error of 4u: |r|^5 / 120 · 2^-51 < 2^-105.4,
 *   that is 1.6 u².
 * - Horner's steps c + r·v in pairs: r·v rounds by at most 8 u²|r·v| (see `multiply`), the sum by u²|c| for the lows and 2.2 u²|c| for the rest: 3.3
 *   u² for the last step, 2^-9.5 · 11.2 u² for the one before and its like less: 3.4 u². The pairs of 1/n! add 2^-105 · r², which is nothing.
 * - 2^(j/256): 2 u². The last product: 8 u².
 *
 * Together 15.2 u² in units of the result, to first order; 2^-101 = 32 u². Scaling by 2^k may underflow, by at most 2^-1075 for each of hi and lo.
 */
function expOfMiddle(xHi: number, xLo: number, spread: number): DoubleDouble {
  const { rootHi, rootLo, inverseFactorialHi, inverseFactorialLo } = tables();
  const steps = Math.round(xHi * STEPS_PER_UNIT);
  const first = xHi - steps * STEP_1;
  const second = first - steps * STEP_2;
  const third = second + xLo;
  const rests =
    sumError(xHi, -steps * STEP_1, first) +
    sumError(first, -steps * STEP_2, second) +
    sumError(second, xLo, third);
  const low = rests - steps * STEP_3;
  const r = third + low;
  const rLo = sumError(third, low, r);
  let v = 1 / 120 + r * (1 / 720 + r * (1 / 5040 + r * (1 / 40320 + r / 362880)));
  let vLo = 0;
  for (let i = 0; i < 5; i += 1) {
    const c = inverseFactorialHi[i] ?? 0;
    const product = r * v;
    const rest = productError(r, v, product) + (r * vLo + rLo * v);
    const sum = c + product;
    const sumRest = product - (sum - c) + ((inverseFactorialLo[i] ?? 0) + rest);
    v = sum + sumRest;
    vLo = sumRest - (v - sum);
  }
  const root = rootHi[steps & 255] ?? 0;
  const product = v * root;
  const rest = productError(v, root, product) + (v * (rootLo[steps & 255] ?? 0) + vLo * root);
  const scale = powersOfTwo[(steps >> 8) - LEAST_EXPONENT] ?? 0;
  const high = product * scale;
  const lowest = rest * scale;
  const hi = high + lowest;
  return settle(hi, sumError(high, lowest, hi), widen(hi * (RELATIVE + spread)) + TINY);
}

/**
 * e^a. For a radius r ≤ 1 of the exponent, e^r − 1 ≤ 2r. Beyond that, and where the result or most of it is below the doubles (e^-744 < 2^-1073), all
 * that is said is that it is between 0 and the greatest that it can be.
 */
export function exp(a: DoubleDouble): DoubleDouble {
  if (isNaNPair(a)) return nan;
  if (a.hi === 0 && isPoint(a)) return point(1);
  if (a.hi === -Infinity) return point(0);
  if (a.hi === Infinity) return a;
  if (a.hi > 709 || a.radius === Infinity) return unknown;
  if (a.hi > -744 && a.radius <= 1) return expOfMiddle(a.hi, a.lo, 2 * a.radius);
  const top = a.hi + a.radius + 2 ** -40 * (Math.abs(a.hi) + a.radius);
  if (top <= -744) return upTo(2 ** -1072);
  if (top > 709) return unknown;
  const { hi, lo, radius } = expOfMiddle(top, 0, 0);
  return upTo(widen(hi + Math.abs(lo) + radius));
}
