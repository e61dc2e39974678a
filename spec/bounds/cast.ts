import { formats, largestFinite, smallestNormal, smallestPositive } from '../format.ts';
import type { Intermediate } from '../declared.ts';
import type { Rounding } from '../numerics.ts';
import type { Weights } from './weights.ts';

/** Whether an intermediate is kept in a format of fewer digits, or of a lesser range, than sums are. */
export function isCast(rounding: Rounding, name: Intermediate): boolean {
  const format = rounding.numerics.intermediates[name];
  if (format === undefined) return false;
  const { precision, minExponent, maxExponent } = formats[format];
  const sums = formats[rounding.accumulate];
  return (
    precision < sums.precision || minExponent > sums.minExponent || maxExponent < sums.maxExponent
  );
}

/**
 * What a number that is subnormal in the format of an intermediate may lose: half the smallest positive number to nearest, all of it in another
 * rounding, and the smallest normal where subnormals are flushed.
 */
export function castFloor(rounding: Rounding, name: Intermediate): number {
  const { numerics } = rounding;
  const format = numerics.intermediates[name];
  if (format === undefined || !isCast(rounding, name)) return 0;
  if (numerics.flushesSubnormals) return smallestNormal(format);
  return smallestPositive(format) / (numerics.rounding === 'nearest' ? 2 : 1);
}

/**
 * What keeping a number of at most this size does to it: |fl(x) − x| ≤ u|x| in the normal range, `castFloor` below it, and nothing is said beyond the
 * largest number. 0 stays 0. Higham, Accuracy and Stability of Numerical Algorithms, 2002, §2.1.
 */
export function castError(rounding: Rounding, name: Intermediate, size: number): number {
  const format = rounding.numerics.intermediates[name];
  if (size === 0 || format === undefined || !isCast(rounding, name)) return 0;
  return size < largestFinite(format)
    ? (rounding.intermediate(name) * size + castFloor(rounding, name)) * (1 + 2 ** -48)
    : Infinity;
}

/** Whether 1/n is a number of the format that an intermediate is kept in. */
function holdsShare(rounding: Rounding, name: Intermediate, n: number | undefined): boolean {
  const format = rounding.numerics.intermediates[name];
  if (n === undefined || !Number.isInteger(Math.log2(n))) return false;
  if (format === undefined || !isCast(rounding, name)) return true;
  const smallest = rounding.numerics.flushesSubnormals ? smallestNormal : smallestPositive;
  return 1 / n >= smallest(format);
}

/** How a cast of the weights of a softmax moves them. */
export interface CastWeights {
  /** u of the format: relative to the weight, wherever it is normal. */
  readonly relative: number;
  /** What weight j may lose where it is subnormal in the format, over Σ w. */
  readonly lost: (j: number) => number;
  /** Whether equal weights stay as they are. */
  readonly isExact: boolean;
}

/**
 * The cast of weights to the format of `intermediates.probabilities`: of p_j after the division, or of w_j before it, relative to a maximum that is the
 * greatest so far. w_j rescaled is at least p_j Σ w, and δ rescaled at most δ, with Σ w ≥ 1: the loss over Σ w is at most δ, as that of p_j is. A weight ≥ 0 becomes
 * no less than 0 to nearest and toward zero, and no more than twice itself: it loses no more than it is. From twice the smallest normal on it
 * loses nothing so; 4 instead of 2 covers what a computed weight is off by, which is less than half of it, and a sum off by less than all of it.
 */
export function castWeights(rounding: Rounding, weights: Weights<unknown>): CastWeights {
  const name = 'probabilities';
  const format = rounding.numerics.intermediates[name];
  const floor = castFloor(rounding, name);
  const { shares, relative, isMasked, exactTotal } = weights;
  const normal = format === undefined ? 0 : 8 * smallestNormal(format);
  const isNearer = rounding.numerics.rounding !== 'faithful';
  return {
    relative: rounding.intermediate(name),
    isExact: holdsShare(rounding, name, exactTotal),
    lost: (j) => {
      const [p, off] = [shares[j] ?? NaN, relative[j] ?? NaN];
      if (floor === 0 || isMasked(j) || (p >= normal && off < 0.5)) return 0;
      return isNearer ? Math.min(floor, p * (1 + off) + weights.floor) : floor;
    },
  };
}

/** What computed probabilities that are answered may be off where they were kept in a narrower format: `errors`, and the cast of what they may be. */
export function castShares(
  rounding: Rounding,
  weights: Weights<unknown>,
  errors: Float64Array,
): Float64Array {
  if (!isCast(rounding, 'probabilities') || weights.total === Infinity) return errors;
  const cast = castWeights(rounding, weights);
  if (cast.isExact && errors.every((error) => error === 0)) return errors;
  return errors.map((error, j) => {
    const reach = (weights.shares[j] ?? NaN) + error;
    return (error + cast.relative * reach + cast.lost(j)) * (1 + 2 ** -40);
  });
}
