import type { BigNumber } from 'mathjs';
import type { Arithmetic } from '../../spec/arithmetic.ts';
import { erfc } from './mathjsErfc.ts';
import { parserFor } from './mathjsNumbers.ts';

const GUARD_DIGITS = 8;

/** A double as integer · 2^exponent. */
function decompose(value: number): { integer: bigint; exponent: number } {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value);
  const biased = (bits.getUint16(0) >> 4) & 0x7ff;
  const fraction = bits.getBigUint64(0) & (2n ** 52n - 1n);
  const magnitude = biased === 0 ? fraction : fraction + 2n ** 52n;
  return { integer: value < 0 ? -magnitude : magnitude, exponent: Math.max(biased, 1) - 1075 };
}

/** All digits of a double: m / 2^k = m · 5^k / 10^k. */
function exactDecimal(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return Object.is(value, -0) ? '-0' : String(value);
  const { integer, exponent } = decompose(value);
  if (exponent >= 0) return String(integer * 2n ** BigInt(exponent));
  return `${integer * 5n ** BigInt(-exponent)}e${exponent}`;
}

/**
 * Past 2, sinh / cosh as mathjs has it becomes slow, and at 10^30 does not end. (1 − e^(−2|x|)) / (1 + e^(−2|x|)) is the same and loses no digits
 * there.
 */
function tanh(x: BigNumber): BigNumber {
  const size = x.abs();
  if (!size.greaterThan(2) || !size.isFinite()) return x.tanh();
  const decay = size.times(-2).exp();
  const value = decay.negated().plus(1).div(decay.plus(1));
  return x.isNegative() ? value.negated() : value;
}

/** Of −0 and 0 the greater is 0. */
function greatest(values: readonly BigNumber[], least: BigNumber): BigNumber {
  let top = least;
  for (const value of values) {
    if (value.isNaN()) return value;
    if (value.greaterThan(top) || (value.equals(top) && top.isNegative())) top = value;
  }
  return top;
}

/**
 * BigNumbers of mathjs, rounded to a few digits more than asked for after every operation: the arithmetic to read and to step through, and a second
 * opinion that shares no code with the others. It encloses nothing: `compare` and `max` take the numbers as they are.
 *
 * `from` keeps all digits of the double, up to 767: `mathjs.bignumber(0.1)` is the decimal 0.1, which is another number. log and √ of negative
 * numbers are NaN, where mathjs goes on with complex numbers.
 *
 * @example
 * mathjsDigits(mathjs().from(0.1), 20) // → '0.10000000000000000555'
 */
export function mathjs(digits = 64): Arithmetic<BigNumber> {
  const precision = digits + GUARD_DIGITS;
  const parse = parserFor(precision);
  const sum = (terms: readonly BigNumber[]): BigNumber =>
    terms.reduce((total, term) => total.plus(term), parse('0'));
  return {
    from: (value) => parse(exactDecimal(value)),
    pi: () => parse('-1').acos(),
    add: (a, b) => a.plus(b),
    subtract: (a, b) => a.minus(b),
    multiply: (a, b) => a.times(b),
    divide: (a, b) => a.div(b),
    negate: (a) => a.negated(),
    absolute: (a) => a.abs(),
    sqrt: (a) => a.sqrt(),
    exp: (a) => a.exp(),
    log: (a) => a.ln(),
    tanh,
    erfc: (a) => erfc(a, precision),
    sin: (a) => a.sin(),
    cos: (a) => a.cos(),
    sum,
    dot: (a, b) => {
      if (a.length !== b.length)
        throw new RangeError(`dot: expected as many factors, got ${a.length} and ${b.length}`);
      return sum(a.map((x, i) => x.times(b[i] ?? 0)));
    },
    max: (values) => greatest(values, parse('-Infinity')),
    compare: (a, b) => a.comparedTo(b),
  };
}

const HALF_EVEN = 6;

/**
 * The value in decimal, rounded to so many significant digits, laid out as `Enclosing.digits` does: scientific below 10^-6, from 10^21 on, and
 * wherever a plain number would need digits that were not asked for.
 */
export function mathjsDigits(value: BigNumber, count: number): string {
  if (value.isZero() || !value.isFinite()) return value.isZero() ? '0' : value.toString();
  const rounded = value.toSignificantDigits(count, HALF_EVEN);
  return rounded.e >= 21 || rounded.e < -6
    ? rounded.toExponential(count - 1)
    : rounded.toPrecision(count);
}
