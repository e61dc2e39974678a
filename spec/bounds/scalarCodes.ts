import type { Arithmetic } from '../arithmetic.ts';
import { roundTo } from '../format.ts';
import type { Rounding } from '../numerics.ts';
import { differenceIsExact } from './weights.ts';

/** The range of one dimension, which 256 codes share out. */
export interface Span {
  readonly minimum: number;
  readonly maximum: number;
}

/** Absorbs the roundings of these figures in double. */
const outward = 1 + 2 ** -30;

/** (1 + a)(1 + b) … / (1 − c) − 1 ≤ x / (1 − x) for a + b + … + c ≤ x. From 1/3 on it says nothing. */
const compounded = (x: number): number => (x < 1 / 3 ? (x / (1 - x)) * outward : Infinity);

/** The relative error of a computed maximum − minimum, and of its 255th part or the reciprocal of either, beyond the roundings of these. */
function rangeError(rounding: Rounding, { minimum, maximum }: Span): number {
  const { unit, tiny, normal, numerics } = rounding;
  const range = maximum - minimum;
  const own = differenceIsExact(minimum, maximum, rounding) ? 0 : unit;
  const ofStep = range < 512 * normal ? (255 * tiny) / range : 0;
  const ofReciprocal = range * normal > 0.5 ? tiny * range : 0;
  const flushed = numerics.flushesSubnormals ? (2 * tiny) / range : 0;
  return own + ofStep + ofReciprocal + flushed;
}

/** Whether quotients are correctly rounded, so that computing in doubles and rounding shows what every implementation gets. */
const isCorrectlyRounded = ({ numerics, division, unit }: Rounding): boolean =>
  numerics.rounding === 'nearest' && division <= unit;

/**
 * 255 t / r in every sound order: the quotient, the product, the 255th part or its reciprocal first; a reciprocal and a product for any
 * quotient. A quotient, product or difference of two numbers of at most 24 bits, rounded to double and then to as many, is rounded once
 * (Figueroa, 1995).
 */
function everyCode({ accumulate }: Rounding, t: number, r: number): readonly number[] {
  const round = (x: number): number => roundTo(x, accumulate);
  const inverse = round(1 / r);
  const steps = [round(r / 255), round(r * round(1 / 255))];
  const scales = [255 / r, inverse * 255, ...steps.map((step) => 1 / step)].map(round);
  return [
    round(t / r) * 255,
    round(t * inverse) * 255,
    round(t * 255) / r,
    round(t * 255) * inverse,
    ...steps.map((step) => t / step),
    ...scales.map((scale) => t * scale),
  ].map(round);
}

/** Whether 255 t / r is computed exactly in every sound order. Differences and quotients must be exact or correctly rounded. */
export function codeIsExact<N>(
  a: Arithmetic<N>,
  rounding: Rounding,
  value: number,
  { minimum, maximum }: Span,
): boolean {
  if (!isCorrectlyRounded(rounding)) return false;
  if (!differenceIsExact(minimum, value, rounding)) return false;
  if (!differenceIsExact(minimum, maximum, rounding)) return false;
  const [t, r] = [value - minimum, maximum - minimum];
  const [first = NaN, ...others] = everyCode(rounding, t, r);
  if (!Number.isFinite(first) || others.some((other) => other !== first)) return false;
  return a.compare(a.multiply(a.from(first), a.from(r)), a.multiply(a.from(t), a.from(255))) === 0;
}

/** How far below and above the exact one a computed number may be. */
export interface Reach {
  readonly below: number;
  readonly above: number;
}
const anywhere: Reach = { below: Infinity, above: Infinity };

/**
 * What a computed 255 t / r, t = x − minimum, r = maximum − minimum, may be off, not rounded to a code yet, where it is not exact: relatively
 * by the errors of t and r, two quotients and two products (a step, its reciprocal, and the constant 1/255 among them), and by 512 η where it
 * may be subnormal. Where 255 t leaves the range of the format it may be infinite, with its sign; where r or 255 / r do, nothing is known.
 */
export function codeReach(rounding: Rounding, value: number, span: Span): Reach {
  const { unit, division, tiny, normal, largest, numerics } = rounding;
  const [t, r] = [value - span.minimum, span.maximum - span.minimum];
  if (!(r * outward * (1 + unit) <= largest && 256 / r <= largest)) return anywhere;
  const v = Math.abs((t / r) * 255);
  const ofDistance = differenceIsExact(span.minimum, value, rounding) ? 0 : unit;
  const relative = compounded(ofDistance + rangeError(rounding, span) + 2 * division + 2 * unit);
  if (relative === Infinity) return anywhere;
  if (v === Infinity) return { below: 0, above: 0 };
  const lost = t !== 0 && v < 512 * normal ? 512 * tiny : 0;
  const flushed = numerics.flushesSubnormals ? (2 * tiny * 255) / r : 0;
  const error = t === 0 ? 0 : (v * relative + lost + flushed * (1 + relative)) * outward;
  const overflows = Math.abs(t) * 255 * (1 + 4 * unit) > largest;
  return {
    below: overflows && t < 0 ? Infinity : error,
    above: overflows && t > 0 ? Infinity : error,
  };
}

/** code · r / 255 in every sound order. */
function everyOffset({ accumulate }: Rounding, code: number, r: number): readonly number[] {
  const round = (x: number): number => roundTo(x, accumulate);
  const part = round(1 / 255);
  return [
    code * round(r / 255),
    code * round(r * part),
    round(code / 255) * r,
    round(code * part) * r,
    round(code * r) / 255,
    round(code * r) * part,
  ].map(round);
}

/** The offset that every sound order gives exactly, or nothing. */
function exactOffset<N>(
  a: Arithmetic<N>,
  rounding: Rounding,
  code: number,
  { minimum, maximum }: Span,
): number | undefined {
  const r = maximum - minimum;
  if (!isCorrectlyRounded(rounding) || r < 512 * rounding.normal) return undefined;
  if (!differenceIsExact(minimum, maximum, rounding)) return undefined;
  const [first = NaN, ...others] = everyOffset(rounding, code, r);
  if (!Number.isFinite(first) || others.some((other) => other !== first)) return undefined;
  const isExact =
    a.compare(a.multiply(a.from(first), a.from(255)), a.multiply(a.from(r), a.from(code))) === 0;
  return isExact ? first : undefined;
}

/**
 * What a computed minimum + code · r / 255 may be off: the offset relatively by the error of r, a quotient and two products, then one
 * rounding of the sum. 0 where offset and sum are exact (a product that is fused with the sum is not rounded, so that only its rounded value
 * need be), and for code 0. Infinity where r or code · r may leave the range of the format.
 */
export function decodedError<N>(
  a: Arithmetic<N>,
  rounding: Rounding,
  code: number,
  span: Span,
): number {
  const { unit, division, tiny, normal, largest, numerics } = rounding;
  const { minimum, maximum } = span;
  const r = maximum - minimum;
  if (r === 0) return 0;
  if (!(Math.max(1, code) * r * outward * (1 + 4 * unit) <= largest)) return Infinity;
  if (code === 0) return 0;
  const exact = exactOffset(a, rounding, code, span);
  const offset = code * (r / 255);
  const own = numerics.flushesSubnormals ? 2 * tiny : 0;
  const lost = r < 512 * normal ? (code + 2) * tiny : 0;
  const relative = compounded(rangeError(rounding, span) + division + 2 * unit);
  if (exact === undefined && relative === Infinity) return Infinity;
  const fused = numerics.fusedMultiplyAdd !== 'never' && minimum !== 0;
  const ofOffset = exact === undefined ? offset * relative + lost : fused ? unit * offset : 0;
  const sum = minimum + (exact ?? offset);
  const isExact = ofOffset === 0 && differenceIsExact(-(exact ?? NaN), minimum, rounding);
  const ofSum = isExact ? 0 : unit * (Math.abs(sum) * outward + offset * 2 ** -50 + ofOffset);
  const flushed = sum !== 0 && Math.abs(sum) < 4 * normal ? own : 0;
  return (ofOffset + ofSum) * outward + flushed;
}
