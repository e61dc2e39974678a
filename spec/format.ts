import type { FloatDtype } from './tensor.ts';

/** A binary floating-point format: significand bits (the hidden one counted) and the exponents of the smallest and largest normal numbers. */
export interface Format {
  readonly precision: number;
  readonly minExponent: number;
  readonly maxExponent: number;
}

/** IEEE 754-2019 §3.6 table 3.5; bfloat16 is float32 cut to 8 significand bits. */
export const formats: Readonly<Record<FloatDtype, Format>> = {
  float64: { precision: 53, minExponent: -1022, maxExponent: 1023 },
  float32: { precision: 24, minExponent: -126, maxExponent: 127 },
  float16: { precision: 11, minExponent: -14, maxExponent: 15 },
  bfloat16: { precision: 8, minExponent: -126, maxExponent: 127 },
};

/** u = 2^−p, the greatest relative error of rounding to nearest. */
export const unitRoundoff = (dtype: FloatDtype): number => 2 ** -formats[dtype].precision;

/** The smallest positive number, a subnormal. */
export const smallestPositive = (dtype: FloatDtype): number =>
  2 ** (formats[dtype].minExponent - formats[dtype].precision + 1);

/** The smallest positive number with a full significand. */
export const smallestNormal = (dtype: FloatDtype): number => 2 ** formats[dtype].minExponent;

export const largestFinite = (dtype: FloatDtype): number => {
  const { precision, maxExponent } = formats[dtype];
  return (2 - 2 ** (1 - precision)) * 2 ** maxExponent;
};

/** One double and the two halves of its bits, the low one first. */
const double = new Float64Array(1);
const halves = new Uint32Array(double.buffer);
const [LOW, HIGH] = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1 ? [0, 1] : [1, 0];

/** ⌊log₂|x|⌋ of a finite x ≠ 0, exactly. */
export function exponentOf(x: number): number {
  double[0] = x;
  const biased = ((halves[HIGH] ?? 0) >>> 20) & 0x7ff;
  return biased === 0 ? exponentOf(x * 2 ** 54) - 54 : biased - 1023;
}

/** The zero with the sign of x. */
export const zeroLike = (x: number): number => (x < 0 || Object.is(x, -0) ? -0 : 0);

/**
 * Rounds a double once to the format, to nearest with ties to even; overflow gives ±Infinity.
 *
 * @example
 * roundTo(1 + 2 ** -8, 'bfloat16') // → 1
 */
export function roundTo(x: number, dtype: FloatDtype): number {
  if (dtype === 'float64' || x === 0 || !Number.isFinite(x)) return x;
  if (dtype === 'float32') return Math.fround(x);
  const { precision, minExponent } = formats[dtype];
  const quantum = 2 ** (Math.max(exponentOf(x), minExponent) - precision + 1);
  const scaled = x / quantum;
  const floor = Math.floor(scaled);
  const above = scaled - floor;
  const up = above > 0.5 || (above === 0.5 && floor % 2 !== 0);
  const rounded = (floor + (up ? 1 : 0)) * quantum;
  if (Math.abs(rounded) > largestFinite(dtype)) return Math.sign(x) * Infinity;
  return rounded === 0 ? zeroLike(x) : rounded;
}

/** How many zeros a number other than 0 of 32 bits ends in. */
const trailingZeros = (bits: number): number => 31 - Math.clz32(bits & -bits);

/** The exponent of the lowest set bit of a finite x ≠ 0: x is an odd multiple of 2 to this power. */
export function lowestBit(x: number): number {
  double[0] = x;
  const [low, high] = [halves[LOW] ?? 0, halves[HIGH] ?? 0];
  const biased = (high >>> 20) & 0x7ff;
  const significand = (high & 0xfffff) | (biased === 0 ? 0 : 0x100000);
  const place = low === 0 ? 32 + trailingZeros(significand) : trailingZeros(low);
  return Math.max(biased, 1) - 1075 + place;
}

/** The bit pattern of a value in a 16-bit format, rounded to it. */
export function toBits(x: number, dtype: 'float16' | 'bfloat16'): number {
  const { precision, minExponent, maxExponent } = formats[dtype];
  const fraction = precision - 1;
  const sign = x < 0 || Object.is(x, -0) ? 0x8000 : 0;
  const infinity = (maxExponent * 2 + 1) << fraction;
  const value = Math.abs(roundTo(x, dtype));
  if (Number.isNaN(x)) return infinity | (1 << (fraction - 1));
  if (value === Infinity) return sign | infinity;
  const exponent = value === 0 ? minExponent : Math.max(exponentOf(value), minExponent);
  const significand = value / 2 ** (exponent - fraction);
  const biased = significand < 2 ** fraction ? 0 : exponent - minExponent + 1;
  return sign | ((biased << fraction) + (significand % 2 ** fraction));
}

/** The value of a bit pattern in a 16-bit format. */
export function fromBits(bits: number, dtype: 'float16' | 'bfloat16'): number {
  const { precision, minExponent, maxExponent } = formats[dtype];
  const fraction = precision - 1;
  const sign = bits & 0x8000 ? -1 : 1;
  const biased = (bits & 0x7fff) >> fraction;
  const low = bits & (2 ** fraction - 1);
  if (biased === maxExponent * 2 + 1) return low === 0 ? sign * Infinity : NaN;
  const significand = biased === 0 ? low : low + 2 ** fraction;
  return sign * significand * 2 ** (Math.max(biased, 1) - 1 + minExponent - fraction);
}
