import { add, multiply } from './pairAlgebra.ts';
import {
  type DoubleDouble,
  productError,
  settle,
  SMALLEST_PRODUCT,
  sumError,
  TINY,
  UNIT,
  zero,
} from './pair.ts';

/**
 * Above the exact sum of n numbers ≥ 0 that are rounded at most 2^5 times each, and so at most 2^5 (n + 1) times in a row: (1 + u)^(2^5 (n + 1)) < 1
 * + 2^-47 (n + 1) for every n below 2^32.
 */
const widenSum = (radius: number, count: number): number => radius * (1 + (count + 1) * 2 ** -47);

/**
 * Sum2 (Ogita, Rump, Oishi, "Accurate sum and dot product", SIAM J. Sci. Comput. 26(6), 2005, Algorithm 4.4), where what is lost in adding up the
 * errors is not bounded but added up too: 0 means that the sum is exact. Where the loop meets infinities or overflows, lost or low is not finite, and
 * the terms are added one by one.
 */
export function sum(terms: readonly DoubleDouble[]): DoubleDouble {
  let high = 0;
  let low = 0;
  let lost = 0;
  for (const { hi, lo, radius } of terms) {
    const nextHigh = high + hi;
    const error = sumError(high, hi, nextHigh);
    const middle = low + error;
    const nextLow = middle + lo;
    lost += Math.abs(sumError(low, error, middle));
    lost += Math.abs(sumError(middle, lo, nextLow)) + radius;
    high = nextHigh;
    low = nextLow;
  }
  const hi = high + low;
  const lo = sumError(high, low, hi);
  if (!Number.isFinite(hi + lo + lost)) return terms.reduce(add, zero);
  return settle(hi, lo, widenSum(lost, terms.length));
}

function dotStepByStep(a: readonly DoubleDouble[], b: readonly DoubleDouble[]): DoubleDouble {
  return a.reduce((total, x, i) => add(total, multiply(x, b[i] ?? zero)), zero);
}

/**
 * Dot2 (Ogita, Rump, Oishi 2005, Algorithm 5.3), exact as `sum` is. A product of true pairs has an error of at most 16u² (see `multiply`), that is
 * 2^-102. Products that may underflow are left to `multiply`.
 *
 * @throws RangeError when the lengths differ
 */
export function dot(a: readonly DoubleDouble[], b: readonly DoubleDouble[]): DoubleDouble {
  if (a.length !== b.length)
    throw new RangeError(`dot: expected as many factors, got ${a.length} and ${b.length}`);
  let high = 0;
  let low = 0;
  let lost = 0;
  let rounded = 0;
  let spread = 0;
  let radii = 0;
  for (let i = 0; i < a.length; i += 1) {
    const x = a[i] ?? zero;
    const y = b[i] ?? zero;
    const product = x.hi * y.hi;
    const size = Math.abs(product);
    if (size < SMALLEST_PRODUCT && x.hi !== 0 && y.hi !== 0) return dotStepByStep(a, b);
    let rest = productError(x.hi, y.hi, product);
    if (x.lo !== 0 || y.lo !== 0) {
      rest += x.hi * y.lo + x.lo * y.hi;
      rounded += size;
    }
    spread += Math.abs(x.hi) * y.radius + (Math.abs(y.hi) + y.radius) * x.radius;
    radii += x.radius + y.radius;
    const nextHigh = high + product;
    const error = sumError(high, product, nextHigh);
    const middle = low + error;
    lost += Math.abs(sumError(low, error, middle));
    low = middle + rest;
    lost += Math.abs(sumError(middle, rest, low));
    high = nextHigh;
  }
  const hi = high + low;
  const lo = sumError(high, low, hi);
  const underflow = radii === 0 ? 0 : a.length * TINY;
  const radius = lost + 16 * UNIT * UNIT * rounded + spread + underflow;
  if (!Number.isFinite(hi + lo + radius)) return dotStepByStep(a, b);
  return settle(hi, lo, widenSum(radius, a.length));
}
