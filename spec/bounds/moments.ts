import { rangeOf, type Arithmetic } from '../arithmetic.ts';
import { roundTo } from '../format.ts';
import type { Rounding } from '../numerics.ts';
import { dotBound } from './dot.ts';
import { Undecided } from '../undecided.ts';
import { compounded } from './enlarged.ts';
import { differenceIsExact } from './weights.ts';

/** A row to be normalised: exact, with what is known of the one that the implementation has. */
export interface NormRow<N> {
  readonly values: readonly N[];
  /** The same as doubles, where the implementation has exactly these. */
  readonly stored?: readonly number[];
  /** At least how far each computed value may be from its exact one, where it is not stored. */
  readonly moved?: Float64Array;
}

/** Mean and deviations of a row, and how far computed ones may be from them: doubles, those of errors and sizes never too small. */
export interface Moments {
  /** A double near the mean. */
  readonly mean: number;
  readonly meanError: number;
  /** Doubles near the deviations. */
  readonly deviations: Float64Array;
  /** At least |deviation|. */
  readonly sizes: Float64Array;
  readonly deviationErrors: Float64Array;
  /** The deviations as doubles, where computed ones are surely exactly these. */
  readonly exactDeviations: readonly number[] | undefined;
  /** The variance is in [least, most]. */
  readonly least: number;
  readonly variance: number;
  /** The greatest |x|, errors included. */
  readonly largest: number;
  /** The mean of |x|, errors included. */
  readonly size: number;
}

/** More than what a chain of operations in doubles loses here. */
const slack = 1 + 2 ** -40;

type Algorithm = 'two-pass' | 'welford' | 'one-pass';

/** Without a declaration the looser of two passes and Welford's recurrence; one pass only where it is declared. */
export const algorithmOf = ({ numerics }: Rounding): Algorithm => {
  const declared = numerics.algorithm['variance'];
  return declared === 'two-pass' || declared === 'one-pass' ? declared : 'welford';
};

const isPowerOfTwo = (n: number): boolean => Number.isInteger(Math.log2(n));

/** Relative error of a quotient by a count, by a reciprocal and a product too; a count that the format does not hold is rounded first. */
export const byCount = ({ division, unit, accumulate, growth }: Rounding, count: number): number =>
  Math.max(division, growth(2)) + (roundTo(count, accumulate) === count ? 0 : 1.01 * unit);

export const dividesExactly = (rounding: Rounding, total: number, count: number): boolean =>
  total === 0 ||
  (isPowerOfTwo(count) &&
    rounding.division <= rounding.unit &&
    Math.abs(total / count) >= rounding.normal * 2 ** rounding.precision);

const ones = (count: number): readonly number[] => new Array<number>(count).fill(1);

/** Whether every order of the sum of these is exact. */
const isSumExact = (rounding: Rounding, stored: readonly number[] | undefined): boolean =>
  stored !== undefined && dotBound(rounding, stored, ones(stored.length)).error === 0;

/** The mean, where every order of the sum and the division are surely exact. */
function exactMean(rounding: Rounding, stored: readonly number[] | undefined): number | undefined {
  if (stored === undefined || !isSumExact(rounding, stored)) return undefined;
  const total = stored.reduce((sum, x) => sum + x, 0);
  return dividesExactly(rounding, total, stored.length) ? total / stored.length : undefined;
}

/** What the errors of a row's elements are made of. */
interface Sizes {
  readonly mean: number;
  readonly size: number;
  readonly largest: number;
  readonly moved: number;
}

/**
 * E_μ = G(h) mean|x| + ρ|μ|. Welford's m_k = m_(k−1) + (x_k − m_(k−1))/k: k e_k ≤ (k − 1) e_(k−1) + δ|x_k − m_(k−1)| + u|Σ_(i ≤ k) x_i|, so that
 * e_n ≤ u n mean|x| + 2δ max|x|, and as much of the second again for each level at which partial results are merged (Chan, Golub, LeVeque, 1983).
 */
function meanErrorOf(
  rounding: Rounding,
  { stored, values }: NormRow<unknown>,
  { mean, size, largest, moved }: Sizes,
): number {
  const count = values.length;
  const algorithm = algorithmOf(rounding);
  const isConstant = stored?.every((x) => x === stored[0]) === true;
  const isSum = isSumExact(rounding, stored);
  const isExact = isSum && exactMean(rounding, stored) !== undefined;
  if (isExact && (isConstant || algorithm !== 'welford')) return 0;
  const ratio = byCount(rounding, count);
  const growth = isSum ? 0 : rounding.growth(rounding.height(count));
  const ofSum = size * growth;
  const ofQuotient = (Math.abs(mean) + ofSum) * ratio;
  const floor = size < rounding.normal * 2 ** (2 * rounding.precision) ? 2 * rounding.tiny : 0;
  const direct = (ofSum + ofQuotient + moved + floor) * slack;
  if (algorithm !== 'welford') return direct;
  const step = 2.02 * (rounding.unit + ratio) * (1 + Math.ceil(Math.log2(count)));
  const ofTotals = size * rounding.growth(count);
  return Math.max(direct, (ofTotals + largest * step + moved + floor) * slack);
}

/** Whether x − mean is exact, flushing counted. */
const isDeviationExact = (
  rounding: Rounding,
  mean: number | undefined,
  x: number | undefined,
): boolean =>
  mean !== undefined &&
  x !== undefined &&
  differenceIsExact(mean, x, rounding) &&
  (x === mean || !rounding.numerics.flushesSubnormals || Math.abs(x - mean) >= rounding.normal);

/** Doubles near the numbers of a row, and how far those may be from them. */
interface Near {
  readonly middles: Float64Array;
  readonly off: Float64Array | undefined;
}

function nearOf<N>(a: Arithmetic<N>, { values, stored }: NormRow<N>): Near {
  if (stored !== undefined) return { middles: Float64Array.from(stored), off: undefined };
  const { lower, upper } = rangeOf(a);
  const [low, high] = [Float64Array.from(values, lower), Float64Array.from(values, upper)];
  const middles = low.map((x, i) => x / 2 + (high[i] ?? NaN) / 2);
  return { middles, off: high.map((x, i) => (x - (low[i] ?? NaN)) * slack) };
}

/** The mean of a row as an arithmetic has it: a double near it, and how far from it. */
function exactMeanOf<N>(a: Arithmetic<N>, values: readonly N[]) {
  const { lower, upper } = rangeOf(a);
  const exact = a.divide(a.sum(values), a.from(values.length));
  const [low, high] = [lower(exact), upper(exact)];
  return { exact, mean: low / 2 + high / 2, off: (high - low) * slack };
}

/**
 * The moments of a row, each from its middle and how far it may be off.
 *
 * @throws Undecided where the variance is not known well enough to compute a bound from
 */
export function momentsOf<N>(a: Arithmetic<N>, rounding: Rounding, row: NormRow<N>): Moments {
  const { values, stored, moved } = row;
  const count = values.length;
  const { middles, off } = nearOf(a, row);
  const { exact: exactly, mean, off: meanOff } = exactMeanOf(a, values);
  let [total, largest, ofRow] = [0, 0, 0];
  for (let i = 0; i < count; i += 1) {
    const size = Math.abs(middles[i] ?? NaN) + (off?.[i] ?? 0) + (moved?.[i] ?? 0);
    total += size;
    largest = Math.max(largest, size);
    ofRow += moved?.[i] ?? 0;
  }
  const rounded = slack * (1 + count * 2 ** -52);
  const sizes = { mean: Math.abs(mean) + meanOff, size: (total / count) * rounded, largest };
  const meanError = meanErrorOf(rounding, row, { ...sizes, moved: (ofRow / count) * rounded });
  const exact = meanError === 0 ? exactMean(rounding, stored) : undefined;
  const deviated = deviationsOf(
    rounding,
    row,
    { middles, off },
    { mean, meanOff, meanError, exact },
  );
  const areExact = stored?.every((x) => isDeviationExact(rounding, exact, x)) === true;
  const { least, most } = varianceOf(a, values, exactly, deviated);
  return {
    ...deviated,
    mean: sizes.mean,
    meanError,
    exactDeviations: areExact ? stored.map((x) => x - (exact ?? NaN)) : undefined,
    least,
    variance: most,
    size: sizes.size,
    largest: largest * slack,
  };
}

/** What a deviation is taken from. */
interface Centre {
  readonly mean: number;
  readonly meanOff: number;
  readonly meanError: number;
  readonly exact: number | undefined;
}

function deviationsOf(
  rounding: Rounding,
  { stored, moved }: NormRow<unknown>,
  { middles, off }: Near,
  { mean, meanOff, meanError, exact }: Centre,
) {
  const count = middles.length;
  const deviations = new Float64Array(count);
  const sizes = new Float64Array(count);
  const deviationErrors = new Float64Array(count);
  const flushed = rounding.numerics.flushesSubnormals ? rounding.tiny : 0;
  for (let i = 0; i < count; i += 1) {
    const x = middles[i] ?? NaN;
    const deviation = x - mean;
    deviations[i] = deviation;
    const isPoint = off === undefined && meanOff === 0;
    const own =
      isPoint && deviation + mean === x && x - deviation === mean
        ? 0
        : Math.abs(deviation) * 2 ** -53;
    const size = Math.abs(deviation) + own + meanOff + (off?.[i] ?? 0);
    sizes[i] = size;
    if (isDeviationExact(rounding, exact, stored?.[i])) continue;
    const before = meanError + (moved?.[i] ?? 0);
    deviationErrors[i] = (before + (size + before) * rounding.unit + flushed) * slack;
  }
  return { deviations, sizes, deviationErrors };
}

/** The variance from below and above: each deviation is known to the distance of its size from it. */
function varianceOf<N>(
  a: Arithmetic<N>,
  values: readonly N[],
  mean: N,
  { deviations, sizes }: Pick<Moments, 'deviations' | 'sizes'>,
): { readonly least: number; readonly most: number } {
  const count = deviations.length;
  let [low, high] = [0, 0];
  for (let i = 0; i < count; i += 1) {
    const [near, size] = [Math.abs(deviations[i] ?? NaN), sizes[i] ?? NaN];
    const less = Math.max(0, 2 * near - size);
    low += less * less;
    high += size * size;
  }
  const rounded = (count + 8) * 2 ** -52;
  const [least, most] = [(low / count) * (1 - rounded), (high / count) * (1 + rounded)];
  if (most - least <= most * 2 ** -20) return { least, most };
  const { lower, upper } = rangeOf(a);
  const differences = values.map((x) => a.subtract(x, mean));
  const exact = a.divide(a.dot(differences, differences), a.from(count));
  const range = { least: Math.max(0, lower(exact)), most: upper(exact) };
  if (range.most - range.least > range.most * 2 ** -20)
    throw new Undecided('a variance is not known well enough');
  return range;
}

/** Whether deviations are exact, and so are their squares, every order of their sum, and its quotient. */
function exactVariance(rounding: Rounding, deviations: readonly number[] | undefined): boolean {
  if (deviations === undefined || dotBound(rounding, deviations, deviations).error !== 0)
    return false;
  return dividesExactly(
    rounding,
    deviations.reduce((sum, c) => sum + c * c, 0),
    deviations.length,
  );
}

/** What a computed variance is made of. */
interface Scatter {
  readonly moments: Moments;
  /** Of the row that the implementation has, at most. */
  readonly variance: number;
  readonly height: number;
  /** A number times (1 + u)^k (1 + ρ) − 1: so many roundings, and the division by the count. */
  readonly rounded: (x: number, roundings: number) => number;
}

/** (1/n) Σ (c_i − Δ)² = v + Δ²: the mean's error enters only squared, and the rest is relative. */
function twoPassError({ moments, variance, height, rounded }: Scatter): number {
  const off = moments.meanError * moments.meanError;
  return off + rounded(variance + off, height + 3);
}

/** The increments d_k g_k are off by (|d_k| + |g_k|) E_μ + E_μ², and Σ d_k² ≤ 2nv for k ≥ 2 (d_1 g_1 is 0), so 2√2 E_μ √v + E_μ². */
function welfordError(rounding: Rounding, { moments, variance, rounded }: Scatter): number {
  const { meanError, deviations } = moments;
  const roundings = deviations.length + 5;
  const linear = 2.83 * meanError * Math.sqrt(variance);
  const disturbed = (linear + 1.01 * meanError * meanError) * (1 + rounding.growth(roundings));
  return disturbed + rounded(variance + disturbed, roundings);
}

/** v = mean x² − μ², which cancels: the error of mean x² is a part of mean x², not of v. */
function onePassError({ unit }: Rounding, { moments, variance, height, rounded }: Scatter): number {
  const { mean, meanError, size } = moments;
  const reach = mean + meanError;
  const meanSquare = variance + mean * mean + size * meanError;
  const ofMean = meanError * (mean + reach);
  return (
    rounded(meanSquare, height + 1) + ofMean + 2.01 * unit * reach * reach + 1.01 * unit * variance
  );
}

/** Whether some square may be subnormal. */
const mayUnderflow = ({ normal }: Rounding, { sizes, deviationErrors }: Moments): boolean =>
  sizes.some((c, i) => c + (deviationErrors[i] ?? c) < Math.sqrt(normal));

/**
 * E_v: two passes, Welford's recurrence or one pass. Errors of the row itself first add 2√(v m) + m, with m their mean square: centring does
 * not make them larger.
 */
export function varianceErrorOf(
  rounding: Rounding,
  { values, moved }: NormRow<unknown>,
  moments: Moments,
): number {
  const algorithm = algorithmOf(rounding);
  const isExact = exactVariance(rounding, moments.exactDeviations);
  if (algorithm !== 'one-pass' && isExact) return 0;
  const count = values.length;
  const square = (moved?.reduce((sum, x) => sum + x * x, 0) ?? 0) / count;
  const shift =
    (2 * Math.sqrt(moments.variance * square) + square) * slack * (1 + count * 2 ** -52);
  const ratio = byCount(rounding, count);
  const scatter = {
    moments,
    variance: moments.variance + shift,
    height: rounding.height(count),
    rounded: (x: number, roundings: number) => x * compounded(rounding.growth(roundings), ratio),
  };
  const floor = mayUnderflow(rounding, moments) ? 2 * rounding.tiny : 0;
  if (algorithm === 'one-pass') return (shift + onePassError(rounding, scatter) + floor) * slack;
  const direct = twoPassError(scatter);
  const own = algorithm === 'two-pass' ? direct : Math.max(direct, welfordError(rounding, scatter));
  return (shift + own + floor) * slack;
}
