import { leastOf } from '../extremes.ts';
import { largestFinite, lowestBit, smallestPositive, unitRoundoff, formats } from '../format.ts';
import type { Rounding } from '../numerics.ts';

/** A computed score: what it is about, and how far it may be off. Infinite where it may leave the range of a format. */
export interface Scored {
  readonly value: number;
  readonly error: number;
}

/** Doubles are evaluated here: so much is added to what they say. */
const inflation = 1 + 2 ** -30;

/** Σ terms, one after another: G(T − 1) Σ |terms|, and 0 where all are multiples of q whose sum stays below 2^p · q. */
function totalOf(terms: readonly number[], rounding: Rounding): Scored & { magnitude: number } {
  const present = terms.filter((term) => term !== 0);
  const value = terms.reduce((sum, term) => sum + term, 0);
  const magnitude = terms.reduce((sum, term) => sum + Math.abs(term), 0);
  const quantum = 2 ** Math.min(leastOf(present.map(lowestBit)), 0);
  const isExact = present.length <= 1 || magnitude < 2 ** rounding.precision * quantum;
  const flushed =
    rounding.numerics.flushesSubnormals && quantum < rounding.normal
      ? terms.length * rounding.tiny
      : 0;
  const error = isExact ? 0 : rounding.growth(present.length - 1) * magnitude * inflation;
  return { value, magnitude, error: error + flushed };
}

/** Relative error of T^λ by a logarithm and an exponential, in that order or in one function, with λ rounded. */
function powerError(count: number, penalty: number, rounding: Rounding): number {
  const [log, exp] = [rounding.accuracy('log'), rounding.accuracy('exp')];
  const argument = Math.abs(penalty) * Math.log(count);
  const ofArgument =
    argument * (log.relative + log.perUnit * count + 3 * rounding.unit) +
    Math.abs(penalty) * log.absolute;
  return (
    Math.expm1(ofArgument) * (1 + exp.relative) +
    exp.relative +
    exp.perUnit * argument +
    exp.absolute * count ** Math.abs(penalty) +
    2 * rounding.unit
  );
}

const unknown: Scored = { value: 0, error: Infinity };

/**
 * Σ terms / T^λ: the error of the sum, then that of the power and of a quotient, or of a reciprocal and a product; an absolute term where the
 * result may be subnormal. Nothing but the sum where λ = 0.
 */
export function beamScore(terms: readonly number[], penalty: number, rounding: Rounding): Scored {
  const reach = Math.min(largestFinite(rounding.storage), rounding.largest);
  const total = totalOf(terms, rounding);
  const power = terms.length ** Math.abs(penalty);
  const scale = terms.length ** -penalty;
  if (total.magnitude * Math.max(1, scale) * inflation >= reach) return unknown;
  if (penalty === 0) return total;
  if (power * inflation >= Math.min(reach, 1 / rounding.normal)) return unknown;
  const off = powerError(terms.length, penalty, rounding);
  if (!(off < 0.5)) return unknown;
  const ratio = (1 + rounding.division + 2.02 * rounding.unit) / (1 - off);
  const value = total.value * scale;
  const floor = Math.abs(value) < rounding.normal && total.value !== 0 ? rounding.tiny : 0;
  return {
    value,
    error: (Math.abs(value) * (ratio - 1) + total.error * scale * ratio) * inflation + floor,
  };
}

/** Between which numbers an implementation may hold a score that it compares, as computed or as stored. */
export function beamRange(
  terms: readonly number[],
  penalty: number,
  rounding: Rounding,
): { readonly least: number; readonly most: number } {
  const { value, error } = beamScore(terms, penalty, rounding);
  if (error === Infinity) return { least: -Infinity, most: Infinity };
  const { storage, accumulate, numerics } = rounding;
  const isNarrow = formats[storage].precision < formats[accumulate].precision;
  const directed = numerics.rounding === 'nearest' ? 1 : 2;
  const blur = isNarrow
    ? (Math.abs(value) + error) * directed * unitRoundoff(storage) + smallestPositive(storage)
    : 0;
  const isExact = error === 0 && penalty === 0;
  const ofDoubles = isExact ? 0 : Math.abs(value) * 2 ** -48 + error * 2 ** -20;
  const slack = error + blur * inflation + ofDoubles;
  return { least: value - slack, most: value + slack };
}
