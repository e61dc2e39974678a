/**
 * The exact value lies within radius of hi + lo, where hi is hi + lo rounded to a double. With a radius of 0 it is hi + lo itself.
 * NaN and ±Infinity are exact: hi with lo and radius 0. A radius of Infinity, with hi and lo 0, says that nothing is known.
 */
export interface DoubleDouble {
  readonly hi: number;
  readonly lo: number;
  readonly radius: number;
}

/** u, the greatest relative error of rounding to a double. */
export const UNIT = 2 ** -53;

/**
 * A class, since V8 allocates object literals of one place among the long-lived ones as soon as some of them are, which makes all arithmetic three
 * times slower.
 */
class Pair implements DoubleDouble {
  declare readonly hi: number;
  declare readonly lo: number;
  declare readonly radius: number;

  constructor(hi: number, lo: number, radius: number) {
    this.hi = hi;
    this.lo = lo;
    this.radius = radius;
  }
}

export const pair = (hi: number, lo: number, radius: number): DoubleDouble =>
  new Pair(hi, lo, radius);

export const point = (value: number): DoubleDouble => pair(value, 0, 0);

export const zero = point(0);
export const nan = point(NaN);
export const unknown = pair(0, 0, Infinity);

/** hi ± radius with its rest lo; nothing known where any of them overflowed. */
export const settle = (hi: number, lo: number, radius: number): DoubleDouble =>
  radius < Infinity && Number.isFinite(hi + lo) ? pair(hi, lo, radius) : unknown;

/** Everything in [0, top]. */
export const upTo = (top: number): DoubleDouble => settle(top / 2, 0, widen(top / 2) + TINY);

/**
 * At or above the exact value of an expression that rounds fewer than 2^6 times, and only adds and multiplies numbers ≥ 0 of which no product
 * underflows: its relative error is below 2^6 · u(1 + u)^64 < 2^-46. Sums alone may underflow, since they are exact there.
 */
export const widen = (radius: number): number => radius * (1 + 2 ** -45);

/** More than what up to 2^6 underflows lose, each at most 2^-1075. */
export const TINY = 2 ** -1068;

export const isNaNPair = (a: DoubleDouble): boolean => Number.isNaN(a.hi);
export const isPoint = (a: DoubleDouble): boolean => a.radius === 0;
/** One and the same pair is one and the same number, except where nothing is known: that is a single pair for all such numbers. */
export const isSame = (a: DoubleDouble, b: DoubleDouble): boolean => a === b && a.radius < Infinity;
export const isInfinite = (a: DoubleDouble): boolean => a.hi === Infinity || a.hi === -Infinity;

/** The pair without its radius. */
export const middle = (a: DoubleDouble): DoubleDouble => (a.radius === 0 ? a : pair(a.hi, a.lo, 0));

/** 1 when surely a > 0, −1 when surely a < 0, otherwise 0. |lo| ≤ u|hi|, so |hi + lo| > (1 − 2^-52)|hi|. */
export function sureSign(a: DoubleDouble): number {
  if (a.radius === 0) return Math.sign(a.hi);
  return Math.abs(a.hi) * (1 - 2 ** -51) > a.radius ? Math.sign(a.hi) : 0;
}

/** At or below |a|; not above 0 where a may be 0. */
export const leastMagnitude = (a: DoubleDouble): number =>
  (Math.abs(a.hi) * (1 - 2 ** -51) - a.radius) * (1 - 2 ** -50);

/** At or above |a|, whatever its sign. */
export const magnitude = (a: DoubleDouble): number =>
  widen(Math.abs(a.hi) + Math.abs(a.lo) + a.radius);

/**
 * a + b − s, exactly, for s = fl(a + b). Møller's and Knuth's 2Sum; needs no order of a and b and cannot underflow. Where one of its own steps
 * overflows the result is not finite (Boldo, Graillat, Muller, "On the robustness of the 2Sum and Fast2Sum algorithms", ACM TOMS 44(1), 2017).
 */
export function sumError(a: number, b: number, s: number): number {
  const part = s - a;
  return a - (s - part) + (b - part);
}

/** Dekker's product is exact for |p| in [SMALLEST_PRODUCT, ∞) and factors below LARGEST_FACTOR. */
export const SMALLEST_PRODUCT = 2 ** -960;
export const LARGEST_FACTOR = 2 ** 990;

/**
 * a · b − p, exactly, for p = fl(a · b) (Dekker, "A floating-point technique for extending the available precision", Numer. Math. 18, 1971, with
 * Veltkamp's split). Factors from 2^996 on overflow in the split, which gives NaN. For |p| ≥ 2^-960 nothing underflows: with a and b multiples of 2^i
 * and 2^j below 2^(i+53) and 2^(j+53), i + j > −1067, so all terms are multiples of 2^-1067, which doubles have.
 */
export function productError(a: number, b: number, p: number): number {
  const scaledA = 134217729 * a;
  const highA = scaledA - (scaledA - a);
  const lowA = a - highA;
  const scaledB = 134217729 * b;
  const highB = scaledB - (scaledB - b);
  const lowB = b - highB;
  return highA * highB - p + highA * lowB + lowA * highB + lowA * lowB;
}
