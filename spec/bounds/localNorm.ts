import type { LocalErrors } from '../arithmetic.ts';
import { greatestOf } from '../extremes.ts';
import type { Rounding } from '../numerics.ts';
import { compounded } from './enlarged.ts';
import { rootError } from './layerNorm.ts';
import { algorithmOf, byCount } from './moments.ts';

/** What is computed in double here is off by less. */
const slack = 1 + 2 ** -40;
const total = (terms: readonly number[]): number => terms.reduce((sum, x) => sum + x, 0);
const products = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, x, i) => sum + x * (b[i] ?? NaN), 0);

/** The parts of a layer norm of one row. */
export interface NormParts<N> {
  readonly row: readonly N[];
  readonly mean: N;
  readonly deviations: readonly N[];
  /** 1/√(v + ε). */
  readonly scale: N;
  readonly gain: readonly N[];
  readonly bias: readonly N[];
}

type Measures = Readonly<
  Record<'count' | 'mean' | 'scale' | 'size' | 'largest' | 'squares', number>
>;

/** Relative error of v + ε for E_μ, with v the variance and s = 1/√(v + ε): v s² ≤ 1, so that what is relative to v is relative to the sum too; what underflows, and ε rounded, is not. */
export function relativeVariance(
  rounding: Rounding,
  { count, mean, scale, size, squares }: Measures,
  meanError: number,
): number {
  const { growth, height, unit, tiny } = rounding;
  const floor = 2 * unit + 4 * tiny * scale ** 2;
  const ratio = byCount(rounding, count);
  const square = (meanError * scale) ** 2;
  const relative = compounded(growth(height(count) + 5), ratio) * (1 + square) + floor;
  const twoPass = square + relative;
  const algorithm = algorithmOf(rounding);
  if (algorithm === 'two-pass') return twoPass;
  if (algorithm === 'one-pass') {
    const ofSquares = compounded(growth(height(count) + 3), ratio) * squares;
    const ofMean = (2 * mean + meanError) * meanError + 3 * unit * (mean + meanError) ** 2;
    return (ofSquares + size * meanError + ofMean) * scale ** 2 + unit + floor;
  }
  const disturbed = 2.83 * meanError * scale + 1.01 * square;
  const roundings = compounded(growth(count + 5), ratio);
  return Math.max(twoPass, disturbed * (1 + roundings) + roundings * (1 + disturbed) + floor);
}

/** (1 − r)^(−1/2) − 1 without cancellation. */
export const rootExcess = (r: number): number => {
  const root = Math.sqrt(1 - r);
  return (r / (root * (1 + root))) * slack;
};

/** E_μ = G(h) mean|x| + ρ|μ|; Welford's steps as in moments.ts. */
export function meanErrorOf(rounding: Rounding, { count, mean, size, largest }: Measures): number {
  const ratio = byCount(rounding, count);
  const ofSum = rounding.growth(rounding.height(count)) * size;
  const direct = ofSum + ratio * (mean + ofSum) + 2 * rounding.tiny;
  if (algorithmOf(rounding) !== 'welford') return direct;
  const step = 2.02 * (rounding.unit + ratio) * (1 + Math.ceil(Math.log2(count)));
  return Math.max(direct, rounding.growth(count) * size + step * largest + 2 * rounding.tiny);
}

/**
 * γ (x − μ) s + β: |γ| s [(|c| + E_c)(1 − rel_q)^(−1/2)(1 + ρ)(1 + u)³ − |c|] and the last addition. With sizes for the values it holds for whatever
 * an implementation has in their place. numerics.md §2.4. Squares, their mean and ε may be below the normal range: `tiny` each, relative to v + ε.
 */
export const normErrors =
  <N>({ row, mean, deviations, scale, gain, bias }: NormParts<N>): LocalErrors<N> =>
  ({ rounding, size }) => {
    const count = row.length;
    const sizes = row.map(size);
    const measures = {
      count,
      mean: size(mean),
      scale: size(scale),
      size: total(sizes) / count,
      largest: greatestOf(sizes),
      squares: products(sizes, sizes) / count,
    };
    const meanError = meanErrorOf(rounding, measures) * slack;
    const lost = 3 * rounding.tiny * measures.scale ** 2;
    const relative = (relativeVariance(rounding, measures, meanError) + lost) * slack;
    const overflows = count * (2 * measures.largest) ** 2 > rounding.largest;
    if (overflows || !(relative < 0.5) || !(measures.scale < rounding.largest))
      return row.map(() => Infinity);
    const excess = compounded(
      compounded(rootError(rounding), rounding.growth(3)),
      rootExcess(relative),
    );
    return deviations.map((deviation, i) => {
      const [weight = NaN, shift = NaN] = [gain[i], bias[i]].map((x) =>
        x === undefined ? NaN : size(x),
      );
      const distance = size(deviation);
      const own = meanError + rounding.unit * (distance + meanError);
      const steep = weight * measures.scale;
      const scaled =
        steep * (own * (1 + excess) + distance * excess) +
        4 * (1 + weight) * rounding.tiny * (1 + measures.scale) +
        2 * rounding.tiny * (distance + own);
      return (scaled * (1 + rounding.unit) + rounding.unit * (steep * distance + shift)) * slack;
    });
  };
