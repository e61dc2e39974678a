import { LARGEST_FACTOR, productError, SMALLEST_PRODUCT, sumError } from '../pair.ts';

/** The exact value lies within `radius` of `middle`, both finite; a radius of Infinity says that nothing is known. */
export class Ball {
  declare readonly middle: number;
  declare readonly radius: number;

  constructor(middle: number, radius: number) {
    this.middle = middle;
    this.radius = radius;
  }
}

/** A number that is exactly this double, NaN and the infinities included, or a ball around one. */
export type Real = number | Ball;

/** All that nothing is known of: one for all of them, so it is never taken for the same number twice. */
export const unknown = new Ball(0, Infinity);

/** u, the greatest relative error of rounding to a double. */
export const UNIT = 2 ** -53;
/** More than a result below the normal range loses. */
export const TINY = 2 ** -1074;
/** Covers up to 2^6 roundings of an expression of numbers ≥ 0: (1 + u)^64 < 1 + 2^-46. */
export const WIDER = 1 + 2 ** -46;

export const middleOf = (a: Real): number => (typeof a === 'number' ? a : a.middle);
export const radiusOf = (a: Real): number => (typeof a === 'number' ? 0 : a.radius);
export const isNaNReal = (a: Real): boolean => a !== a;

/** A ball, or nothing known where the middle or the radius left the doubles. */
export const around = (middle: number, radius: number): Real => {
  if (radius === 0) return middle;
  return radius < Infinity && middle - middle === 0 ? new Ball(middle, radius) : unknown;
};

/** Everything in [0, top]. */
export const upTo = (top: number): Real => around(top / 2, (top / 2) * WIDER + TINY);

/** What IEEE 754 gives for a point that is not finite and another number; nothing is known of what overflowed. */
function atTheEdge(a: Real, b: Real, value: number): Real {
  if (a !== a || b !== b) return NaN;
  if (a === unknown || b === unknown) return unknown;
  const isInfinite = (x: Real) => x === Infinity || x === -Infinity;
  return isInfinite(a) || isInfinite(b) ? value : unknown;
}

/** The error of a sum is known exactly (2Sum) and is the radius; 0 where the sum is exact. */
export function add(a: Real, b: Real): Real {
  if (typeof a === 'number' && typeof b === 'number') {
    const s = a + b;
    if (s - s !== 0) return atTheEdge(a, b, s);
    return around(s, Math.abs(sumError(a, b, s)));
  }
  const x = typeof a === 'number' ? a : a.middle;
  const y = typeof b === 'number' ? b : b.middle;
  const s = x + y;
  if (s - s !== 0) return atTheEdge(a, b, s);
  const radius = (typeof a === 'number' ? 0 : a.radius) + (typeof b === 'number' ? 0 : b.radius);
  return around(s, (radius + Math.abs(s) * UNIT) * WIDER);
}

export const negate = (a: Real): Real =>
  typeof a === 'number' ? -a : a === unknown ? unknown : new Ball(-a.middle, a.radius);

/** a − b; exactly 0 for one and the same ball. */
export function subtract(a: Real, b: Real): Real {
  if (typeof a === 'number' && typeof b === 'number') {
    const s = a - b;
    if (s - s !== 0) return atTheEdge(a, b, s);
    return around(s, Math.abs(sumError(a, -b, s)));
  }
  if (a === b) return a === unknown ? unknown : 0;
  const x = typeof a === 'number' ? a : a.middle;
  const y = typeof b === 'number' ? b : b.middle;
  const s = x - y;
  if (s - s !== 0) return atTheEdge(a, b, s);
  const radius = (typeof a === 'number' ? 0 : a.radius) + (typeof b === 'number' ? 0 : b.radius);
  return around(s, (radius + Math.abs(s) * UNIT) * WIDER);
}

/** | |x| − |m| | ≤ |x − m|. */
export const absolute = (a: Real): Real =>
  typeof a === 'number' ? Math.abs(a) : a.middle < 0 ? negate(a) : a;

/** 1 when surely a > 0, −1 when surely a < 0, otherwise 0. */
export function sureSign(a: Real): number {
  if (typeof a === 'number') return Math.sign(a);
  return Math.abs(a.middle) > a.radius ? Math.sign(a.middle) : 0;
}

/** At or below |a|; not above 0 where a may be 0. */
export const leastMagnitude = (a: Real): number =>
  typeof a === 'number'
    ? Math.abs(a)
    : (Math.abs(a.middle) - a.radius) * (1 - 2 ** -50) - (a.radius > 0 ? TINY : 0);

/** At or above |a|. */
export const greatestMagnitude = (a: Real): number =>
  typeof a === 'number' ? Math.abs(a) : (Math.abs(a.middle) + a.radius) * WIDER;

/** The product of two doubles: exact for two of 24 bits, and wherever Dekker's product says so. */
function multiplyPoints(a: number, b: number): Real {
  const product = a * b;
  const size = Math.abs(product);
  if (size >= SMALLEST_PRODUCT && size < Infinity) {
    if (Math.fround(a) === a && Math.fround(b) === b) return product;
    if (Math.abs(a) < LARGEST_FACTOR && Math.abs(b) < LARGEST_FACTOR)
      return around(product, Math.abs(productError(a, b, product)));
    return around(product, size * UNIT);
  }
  if (a === 0 || b === 0 || product - product !== 0) return atTheEdgeOfProduct(a, b, product);
  return around(product, size * UNIT + TINY);
}

/** 0 · x is 0 for every finite x; an overflow is not known. */
const atTheEdgeOfProduct = (a: number, b: number, product: number): Real =>
  product === 0 || Number.isNaN(product) || !Number.isFinite(a) || !Number.isFinite(b)
    ? product
    : unknown;

/** An infinity times a number of unknown sign is not known. */
function multiplyAtTheEdge(a: Real, b: Real): Real {
  if (a !== a || b !== b) return NaN;
  if (a === unknown || b === unknown) return unknown;
  if (sureSign(a) === 0 || sureSign(b) === 0) return unknown;
  return atTheEdge(a, b, middleOf(a) * middleOf(b));
}

export function multiply(a: Real, b: Real): Real {
  if (typeof a === 'number' && typeof b === 'number') return multiplyPoints(a, b);
  if ((a === 0 && b !== unknown) || (b === 0 && a !== unknown)) return 0;
  const x = typeof a === 'number' ? a : a.middle;
  const y = typeof b === 'number' ? b : b.middle;
  const r = typeof a === 'number' ? 0 : a.radius;
  const s = typeof b === 'number' ? 0 : b.radius;
  const product = x * y;
  if (product - product !== 0 || !(r + s < Infinity)) return multiplyAtTheEdge(a, b);
  const [sizeX, sizeY] = [Math.abs(x), Math.abs(y)];
  const radius = (sizeX * s + (sizeY + s) * r + sizeX * sizeY * UNIT) * WIDER + 8 * TINY;
  return around(product, radius);
}

/** With Q = fl(x / y): |x/y − Q| ≤ u|Q| for the middles, and (r + |Q| s) / (|y| − s) for the radii. Exact where Q · y is x. */
export function divide(a: Real, b: Real): Real {
  if (a !== a || b !== b) return NaN;
  const least = leastMagnitude(b);
  if (!(least > 0)) return divideByZero(a, b);
  const [x, y] = [middleOf(a), middleOf(b)];
  const quotient = x / y;
  if (quotient - quotient !== 0 || y === Infinity || y === -Infinity)
    return atTheEdge(a, b, quotient);
  if (a === 0) return quotient;
  if (typeof a === 'number' && typeof b === 'number' && isExactQuotient(a, b, quotient))
    return quotient;
  const size = Math.abs(quotient);
  const moved = (radiusOf(a) + size * radiusOf(b) * WIDER) * WIDER;
  const radius = (size * UNIT + (moved === 0 ? 0 : (moved + TINY) / least)) * WIDER + 8 * TINY;
  return around(quotient, radius);
}

const isExactQuotient = (a: number, b: number, quotient: number): boolean => {
  const product = quotient * b;
  return (
    product === a &&
    Math.abs(product) >= SMALLEST_PRODUCT &&
    Math.abs(b) < LARGEST_FACTOR &&
    Math.abs(quotient) < LARGEST_FACTOR &&
    productError(quotient, b, product) === 0
  );
};

function divideByZero(a: Real, b: Real): Real {
  if (typeof b !== 'number') return unknown;
  return sureSign(a) !== 0 || a === 0 ? middleOf(a) / b : unknown;
}

/** |√x − √m| ≤ |x − m| / √m, and ≤ √|x − m|. Of an enclosure that reaches below 0, what is not below it counts; all below, it is NaN. */
export function sqrt(a: Real): Real {
  if (a !== a || sureSign(a) < 0) return NaN;
  if (a === unknown) return unknown;
  const x = middleOf(a);
  if (x === Infinity || a === 0) return a;
  const r = radiusOf(a);
  if (x <= r) return upTo(Math.sqrt((Math.max(x, 0) + r) * WIDER) * WIDER);
  const root = Math.sqrt(x);
  if (r === 0 && root * root === x && x >= SMALLEST_PRODUCT && x < LARGEST_FACTOR)
    if (productError(root, root, x) === 0) return root;
  return around(root, (root * UNIT + r / root) * WIDER + TINY);
}
