import { roundTo } from '../../../spec/format.ts';
import type { FloatDtype } from '../../../spec/tensor.ts';
import { certified } from '../certified.ts';
import { Undecided } from '../enclosing.ts';
import { middleOf, radiusOf, type Real, unknown } from './ball.ts';

/** See `Arithmetic.compare`. One and the same ball is one and the same number: equal, however wide. */
export function compare(a: Real, b: Real): number {
  if (typeof a === 'number' && typeof b === 'number')
    return a > b ? 1 : a < b ? -1 : a === b ? 0 : NaN;
  if (a !== a || b !== b) return NaN;
  if (a === b && a !== unknown) return 0;
  const [x, y] = [middleOf(a), middleOf(b)];
  const gap = x - y;
  const reach = (radiusOf(a) + radiusOf(b)) * (1 + 2 ** -50);
  if (!(Math.abs(gap) * (1 - 2 ** -51) > reach))
    throw new Undecided('doubles.compare: the enclosures overlap');
  return gap > 0 ? 1 : -1;
}

/** At or above the value. */
export function upper(a: Real): number {
  if (typeof a === 'number') return a;
  const top = a.middle + a.radius;
  return top + (Math.abs(a.middle) + a.radius) * 2 ** -51 + Number.MIN_VALUE;
}

/** At or below the value. */
export function lower(a: Real): number {
  if (typeof a === 'number') return a;
  const bottom = a.middle - a.radius;
  return bottom - (Math.abs(a.middle) + a.radius) * 2 ** -51 - Number.MIN_VALUE;
}

/** See `Enclosing.within`: from the greatest error and the greatest bound, or the least error. A bound of which nothing is known proves nothing. */
export function within(error: Real, bound: Real): boolean {
  if (error !== error || bound !== bound) return false;
  if ((error === bound && error !== unknown) || bound === Infinity || error === -Infinity)
    return true;
  if (typeof error === 'number' && typeof bound === 'number') return error <= bound;
  if (error !== unknown && bound !== unknown) {
    if (upper(error) <= lower(bound)) return true;
    if (lower(error) > upper(bound)) return false;
  }
  throw new Undecided('doubles.within: the error may be on either side of the bound');
}

/** See `Enclosing.approximate`: NaN where nothing is known. */
export const approximate = (a: Real): number => (a === unknown ? NaN : middleOf(a));

/** See `Enclosing.round`: rounding is monotonic, so where both ends round alike, so does all between. */
export function round(a: Real, format: FloatDtype): number {
  if (typeof a === 'number') return roundTo(a, format);
  const [low, high] = [roundTo(lower(a), format), roundTo(upper(a), format)];
  if (a === unknown || low !== high || low === 0)
    throw new Undecided(`doubles.round: the enclosure may have two roundings to ${format}`);
  return low;
}

/** See `Enclosing.digits`: doubles prove those of points alone. */
export function digits(a: Real, count: number): string {
  if (typeof a !== 'number') throw new Undecided('doubles.digits: not exact');
  return certified(2200)((exact) => exact.digits(exact.from(a), count));
}
