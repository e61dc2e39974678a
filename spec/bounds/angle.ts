import { roundTo, largestFinite } from '../format.ts';
import type { Rounding } from '../numerics.ts';

/** e^x − 1 ≤ x + x² for 0 ≤ x ≤ 1.79. Beyond 1 nothing is known of an angle, and a sine is off by at most 2. */
const excess = (x: number): number => (x <= 1 ? x + x * x : Infinity);

/** Absorbs the roundings of these figures in double, and the few units that Math.exp and Math.log are off. */
const outward = 1 + 2 ** -30;

/** An angle t / base^e, with e = 2i/D, as an implementation may have it. */
export interface Angle {
  readonly position: number;
  readonly base: number;
  /** Numerator and denominator of e. */
  readonly exponent: readonly [number, number];
}

/**
 * What a computed angle may be off: relative to it by |x|(ε_log + ρ + 3u + ε_exp') + e(u + ε_log) + ε_exp + 2ρ + 2u with x = e log base, for
 * a frequency that is made by e^(±x) or a power, and a quotient or a product with the reciprocal; exactly t where e = 0. An error of the rounded
 * base is one of the exponent, as is the error of its logarithm. Infinity where base, power or angle leave the format.
 */
export function angleError(rounding: Rounding, { position, base, exponent }: Angle): number {
  const { unit, division, accumulate, normal, tiny } = rounding;
  const [exp, log] = [rounding.accuracy('exp'), rounding.accuracy('log')];
  const [over, under] = exponent;
  const share = over / under;
  const depth = share * Math.abs(Math.log(base));
  const power = Math.exp(share * Math.log(base));
  const angle = position / power;
  const largest = largestFinite(accumulate) / 2;
  const greatest = Math.max(base, 1 / base, power, 1 / power, angle, position, over, under);
  if (!(greatest <= largest)) return Infinity;
  const moved = roundTo(position, accumulate) === position ? 0 : unit;
  const isPlain = over === 0 && exp.perUnit + exp.absolute === 0 && division <= unit;
  if (position === 0 || (isPlain && moved === 0)) return 0;
  const ofExponent =
    depth * (log.relative + log.perUnit * base + division + 3 * unit + exp.perUnit) +
    share * 1.01 * (unit + log.absolute);
  const ofPower = exp.relative + exp.absolute * Math.max(power, 1 / power);
  const relative = excess((ofExponent + ofPower + 2 * division + 2 * unit + moved) * outward);
  const mayUnderflow = Math.min(angle, power, 1 / power) < 2 * normal;
  return (angle * relative + (mayUnderflow ? 2 * (position + 1) * tiny : 0)) * outward;
}

/**
 * What a sine or cosine of a computed angle may be off: no more than its angle, nor than 2, and what the function itself is off by, relative to
 * its value or absolutely. Infinity where nothing is known of the angle.
 */
export function waveError(rounding: Rounding, angle: Angle, value: number): number {
  const ofAngle = angleError(rounding, angle);
  if (ofAngle === Infinity) return Infinity;
  const { relative, perUnit, absolute } = rounding.accuracy('sinCos');
  const moved = Math.min(2, ofAngle);
  const size = Math.min(1, Math.abs(value) + moved) * outward;
  const theta = (angle.position / angle.base ** (angle.exponent[0] / angle.exponent[1])) * outward;
  const own = size * (relative + perUnit * (theta + ofAngle)) + absolute;
  const mayUnderflow = angle.position !== 0 && Math.abs(value) - moved < 2 * rounding.normal;
  return (moved + own + (mayUnderflow ? 2 * rounding.tiny : 0)) * outward;
}
