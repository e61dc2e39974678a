import { exponentOf, formats, largestFinite, smallestNormal } from '../../spec/format.ts';
import type { Rounding } from '../../spec/numerics.ts';
import { Undecided, type Enclosing } from '../../reference/arithmetics/enclosing.ts';

/** How one element of an answer stands to the exact value. */
export type ElementVerdict =
  | { readonly status: 'within'; readonly used: number; readonly slack: number }
  | { readonly status: 'free'; readonly slack: number }
  | {
      readonly status: 'wrong';
      readonly expected: number;
      readonly error: number;
      readonly bound: number;
    };

/**
 * The distances from a stored value within which a number above or below it may have been rounded to it: half a unit to nearest, a whole one where
 * either neighbour may be taken, or the one nearer to 0. So it is at 0 too, which all of the smallest subnormals, or half of one, round to. What is
 * declared of the sums' rounding need not be that of a conversion to storage: toward zero admits what nearest does.
 */
export function storageGap(
  value: number,
  { storage, accumulate, numerics }: Rounding,
  above: boolean,
): number {
  if (storage === accumulate) return 0;
  const { precision, minExponent } = formats[storage];
  const share = numerics.rounding === 'nearest' ? 0.5 : 1;
  if (value === 0)
    return numerics.flushesSubnormals
      ? smallestNormal(storage)
      : share * 2 ** (minExponent - precision + 1);
  const exponent = Math.max(exponentOf(value), minExponent);
  const outward = above === value > 0;
  const narrow = !outward && exponent > minExponent && Math.abs(value) === 2 ** exponent;
  const ulp = 2 ** (exponent - precision + (narrow ? 0 : 1));
  return share * ulp;
}

/** The least magnitude that may round to Infinity in the storage format: to nearest half a unit beyond the largest number, otherwise any beyond it. */
const overflowThreshold = ({ storage, numerics }: Rounding): number => {
  const largest = largestFinite(storage);
  return storage === 'float64' || numerics.rounding !== 'nearest'
    ? largest
    : largest + 2 ** (formats[storage].maxExponent - formats[storage].precision);
};

/** Whether everything beyond a stored number may have been rounded to it: Infinity, and toward zero the largest number too (IEEE 754-2019 §7.4). */
const absorbs = (value: number, { storage, numerics }: Rounding): boolean =>
  Math.abs(value) === Infinity ||
  (numerics.rounding !== 'nearest' && Math.abs(value) === largestFinite(storage));

/**
 * Judges one element: |actual − exact| ≤ bound + the distance that rounding to storage can have moved it. Infinity is read as the least
 * number that rounds to it. An exact NaN or infinity must be met, a bound that is surely infinite says nothing.
 *
 * @throws Undecided
 */
export function judgeElement<N>(
  a: Enclosing<N>,
  exact: N,
  bound: N,
  actual: number,
  rounding: Rounding,
): ElementVerdict {
  const near = a.approximate(exact);
  if (Number.isNaN(near) || Math.abs(near) === Infinity) {
    const order = a.compare(exact, exact);
    if (Number.isNaN(near) && !Number.isNaN(order))
      throw new Undecided('judgeElement: nothing is known of the exact value');
    return Object.is(near, actual)
      ? { status: 'within', used: 0, slack: 0 }
      : { status: 'wrong', expected: near, error: NaN, bound: 0 };
  }
  if (a.upper(bound) === Infinity && a.within(a.from(Infinity), bound))
    return { status: 'free', slack: Infinity };
  if (Number.isNaN(a.upper(bound)))
    throw new TypeError(`the suite's bound is NaN where the exact value is ${near}`);
  if (Number.isNaN(actual))
    return { status: 'wrong', expected: near, error: NaN, bound: a.approximate(bound) };
  const overflown = Math.abs(actual) === Infinity;
  const edge = overflown ? Math.sign(actual) * overflowThreshold(rounding) : actual;
  const difference = a.subtract(exact, a.from(edge));
  const above = a.approximate(difference) > 0;
  const beyond = absorbs(actual, rounding) && above === actual > 0;
  const gap = overflown ? 0 : storageGap(actual, rounding, above);
  const allowed = a.add(bound, a.from(gap));
  const error = beyond ? a.from(0) : a.absolute(difference);
  const slack = a.upper(allowed);
  const errorNumber = a.approximate(error);
  if (a.within(error, allowed))
    return {
      status: 'within',
      used: errorNumber === 0 ? 0 : Math.min(1, errorNumber / a.approximate(allowed)),
      slack,
    };
  return {
    status: 'wrong',
    expected: near,
    error: overflown ? Infinity : errorNumber,
    bound: a.approximate(allowed),
  };
}
