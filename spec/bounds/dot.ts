import type { Arithmetic } from '../arithmetic.ts';
import { exponentOf, lowestBit, roundTo, smallestNormal, smallestPositive } from '../format.ts';
import type { Rounding } from '../numerics.ts';

/** What else is rounded on the way to a sum of products. */
interface Company {
  /** A stored number that is added: before, between or after the products. */
  readonly addend?: number;
  /** How often the factors of each product were rounded together before they met, where that was not exact. */
  readonly rounded?: number;
}

/** What is known of Σ x_i y_i + c, in doubles that are never too small. */
export interface DotBound {
  /** At least Σ |x_i y_i| + |c|. */
  readonly magnitude: number;
  /** The longest chain of roundings of one term: G(h + π) Σ |x_i y_i| is the error without underflow, unless it is 0. */
  readonly roundings: number;
  /** The error that underflow may add. */
  readonly underflow: number;
  /** The error of the computed sum. */
  readonly error: number;
}

/** A sum of products, looked at term by term. */
interface Terms {
  readonly magnitude: number;
  /** How many terms are not 0. */
  readonly count: number;
  /** The least magnitude of a term that is not 0. */
  readonly least: number;
  /** Whether every product is a number of the accumulation format. */
  readonly exactProducts: boolean;
}

/** Whether a number has at most 24 significant bits, and an exponent from −149 on: products of two are doubles. */
const isShort = (x: number): boolean => Math.fround(x) === x;

/** How many significant bits a finite x ≠ 0 has. */
const bitsOf = (x: number): number => exponentOf(x) - lowestBit(x) + 1;

/**
 * Whether x · y is a number of the accumulation format, so that every sound product gives it. Of numbers of a and b bits the product has a + b at most:
 * up to 53 it is a double, and rounding that to the format shows whether the format has it. A number that JSON states has up to 53 itself: its
 * product with a stored one is longer, and is rounded in float64 too.
 */
export function isExactProduct({ accumulate }: Rounding, x: number, y: number): boolean {
  if (x === 0 || y === 0) return true;
  const product = x * y;
  if (roundTo(product, accumulate) !== product) return false;
  if (isShort(x) && isShort(y)) return true;
  return Number.isFinite(product) && Math.abs(product) >= 2 ** -1022 && bitsOf(x) + bitsOf(y) <= 53;
}

/** The products of what is stored in float64 are taken to be inexact. The sum's relative error in double is below n · 2^-52. */
function termsOf(
  rounding: Rounding,
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  { addend = 0, rounded = 0 }: Company,
): Terms {
  const { accumulate, storage } = rounding;
  const count = x.length;
  let sum = Math.abs(addend);
  let zeros = 0;
  let least = addend === 0 ? Infinity : sum;
  for (let i = 0; i < count; i += 1) {
    const product = Math.abs((x[i] ?? NaN) * (y[i] ?? NaN));
    sum += product;
    if (product <= least) {
      if (x[i] === 0 || y[i] === 0) zeros += 1;
      else least = product;
    }
  }
  const terms = count - zeros + (addend === 0 ? 0 : 1);
  let exactProducts = rounded === 0 && (storage !== 'float64' || accumulate !== 'float64');
  for (let i = 0; exactProducts && i < count; i += 1)
    exactProducts = isExactProduct(rounding, x[i] ?? NaN, y[i] ?? NaN);
  const magnitude =
    sum * (1 + (count + 8) * 2 ** -52) + (least < 2 ** -1000 ? terms * 2 ** -1074 : 0);
  return { magnitude, count: terms, least, exactProducts };
}

/**
 * Whether every order of the sum, with or without fused operations, is exact: all terms are multiples of one q = 2^k that the format holds,
 * and their magnitudes sum to less than 2^precision · q, so that every partial sum is a number of the format.
 */
function isExact(
  rounding: Rounding,
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  addend: number,
  magnitude: number,
): boolean {
  const { accumulate, precision, numerics } = rounding;
  const smallest = (numerics.flushesSubnormals ? smallestNormal : smallestPositive)(accumulate);
  const fits = (quantum: number): boolean =>
    quantum >= smallest && magnitude < quantum * 2 ** precision * (1 - 2 ** -30);
  for (let i = 0; i < x.length; i += 1) {
    const [left, right] = [x[i] ?? NaN, y[i] ?? NaN];
    if (left !== 0 && right !== 0 && !fits(2 ** (lowestBit(left) + lowestBit(right)))) return false;
  }
  return addend === 0 || fits(2 ** lowestBit(addend));
}

/**
 * A product below the normal range loses at most `tiny`, and so does a sum where subnormals are flushed or where a fused product is longer
 * than the format. Sums of numbers of the format that underflow gradually are exact, and so is every sum of products from
 * normal · 2^precision on: their last bit is in the format.
 */
function underflowOf(
  { tiny, normal, precision, numerics }: Rounding,
  { count, least, exactProducts }: Terms,
): number {
  if (numerics.flushesSubnormals)
    return least < normal * 2 ** (2 * precision) ? 2 * count * tiny : 0;
  return least < normal * 2 ** precision && !exactProducts ? 2 * count * tiny : 0;
}

/**
 * What a computed Σ x_i y_i of stored numbers may be off: G(h + π) Σ |x_i y_i| + n η, with h the height of the sum, at most one less than it
 * has terms that are not 0, and π = 0 where all products are exact, otherwise 1. It is 0 where every order is exact, and Infinity where a
 * partial sum may overflow or an element is not finite. Higham, Accuracy and Stability of Numerical Algorithms, 2002, §3.1.
 */
export function dotBound(
  rounding: Rounding,
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  company: Company = {},
): DotBound {
  const { addend = 0, rounded = 0 } = company;
  const terms = termsOf(rounding, x, y, company);
  const { magnitude, count, exactProducts } = terms;
  const height = Math.min(
    rounding.height(x.length) + (addend === 0 ? 0 : 1),
    Math.max(0, count - 1),
  );
  const roundings = height + (exactProducts ? 0 : 1) + rounded;
  const growth = rounding.growth(roundings);
  const underflow = (1 + growth) * underflowOf(rounding, terms);
  const error = !(magnitude * (1 + growth) <= rounding.largest)
    ? Infinity
    : rounded === 0 && isExact(rounding, x, y, addend, magnitude)
      ? 0
      : (growth * magnitude + underflow) * (1 + 2 ** -48);
  return { magnitude, roundings, underflow, error };
}

/** The error of a computed Σ x_i y_i of stored numbers: see `dotBound`. */
export const dotError = <N>(
  a: Arithmetic<N>,
  rounding: Rounding,
  x: ArrayLike<number>,
  y: ArrayLike<number>,
): N => a.from(dotBound(rounding, x, y).error);
