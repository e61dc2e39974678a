import { formats, roundTo } from '../../spec/format.ts';
import type { FloatDtype } from '../../spec/tensor.ts';
import { certified } from './certified.ts';
import { Undecided } from './enclosing.ts';
import { add, negate } from './pairAlgebra.ts';
import { type DoubleDouble, isNaNPair, isPoint, middle, point } from './pair.ts';
import { compare } from './pairOrder.ts';

const bits = new BigInt64Array(1);
const asDouble = new Float64Array(bits.buffer);

/** The next double in the direction of +∞; of a finite number. */
function nextUp(x: number): number {
  if (x === 0) return Number.MIN_VALUE;
  asDouble[0] = x;
  bits[0] = (bits[0] ?? 0n) + (x > 0 ? 1n : -1n);
  return asDouble[0];
}

const nextDown = (x: number): number => -nextUp(-x);

/** See `Enclosing.approximate`: NaN where nothing is known. */
export const approximate = (a: DoubleDouble): number => (a.radius === Infinity ? NaN : a.hi);

/** See `Enclosing.upper`. The least double that is, wherever hi + lo + radius is a pair exactly, which is nearly always. */
export function upper(a: DoubleDouble): number {
  if (!Number.isFinite(a.hi)) return a.hi;
  if (a.radius === Infinity) return Infinity;
  if (isPoint(a) && a.lo <= 0) return a.hi;
  const top = add(middle(a), point(a.radius));
  if (isPoint(top)) return top.lo > 0 ? nextUp(top.hi) : top.hi;
  return top.hi + (Math.abs(top.hi) * 2 ** -51 + 2 * top.radius + 2 ** -1072);
}

const lower = (a: DoubleDouble): number => -upper(negate(a));

const undecided = (format: FloatDtype): Undecided =>
  new Undecided(`doubleDouble.round: the enclosure may have two roundings to ${format}`);

/**
 * hi is hi + lo rounded. It is the value of the whole enclosure rounded too if |lo| + radius is less than half the distance to the neighbour of hi
 * that is nearer to 0, which is never the farther one.
 */
function roundToDouble(a: DoubleDouble): number {
  if (isPoint(a)) return a.hi;
  const size = Math.abs(a.hi);
  const reach = (Math.abs(a.lo) + a.radius) * (1 + 2 ** -50);
  if (!(2 * reach < size - nextDown(size))) throw undecided('float64');
  return a.hi;
}

/** The number halfway between two neighbours of a format, where the neighbour of its largest finite number is the power of two above. */
function halfway(low: number, high: number, format: FloatDtype): number {
  const beyond = 2 ** (formats[format].maxExponent + 1);
  return (Math.max(low, -beyond) + Math.min(high, beyond)) / 2;
}

/** If the number halfway between the two roundings of the ends is the only one in between where rounding jumps, the side of it decides. */
function roundBetween(a: DoubleDouble, low: number, high: number, format: FloatDtype): number {
  const tie = halfway(low, high, format);
  const isOnlyJump =
    roundTo(nextDown(tie), format) === low && roundTo(nextUp(tie), format) === high;
  if (!isOnlyJump) throw undecided(format);
  const side = compare(a, point(tie));
  return side < 0 ? low : side > 0 ? high : roundTo(tie, format);
}

/** See `Enclosing.round`. Rounding is monotonic: if both doubles around the enclosure round alike to a narrower format, so does all between them. */
export function round(a: DoubleDouble, format: FloatDtype): number {
  if (!Number.isFinite(a.hi)) return a.hi;
  if (a.radius === Infinity) throw undecided(format);
  if (format === 'float64') return roundToDouble(a);
  const low = roundTo(lower(a), format);
  const high = roundTo(upper(a), format);
  const rounded = low === high ? low : roundBetween(a, low, high, format);
  return rounded === 0 && !isPoint(a) ? 0 : rounded;
}

/** See `Enclosing.digits`: of both ends, which 2200 bits hold exactly. */
export function digits(a: DoubleDouble, count: number): string {
  if (isNaNPair(a)) return 'NaN';
  return certified(2200)((exact) => {
    const value = exact.add(exact.from(a.hi), exact.from(a.lo));
    if (isPoint(a)) return exact.digits(value, count);
    const radius = exact.from(a.radius);
    const low = exact.digits(exact.subtract(value, radius), count);
    if (low !== exact.digits(exact.add(value, radius), count))
      throw new Undecided(`doubleDouble.digits: the enclosure does not have ${count} digits`);
    return low;
  });
}
