/** A fraction of whole numbers, the denominator above 0: not always in lowest terms. */
export interface Rational {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

export const rational = (numerator: bigint, denominator = 1n): Rational =>
  denominator < 0n
    ? { numerator: -numerator, denominator: -denominator }
    : { numerator, denominator };

const decimal = /^([-+]?)(\d+)(?:\.(\d+))?(?:e([-+]?\d+))?$/;

/**
 * The number that a text in decimal stands for, exactly; nothing where it is no such text.
 *
 * @example
 * fromDecimal('-1.25e2') // → { numerator: -125n, denominator: 1n }
 */
export function fromDecimal(text: string): Rational | undefined {
  const [, sign, whole = '', fraction = '', exponent = '0'] = decimal.exec(text) ?? [];
  if (sign === undefined) return undefined;
  const digits = BigInt(`${whole}${fraction}`) * (sign === '-' ? -1n : 1n);
  const power = Number(exponent) - fraction.length;
  return power >= 0
    ? rational(digits * 10n ** BigInt(power))
    : rational(digits, 10n ** BigInt(-power));
}

/** The size of a unit in the last place that a decimal text shows: 0.01 for '0.94', 10000 for '3e4'. */
export function lastPlace(text: string): Rational {
  const [, , , fraction = '', exponent = '0'] = decimal.exec(text) ?? [];
  const power = Number(exponent) - fraction.length;
  return power >= 0 ? rational(10n ** BigInt(power)) : rational(1n, 10n ** BigInt(-power));
}

export const add = (a: Rational, b: Rational): Rational =>
  rational(
    a.numerator * b.denominator + b.numerator * a.denominator,
    a.denominator * b.denominator,
  );
export const negate = ({ numerator, denominator }: Rational): Rational =>
  rational(-numerator, denominator);
export const subtract = (a: Rational, b: Rational): Rational => add(a, negate(b));
export const multiply = (a: Rational, b: Rational): Rational =>
  rational(a.numerator * b.numerator, a.denominator * b.denominator);

/** @throws RangeError where b is 0 */
export function divide(a: Rational, b: Rational): Rational {
  if (b.numerator === 0n) throw new RangeError('divide: expected a divisor that is not 0, got 0');
  return rational(a.numerator * b.denominator, a.denominator * b.numerator);
}

export const absolute = (a: Rational): Rational => (a.numerator < 0n ? negate(a) : a);

/** Below 0, 0 or above 0 as a is less than, equal to or greater than b. */
export function compare(a: Rational, b: Rational): number {
  const { numerator } = subtract(a, b);
  return numerator < 0n ? -1 : numerator > 0n ? 1 : 0;
}

/** The nearest whole multiple of a unit, halves away from 0: how often it holds the unit. */
function multiples(a: Rational, unit: Rational): bigint {
  const { numerator, denominator } = divide(absolute(a), unit);
  const nearest = (2n * numerator + denominator) / (2n * denominator);
  return a.numerator < 0n ? -nearest : nearest;
}

/**
 * In decimal with so many digits after the point, halves away from 0.
 *
 * @example
 * toFixed(rational(2n, 3n), 2) // → '0.67'
 */
export function toFixed(a: Rational, places: number): string {
  const scaled = multiples(a, rational(1n, 10n ** BigInt(places)));
  const digits = String(scaled < 0n ? -scaled : scaled).padStart(places + 1, '0');
  const whole = digits.slice(0, digits.length - places);
  const fraction = digits.slice(digits.length - places);
  return `${scaled < 0n ? '-' : ''}${whole}${places === 0 ? '' : `.${fraction}`}`;
}

/** Rounded to the last place that a decimal text shows, and written as it is. */
export function roundedLike(a: Rational, text: string): string {
  const exponent = /e([-+]?\d+)$/.exec(text)?.[1];
  const places = /\.(\d+)/.exec(text)?.[1]?.length ?? 0;
  if (exponent === undefined) return toFixed(a, places);
  const scale = fromDecimal(`1e${exponent}`) ?? rational(1n);
  return `${toFixed(divide(a, scale), places)}e${exponent}`;
}
