import { certified } from './certified.ts';
import type { Enclosing } from './enclosing.ts';
import {
  type DoubleDouble,
  isInfinite,
  isNaNPair,
  leastMagnitude,
  nan,
  point,
  settle,
  sumError,
  sureSign,
  TINY,
  unknown,
  widen,
} from './pair.ts';

/** The pair nearest to a number of another arithmetic, with what is left over as its radius. */
export function fromEnclosure<N>(a: Enclosing<N>, value: N): DoubleDouble {
  const first = a.approximate(value);
  if (!Number.isFinite(first)) {
    const top = a.upper(value);
    if (Number.isNaN(top)) return nan;
    return top === first && a.upper(a.negate(value)) === -first ? point(first) : unknown;
  }
  const rest = a.subtract(value, a.from(first));
  const second = a.approximate(rest);
  const left = a.absolute(a.subtract(rest, a.from(second)));
  const hi = second === 0 ? first : first + second;
  return settle(hi, sumError(first, second, hi), a.upper(left));
}

/** What the functions below need of any arithmetic. */
type Evaluate = <N>(a: Enclosing<N>, x: N) => N;

/** f of the middle by MPFR, ± radius · slope, for a bound of |f′| over the whole enclosure. */
function viaCertified(x: DoubleDouble, slope: number, f: Evaluate): DoubleDouble {
  const y = certified(160)((a) => {
    const hi = a.from(x.hi);
    return fromEnclosure(a, f(a, x.lo === 0 ? hi : a.add(hi, a.from(x.lo))));
  });
  if (x.radius === 0) return y;
  return settle(y.hi, y.lo, widen(y.radius + widen(x.radius * slope) + TINY));
}

const isUnknown = (x: DoubleDouble): boolean => x.radius === Infinity;

/** log′ = 1/x ≤ 1 / (the least that x can be). Of an enclosure that reaches 0 nothing is known; all below 0, it is NaN. */
export function log(x: DoubleDouble): DoubleDouble {
  const side = sureSign(x);
  if (isNaNPair(x) || side < 0) return nan;
  if (side === 0 && x.radius > 0) return unknown;
  if (x.hi === 0) return point(-Infinity);
  if (isInfinite(x)) return x;
  return viaCertified(x, widen(1 / leastMagnitude(x)), (a, value) => a.log(value));
}

/** tanh′ = 1 − tanh² ≤ 1. */
export const tanh = (x: DoubleDouble): DoubleDouble =>
  isUnknown(x) ? unknown : viaCertified(x, 1, (a, value) => a.tanh(value));

/** A bound of |erfc′| = 2/√π · e^(−t²) over the enclosure, at its least |t|; 2/√π < 1.1284. */
function slopeOfErfc(x: DoubleDouble): number {
  const least = leastMagnitude(x);
  if (!(least > 0)) return 1.1284;
  const squared = Math.min(least * least * (1 - 2 ** -50), 700);
  return certified(64)((a) => 1.1284 * a.upper(a.exp(a.from(-squared))));
}

export function erfc(x: DoubleDouble): DoubleDouble {
  if (isUnknown(x)) return unknown;
  const slope = x.radius === 0 ? 0 : slopeOfErfc(x);
  return viaCertified(x, slope, (a, value) => a.erfc(value));
}

/** |sin′| = |cos| ≤ 1. */
export const sin = (x: DoubleDouble): DoubleDouble =>
  isUnknown(x) ? unknown : viaCertified(x, 1, (a, value) => a.sin(value));

/** |cos′| = |sin| ≤ 1. */
export const cos = (x: DoubleDouble): DoubleDouble =>
  isUnknown(x) ? unknown : viaCertified(x, 1, (a, value) => a.cos(value));
