import { greatestOf, leastOf } from '../extremes.ts';
import { roundTo } from '../format.ts';
import type { Rounding } from '../numerics.ts';
import { dotBound } from './dot.ts';
import { compounded } from './enlarged.ts';
import { outward, stated } from './weightedSum.ts';

/** e^x − 1 ≤ x + x² for 0 ≤ x ≤ 1.79. Beyond 1 it says nothing. */
const excess = (x: number): number => (x <= 1 ? x + x * x : Infinity);

const isHeld = ({ accumulate }: Rounding, x: number): boolean => roundTo(x, accumulate) === x;

/**
 * width^−½ min(t^−½, t w^−3⁄2), each power by a root and a quotient, or as e^(y log x): relative to it by the errors of the logarithms, twice that of
 * the exponential or of roots and quotients, and the roundings of products. Infinity where a power may leave the normal numbers.
 */
function noamError(
  rounding: Rounding,
  {
    step,
    width,
    warmup,
  }: { readonly step: number; readonly width: number; readonly warmup: number },
): number {
  const { unit, division, reciprocalRoot, normal, largest } = rounding;
  const exact = Math.min(step ** -0.5, step * warmup ** -1.5) / Math.sqrt(width);
  const powers = [width ** -0.5, step ** -0.5, warmup ** -1.5];
  const isInside =
    Math.min(exact, exact * Math.sqrt(width), leastOf(powers)) >= normal &&
    Math.max(step, width, warmup ** 1.5, step * width) < largest / 4;
  if (!isInside) return Infinity;
  const [ofExp, ofLog] = [rounding.accuracy('exp'), rounding.accuracy('log')];
  const depth = (x: number, exponent: number): number =>
    exponent * (Math.log(x) * (ofLog.relative + ofLog.perUnit * x + 2 * unit) + ofLog.absolute);
  const exponents = depth(width, 0.5) + Math.max(depth(step, 0.5), depth(warmup, 1.5));
  const largestPower = greatestOf(powers.map((x) => 1 / x));
  const ofPowers = 2 * (ofExp.relative + ofExp.absolute * largestPower);
  const perUnit = ofExp.perUnit * (Math.log(width) + 1.5 * Math.log(warmup) + Math.log(step));
  const byRoots = 2 * Math.max(reciprocalRoot, unit + division) + division + 2 * unit;
  const moved = [width, step, warmup].some((x) => !isHeld(rounding, x)) ? 3 * unit : 0;
  return (
    exact * excess(Math.max(exponents + ofPowers + perUnit, byRoots) + 4 * unit + moved) * outward
  );
}

/** What is between two ends, and how far along. */
interface Stretch {
  readonly over: number;
  readonly under: number;
}

/** The relative error of a quotient of whole numbers, each a difference of others that the format may not hold. */
const shareError = (
  rounding: Rounding,
  { over, under }: Stretch,
  ends: readonly number[],
): number => {
  const moved = ends.some((x) => !isHeld(rounding, x)) ? 4 * rounding.unit * greatestOf(ends) : 0;
  const relative = rounding.division + 1.01 * rounding.unit;
  return (over / under) * relative + (2 * moved) / under;
};

/** peak · t / warmup, by a product and a quotient in any order. 0 where the format holds both and warmup is a power of two. */
function warmUpError(
  rounding: Rounding,
  { step, peak, warmup }: { readonly step: number; readonly peak: number; readonly warmup: number },
): number {
  const { unit, division, normal, tiny, largest } = rounding;
  const { error } = stated(rounding, peak);
  const [product, exact] = [peak * step, (peak * step) / warmup];
  if (step === 0 || peak === 0) return 0;
  if (!(Math.max(product, warmup, step, peak) < largest / 2)) return Infinity;
  const isPowerOfTwo = Number.isInteger(Math.log2(warmup));
  const isProduct =
    isHeld(rounding, peak) &&
    isHeld(rounding, step) &&
    dotBound(rounding, [peak], [step]).error === 0;
  const isExact = isProduct && isPowerOfTwo;
  const isSmall = Math.min(exact, peak / warmup, step / warmup) < normal;
  if (isExact && division <= unit && !isSmall) return 0;
  const moved = [step, warmup].some((x) => !isHeld(rounding, x)) ? 2 * unit : 0;
  const relative = compounded(division, unit) + 1.01 * (moved + error / peak);
  return (exact * relative + (isSmall ? 4 * tiny * Math.max(1, step, peak) : 0)) * outward;
}

/**
 * The error of final + (peak − final) w, of peak w + final (1 − w), and where the way that is behind is at hand (`both`) of peak + (final − peak)(1 − w).
 * A final rate of 0 costs no rounding.
 */
function between(
  rounding: Rounding,
  { peak, final }: { readonly peak: number; readonly final: number },
  weight: Weight,
  both: boolean,
): number {
  const { unit, normal, tiny } = rounding;
  const [ofPeak, ofFinal] = [stated(rounding, peak).error, stated(rounding, final).error];
  const reach = weight.value + weight.error;
  const moved = weight.error * (Math.abs(peak - final) + ofPeak + 2 * ofFinal);
  const part = peak * (both ? 1 : reach);
  const rate = peak * reach + final;
  const spread = final === 0 ? unit * part : unit * (2 * part + 2 * final + rate);
  const isSmall = Math.min(peak, peak * weight.value + final) < normal;
  return (moved + 1.01 * spread + ofPeak * reach + ofFinal + (isSmall ? 4 * tiny : 0)) * outward;
}

/** How much of the peak is left, from 1 to 0. */
interface Weight {
  readonly value: number;
  readonly error: number;
}

interface Decline extends Stretch {
  readonly peak: number;
  readonly final: number;
  /** The whole numbers that the stretch is made of. */
  readonly ends: readonly number[];
}

/** final + (peak − final)(1 − x) with x = over/under, the share of the way that is behind. */
function linearError(rounding: Rounding, { peak, final, ends, ...stretch }: Decline): number {
  const { over, under } = stretch;
  if (!(Math.max(greatestOf(ends), peak, final) < rounding.largest / 4)) return Infinity;
  const left = 1 - over / under;
  const ahead = shareError(rounding, { over: under - over, under }, ends);
  const behind = shareError(rounding, stretch, ends) + rounding.unit * left;
  const error = Math.max(ahead, behind) * (1 + 4 * rounding.unit);
  return between(rounding, { peak, final }, { value: left, error }, true);
}

/** final + (peak − final)(1 + cos πx)/2: the angle is off by its share of the way and two roundings, its cosine by |sin| of that and half its square. */
function cosineError(rounding: Rounding, { peak, final, ends, ...stretch }: Decline): number {
  const { unit, largest } = rounding;
  if (!(Math.max(greatestOf(ends), peak, final) < largest / 4)) return Infinity;
  const angle = Math.PI * (stretch.over / stretch.under);
  const ofAngle = (Math.PI * shareError(rounding, stretch, ends) + 2.01 * unit * angle) * outward;
  const { relative, perUnit, absolute } = rounding.accuracy('sinCos');
  const ofCosine =
    Math.min(2, Math.abs(Math.sin(angle)) * ofAngle + ofAngle * ofAngle) +
    relative * (Math.abs(Math.cos(angle)) + ofAngle) +
    perUnit * (angle + ofAngle) +
    absolute;
  const value = (1 + Math.cos(angle)) / 2;
  const error = (ofCosine / 2 + unit * (value + ofCosine)) * (1 + 2 ** -30);
  return between(rounding, { peak, final }, { value, error }, false);
}

/** A schedule's constants, those that its kind has no use for NaN. */
export interface Constants {
  readonly kind: 'noam' | 'cosine' | 'linear';
  readonly step: number;
  readonly width: number;
  readonly warmup: number;
  readonly peak: number;
  readonly final: number;
  readonly total: number;
}

/** How far a computed rate may be from the exact one. */
export function scheduleError(rounding: Rounding, constants: Constants): number {
  const { kind, step, warmup, total, peak, final } = constants;
  if (kind === 'noam') return noamError(rounding, constants);
  if (step < warmup) return warmUpError(rounding, constants);
  const over = Math.min(step, total) - warmup;
  const decline = { peak, final, over, under: total - warmup, ends: [step, warmup, total] };
  return (kind === 'cosine' ? cosineError : linearError)(rounding, decline);
}
