import { rangeOf, readAll, type Arithmetic } from '../arithmetic.ts';
import { roundTo } from '../format.ts';
import type { Rounding } from '../numerics.ts';
import { compounded } from './enlarged.ts';
import { algorithmOf, momentsOf, varianceErrorOf, type Moments, type NormRow } from './moments.ts';

/** The error of an ε that a JSON number states, in the accumulation format. */
export const epsilonError = (
  { accumulate, unit, normal, tiny, numerics }: Rounding,
  epsilon: number,
): number => {
  const isFlushed = numerics.flushesSubnormals && epsilon !== 0 && epsilon < normal;
  if (roundTo(epsilon, accumulate) === epsilon && !isFlushed) return 0;
  return unit * epsilon + (epsilon < normal ? tiny : 0);
};

/** Relative error of 1/√q, from the square root and a quotient too. */
export const rootError = ({ reciprocalRoot, unit, division }: Rounding): number =>
  Math.max(reciprocalRoot, compounded(unit, division));

/** More than what a chain of operations in doubles loses here. */
const slack = 1 + 2 ** -40;

/** Whether a sum of so many terms, each at most this, may overflow; squares up to fourfold, for the differences that Welford squares. */
function mayOverflow(rounding: Rounding, moments: Moments): boolean {
  const { sizes, deviationErrors, largest } = moments;
  const span = sizes.reduce((top, c, i) => Math.max(top, c + (deviationErrors[i] ?? c)), 0);
  const squared = algorithmOf(rounding) === 'one-pass' ? largest : 2 * span;
  const top = sizes.length * Math.max(2 * largest, squared * squared) * slack;
  return !(top < rounding.largest);
}

/** The gain and bias that a normalised row is scaled and moved by. */
export interface Affine {
  readonly gain: ArrayLike<number>;
  readonly bias: ArrayLike<number>;
}

/** (1 − r)^(−1/2) − 1, without a difference that cancels. */
export const rootExcess = (r: number): number => {
  const root = Math.sqrt(1 - r);
  return (r / (root * (1 + root))) * slack;
};

/**
 * How far computed γ_i c_i / √(v + ε) + β_i may be from the exact ones: |γ_i| r [(|c_i| + E_c,i)(1 − rel_q)^(−1/2)(1 + ρ)(1 + u)² − |c_i|], then the
 * last addition. With algorithm.layerNorm 'folded', x s + (β − μ s) with s = γ r, which cancels where |μ| is large.
 */
export function layerNormErrors<N>(
  a: Arithmetic<N>,
  rounding: Rounding,
  row: NormRow<N>,
  affine: Affine,
  epsilon: number,
): readonly N[] {
  const count = row.values.length;
  const everywhere = (value: number) => new Array<N>(count).fill(a.from(value));
  const { upper } = rangeOf(a);
  const isFinite = row.values.every((x) => upper(a.absolute(x)) < Infinity);
  if (!isFinite || count === 0) return everywhere(0);
  const moments = momentsOf(a, rounding, row);
  if (mayOverflow(rounding, moments)) return everywhere(Infinity);
  const [q, top] = [moments.least + epsilon, moments.variance + epsilon];
  if (top === 0) return everywhere(0);
  const before = varianceErrorOf(rounding, row, moments) + epsilonError(rounding, epsilon);
  const relative = ((before + (top + before) * rounding.unit) / q) * slack;
  if (top + before >= rounding.largest / 2 || !(relative < 1)) return everywhere(Infinity);
  const excess = compounded(
    rootExcess(relative),
    compounded(rootError(rounding), rounding.growth(2)),
  );
  const scale = (1 / Math.sqrt(q)) * slack;
  return readAll(a, affineErrors(rounding, moments, affine, row.stored, scale, excess));
}

/** What may be lost below the normal range, in the product of any two of deviation, scale and gain. */
export const underflowOf = (
  { tiny, normal }: Rounding,
  reached: number,
  steep: number,
  scale: number,
  gain: number,
): number =>
  steep < normal || reached * scale < normal || reached * steep < normal
    ? tiny * (1 + gain + reached)
    : 0;

/** Every element on its way from the deviation to the output; `excess` is (1 − rel_q)^(−1/2) (1 + ρ) (1 + u)² − 1. */
function affineErrors(
  rounding: Rounding,
  { mean, deviations, sizes, deviationErrors }: Moments,
  { gain, bias }: Affine,
  stored: readonly number[] | undefined,
  scale: number,
  excess: number,
): Float64Array {
  const isFolded = rounding.numerics.algorithm['layerNorm'] === 'folded';
  const errors = new Float64Array(sizes.length);
  for (let i = 0; i < errors.length; i += 1) {
    const [size, own] = [sizes[i] ?? NaN, deviationErrors[i] ?? NaN];
    const [steepness, shift] = [Math.abs(gain[i] ?? 0), bias[i] ?? 0];
    const reached = size + own;
    const parting = isFolded ? Math.abs(stored?.[i] ?? size + mean) + mean : 0;
    if (steepness === 0 || reached + parting === 0) continue;
    const steep = steepness * scale;
    const top = Math.max(reached, parting, 1) * steep * (1 + excess) + Math.abs(shift);
    if (!(top * slack < rounding.largest / 2)) {
      errors[i] = Infinity;
      continue;
    }
    const floor = underflowOf(rounding, reached, steep, scale, steepness);
    const centred = steep * (size * excess + own * (1 + excess)) + floor;
    const error = (centred + (isFolded ? top * rounding.growth(4) : 0)) * slack;
    const y = Math.abs((deviations[i] ?? NaN) * scale * (gain[i] ?? 0) + shift) + top * 2 ** -38;
    errors[i] = shift === 0 ? error : (error * (1 + rounding.unit) + y * rounding.unit) * slack;
  }
  return errors;
}
