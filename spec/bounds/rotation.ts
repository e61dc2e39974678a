import type { Arithmetic } from '../arithmetic.ts';
import {
  largestFinite,
  roundTo,
  smallestNormal,
  smallestPositive,
  unitRoundoff,
} from '../format.ts';
import type { Rounding } from '../numerics.ts';

/** What the angle of one pair of one token is made of. */
export interface Turn {
  readonly position: number;
  /** i of base^(−2i/D). */
  readonly pair: number;
  readonly width: number;
  readonly base: number;
}

const isPowerOfTwo = (x: number): boolean => Number.isInteger(Math.log2(x));

/**
 * The relative error of a computed base^(−2i/D), by exp(−(2i/D) log base), by a power or by the reciprocal of one, with t = (2i/D) |log base|:
 * t (ρ of 2i/D + ρ_log + 2u) for the exponent, ρ_exp with ½ more of its growth for a power of two, a reciprocal; base itself is rounded once.
 * The first, 1, is exact. `ratio` makes of the accuracies of the accumulation format those of the angle's.
 */
function frequencyError(
  rounding: Rounding,
  { pair, width, base }: Turn,
  unit: number,
  isExact: boolean,
): number {
  const ratio = unit / rounding.unit;
  const [exp, log] = [rounding.accuracy('exp'), rounding.accuracy('log')];
  const division = rounding.division * ratio;
  const ofOne = ((exp.perUnit > 0 ? exp.relative : 0) + exp.absolute) * ratio;
  if (pair === 0) return ofOne + (rounding.division > rounding.unit ? division : 0);
  const exponent = (2 * pair) / width;
  const t = exponent * Math.abs(Math.log(base));
  const ofExponent = isPowerOfTwo(width) ? 0 : division + unit;
  const ofLog = (log.relative + log.perUnit * base) * ratio;
  const ofProduct = t * (ofExponent + ofLog + 2 * unit);
  const ofBase = exponent * (log.absolute * ratio + (isExact ? 0 : unit));
  const ofPower = (exp.relative + 1.5 * exp.perUnit * t + exp.absolute * Math.exp(t)) * ratio;
  return Math.expm1(ofProduct + ofBase + ofPower + division);
}

const angleOf = ({ position, pair, width, base }: Turn): number =>
  Math.abs(position) * base ** ((-2 * pair) / width);

/** How far a computed angle may be off, at least; Infinity where nothing is known of it. Angles are kept in `intermediates.angle`. */
function angleError(rounding: Rounding, turn: Turn): number {
  const { position, pair, width, base } = turn;
  const { numerics, accumulate } = rounding;
  const format = numerics.intermediates['angle'] ?? accumulate;
  const unit = (unitRoundoff(format) * rounding.unit) / unitRoundoff(accumulate);
  const frequency = base ** ((-2 * pair) / width);
  const angle = angleOf(turn);
  const greatest = Math.max(base, 1 / base, Math.abs(position), angle);
  if (!(greatest * 1.01 < largestFinite(format))) return Infinity;
  const isKept = (x: number): boolean => roundTo(x, format) === x;
  if (position === 0) return 0;
  const ofFrequency = frequencyError(rounding, turn, unit, isKept(base));
  const ofPosition = isKept(position) ? 0 : unit;
  const ofProduct = pair === 0 && ofFrequency === 0 ? 0 : unit;
  const relative = (1 + ofFrequency) * (1 + ofPosition) * (1 + ofProduct) - 1;
  const mayUnderflow = frequency < 2 * smallestNormal(format);
  const tiny = numerics.flushesSubnormals ? smallestNormal(format) : 16 * smallestPositive(format);
  return angle * relative * (1 + 2 ** -30) + (mayUnderflow ? (Math.abs(position) + 1) * tiny : 0);
}

/**
 * How far the numbers of a rotated pair may be off: an angle that is off by δ moves a point by at most ‖x‖ min(2, δ); sine and cosine, by their
 * argument too, and the products by a relative ρ move it by ρ (|x_0 cos| + |x_1 sin|) ≤ ρ ‖x‖ (Cauchy–Schwarz); the last sum rounds once.
 * At position 0 the cosine is 1 and the sine is 0 (C99 F.9.1), every product and sum is exact, and so is the answer.
 */
export function rotationErrors<N>(
  a: Arithmetic<N>,
  rounding: Rounding,
  turn: Turn,
  [x0, x1]: readonly [number, number],
  exact: readonly [N, N],
): readonly [N, N] {
  const { unit, tiny, normal, accumulate, numerics } = rounding;
  const all = (Math.abs(x0) + Math.abs(x1)) * (1 + 2 ** -50);
  const sinCos = rounding.accuracy('sinCos');
  const ofAngle = angleError(rounding, turn);
  if (all > rounding.largest || ofAngle === Infinity) return [a.from(Infinity), a.from(Infinity)];
  if (all === 0) return [a.from(0), a.from(0)];
  const isKept = [x0, x1].every((x) => roundTo(x, accumulate) === x);
  const isFlushed =
    numerics.flushesSubnormals && [x0, x1].some((x) => x !== 0 && Math.abs(x) < normal);
  const stays = turn.position === 0 && sinCos.absolute === 0 && sinCos.perUnit === 0;
  if (stays && isKept && !isFlushed) return [a.from(0), a.from(0)];
  const length = Math.hypot(x0, x1);
  const ofSine = sinCos.relative + sinCos.perUnit * (angleOf(turn) + ofAngle) * (1 + 2 ** -40);
  const products = (1 + ofSine) * (1 + unit) ** (isKept ? 1 : 2) - 1;
  const moved = length * (Math.min(2, ofAngle) + products) + 1.01 * sinCos.absolute * all;
  const fixed = moved * (1 + unit) * (1 + 2 ** -40) + 4 * tiny;
  const bound = (y: N): N => a.add(a.from(fixed), a.multiply(a.from(unit), a.absolute(y)));
  return [bound(exact[0]), bound(exact[1])];
}
