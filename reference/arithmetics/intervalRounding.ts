import { formats, largestFinite } from '../../spec/format.ts';
import type { FloatDtype } from '../../spec/tensor.ts';
import { belowDigits, Undecided } from './enclosing.ts';
import { isNaNInterval, isPoint, type Interval } from './interval.ts';
import { type Arena, mpfr, NEAREST, UP, type Pointer } from './mpfr.ts';

/** See `Enclosing.approximate`: near the middle, where both ends are finite. */
export function approximate(a: Interval): number {
  const lo = mpfr.mpfr_get_d(a.lo, NEAREST);
  const hi = mpfr.mpfr_get_d(a.hi, NEAREST);
  return lo === hi ? lo : lo / 2 + hi / 2;
}

/** See `Enclosing.upper`. */
export const upper = (a: Interval): number => mpfr.mpfr_get_d(a.hi, UP);

/**
 * Rounds one number once. It is scaled by a power of two to units of its last place in the format (of the subnormals, below the normals), rounded there to an
 * even integer in its own precision, and that integer of at most 2^p is scaled back: of these three only the second rounds.
 */
function roundEnd(a: Pointer, format: FloatDtype, scratch: Pointer): number {
  if (mpfr.mpfr_regular_p(a) === 0) return mpfr.mpfr_get_d(a, NEAREST);
  const { precision, minExponent } = formats[format];
  const unit = Math.max(mpfr.mpfr_get_exp(a) - 1, minExponent) - precision + 1;
  mpfr.mpfr_mul_2si(scratch, a, -unit, NEAREST);
  mpfr.mpfr_roundeven(scratch, scratch);
  const rounded = mpfr.mpfr_get_d(scratch, NEAREST) * 2 ** unit;
  return Math.abs(rounded) > largestFinite(format) ? Math.sign(rounded) * Infinity : rounded;
}

/** See `Enclosing.round`. A point keeps its sign where it rounds to zero; any other interval rounds to +0. */
export function round(a: Interval, format: FloatDtype, arena: Arena): number {
  const scratch = arena.take();
  const lo = roundEnd(a.lo, format, scratch);
  if (isPoint(a)) return lo;
  if (lo !== roundEnd(a.hi, format, scratch))
    throw new Undecided(`certified.round: the enclosure has two roundings to ${format}`);
  return lo === 0 ? 0 : lo;
}

const exponentAddress = mpfr.malloc(4);

/** As `Number.prototype.toPrecision` lays digits out, but scientific from 10^21 on: 0.0000012, 120, 1.2e+3. */
function layOut(digits: string, exponent: number): string {
  if (exponent < -6 || exponent >= Math.min(digits.length, 21)) {
    const fraction = digits.length === 1 ? '' : `.${digits.slice(1)}`;
    return `${digits.slice(0, 1)}${fraction}e${exponent < 0 ? '-' : '+'}${Math.abs(exponent)}`;
  }
  if (exponent < 0) return `0.${'0'.repeat(-exponent - 1)}${digits}`;
  if (exponent === digits.length - 1) return digits;
  return `${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`;
}

function digitsOf(a: Pointer, count: number): string {
  if (mpfr.mpfr_regular_p(a) === 0) return String(mpfr.mpfr_get_d(a, NEAREST));
  const start = mpfr.mpfr_get_str(0, exponentAddress, 10, count, a, NEAREST);
  const text = new TextDecoder().decode(mpfr.mem.subarray(start, mpfr.mem.indexOf(0, start)));
  mpfr.mpfr_free_str(start);
  const exponent = mpfr.memView.getInt32(exponentAddress, true) - 1;
  return text.startsWith('-') ? `-${layOut(text.slice(1), exponent)}` : layOut(text, exponent);
}

/** 2^−29898 < 10^−9000. */
const tiniest = -29898;
const isTiny = (a: Pointer): boolean =>
  mpfr.mpfr_regular_p(a) === 0
    ? mpfr.mpfr_get_d(a, NEAREST) === 0
    : mpfr.mpfr_get_exp(a) <= tiniest;

/**
 * See `Enclosing.digits`. Scientific wherever a plain number would need digits that were not asked for: 123 to two digits is '1.2e+2'. What inexact steps
 * bring to 0, or below what can be told from it, has no digits: it is `belowDigits`.
 */
export function digits(a: Interval, count: number): string {
  const lo = digitsOf(a.lo, count);
  if (isPoint(a) || isNaNInterval(a)) return lo;
  if (lo === digitsOf(a.hi, count)) return lo;
  if (isTiny(a.lo) && isTiny(a.hi)) return belowDigits;
  throw new Undecided(`certified.digits: the enclosure does not have ${count} digits`);
}
