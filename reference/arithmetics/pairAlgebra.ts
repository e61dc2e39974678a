import {
  type DoubleDouble,
  isInfinite,
  isNaNPair,
  isPoint,
  LARGEST_FACTOR,
  leastMagnitude,
  magnitude,
  middle,
  nan,
  pair,
  point,
  productError,
  settle,
  SMALLEST_PRODUCT,
  sumError,
  sureSign,
  TINY,
  UNIT,
  unknown,
  upTo,
  widen,
  isSame,
} from './pair.ts';

/** What IEEE 754 gives where an operand or the result is not finite. */
function atTheEdge(a: DoubleDouble, b: DoubleDouble, value: number): DoubleDouble {
  if (isNaNPair(a) || isNaNPair(b)) return nan;
  if (a.radius === Infinity || b.radius === Infinity) return unknown;
  return isInfinite(a) || isInfinite(b) ? point(value) : unknown;
}

/**
 * AccurateDWPlusDW (Joldes, Muller, Popescu, "Tight and rigorous error bounds for basic building blocks of double-word arithmetic", ACM TOMS 44(2),
 * 2017, Algorithm 6), whose error is at most 3u² + 13u³. Every step is a 2Sum here, so that the two roundings that it makes are known exactly and
 * become the radius: a + b = hi + lo + lostInMiddle + lostAtEnd. Both are 0 where the sum is exact.
 */
export function add(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const high = a.hi + b.hi;
  if (!Number.isFinite(high)) return atTheEdge(a, b, high);
  const low = a.lo + b.lo;
  if (high === 0 && low === 0) return settle(high, 0, widen(a.radius + b.radius));
  const highRest = sumError(a.hi, b.hi, high);
  const lowRest = sumError(a.lo, b.lo, low);
  const between = highRest + low;
  const lostInMiddle = sumError(highRest, low, between);
  const first = high + between;
  const rest = sumError(high, between, first);
  const second = rest + lowRest;
  const lostAtEnd = sumError(rest, lowRest, second);
  const hi = first + second;
  const lo = sumError(first, second, hi);
  const lost = Math.abs(lostInMiddle) + Math.abs(lostAtEnd);
  return settle(hi, lo, widen(a.radius + b.radius + lost));
}

export const negate = (a: DoubleDouble): DoubleDouble => pair(-a.hi, -a.lo, a.radius);

/** | |x| − |m| | ≤ |x − m|. */
export const absolute = (a: DoubleDouble): DoubleDouble =>
  a.hi < 0 || Object.is(a.hi, -0) ? negate(a) : a;

/** a − b; exactly 0 for one and the same number, however wide its enclosure. */
export function subtract(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  if (isSame(a, b) && Number.isFinite(a.hi)) return point(0);
  return add(a, negate(b));
}

/** An infinity times a number of unknown sign is not known. */
function multiplyInfinite(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  if ((!isPoint(a) && sureSign(a) === 0) || (!isPoint(b) && sureSign(b) === 0)) {
    return isNaNPair(a) || isNaNPair(b) ? nan : unknown;
  }
  return atTheEdge(a, b, a.hi * b.hi);
}

/** How far the product can move within the radii: |a|·r + |b|·s + r·s. */
function productSpread(a: DoubleDouble, b: DoubleDouble): number {
  if (a.radius === 0 && b.radius === 0) return 0;
  const ofB = Math.abs(a.hi) * b.radius;
  return widen(ofB + (Math.abs(b.hi) + b.radius) * a.radius) + TINY;
}

const isInDekkersRange = (a: number, b: number, product: number): boolean =>
  Math.abs(product) >= SMALLEST_PRODUCT &&
  Math.abs(a) < LARGEST_FACTOR &&
  Math.abs(b) < LARGEST_FACTOR;

/**
 * DWTimesDW (Joldes, Muller, Popescu 2017, Algorithm 10, without FMA). With P = |a.hi · b.hi|, |lo| ≤ u|hi| and second-order terms left out, its
 * roundings are at most: u²P for each cross product, 2u²P for their sum, u²P for a.lo · b.lo, which is dropped, 3u²P for adding to the error of the
 * high product. Of these 8u²P the 16u² = 2^-102 taken here leave half for the second order and for underflow of the cross products.
 */
function multiplyRounded(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const product = a.hi * b.hi;
  if (!Number.isFinite(a.hi) || !Number.isFinite(b.hi)) return multiplyInfinite(a, b);
  const spread = productSpread(a, b);
  if (a.hi === 0 || b.hi === 0) return settle(product, 0, spread);
  const size = Math.abs(product);
  if (!isInDekkersRange(a.hi, b.hi, product)) {
    return settle(product, 0, widen(4 * UNIT * size + spread) + TINY);
  }
  const error = productError(a.hi, b.hi, product);
  if (a.lo === 0 && b.lo === 0) return settle(product, error, spread);
  const rest = error + (a.hi * b.lo + a.lo * b.hi);
  const hi = product + rest;
  return settle(hi, rest - (hi - product), widen(16 * UNIT * UNIT * size + spread));
}

/** The sum of the four products of the parts: exact where all of them and their sums are. */
function multiplyPoints(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const times = (x: number, y: number): DoubleDouble => multiplyRounded(point(x), point(y));
  const cross = add(times(a.hi, b.lo), times(a.lo, b.hi));
  return add(times(a.hi, b.hi), add(cross, times(a.lo, b.lo)));
}

export function multiply(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const isExact = isPoint(a) && isPoint(b) && Number.isFinite(a.hi) && Number.isFinite(b.hi);
  return isExact && (a.lo !== 0 || b.lo !== 0) ? multiplyPoints(a, b) : multiplyRounded(a, b);
}

function divideByZero(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  if (!isPoint(b)) return unknown;
  return isPoint(a) || sureSign(a) !== 0 ? point(a.hi / b.hi) : unknown;
}

/**
 * Two steps of long division, which check themselves: with Q = hi + lo and the residual a − Q·b that is left, x / y − Q = (x − Q·y) / y for every x
 * in a and y in b, so that |x / y − Q| ≤ (|residual| + radius of a + |Q| · radius of b) / |y|.
 */
export function divide(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  if (isNaNPair(a) || isNaNPair(b)) return nan;
  const least = leastMagnitude(b);
  if (!(least > 0)) return divideByZero(a, b);
  const first = a.hi / b.hi;
  if (!Number.isFinite(first) || isInfinite(b)) return atTheEdge(a, b, first);
  if (a.hi === 0 && isPoint(a)) return point(first);
  const divisor = middle(b);
  const remainder = subtract(middle(a), multiplyRounded(divisor, point(first)));
  const second = remainder.hi / b.hi;
  const residual = magnitude(subtract(remainder, multiplyRounded(divisor, point(second))));
  const hi = first + second;
  const lo = sumError(first, second, hi);
  if (residual === 0 && isPoint(a) && isPoint(b)) return settle(hi, lo, 0);
  const moved = residual + a.radius + Math.abs(hi) * b.radius;
  return settle(hi, lo, widen(widen(moved + TINY) / least) + TINY);
}

/**
 * One Newton step from the double root, which checks itself: |√x − Q| = |x − Q²| / (√x + Q) ≤ (|a − Q²| + radius) / Q, and since |√x − √y| ≤ √|x − y|
 * also ≤ |a − Q²| / Q + √radius. Of an enclosure that reaches below 0, what is not below it counts; all below, it is NaN.
 */
export function sqrt(a: DoubleDouble): DoubleDouble {
  if (isNaNPair(a) || sureSign(a) < 0) return nan;
  if (a.radius === Infinity) return unknown;
  if (isInfinite(a) || (a.hi === 0 && isPoint(a))) return a;
  const rootOfRadius = Math.sqrt(a.radius) * (1 + 2 ** -45);
  if (a.hi <= 0) return upTo(rootOfRadius);
  const value = middle(a);
  const first = Math.sqrt(a.hi);
  const second = subtract(value, multiplyRounded(point(first), point(first))).hi / (2 * first);
  const hi = first + second;
  const root = settle(hi, sumError(first, second, hi), 0);
  const residual = magnitude(subtract(value, multiplyRounded(root, root)));
  if (residual === 0 && isPoint(a)) return root;
  const least = hi * (1 - 2 ** -50);
  const moved = Math.min(widen(a.radius / least + TINY), rootOfRadius);
  return settle(root.hi, root.lo, widen(residual / least + moved) + TINY);
}
