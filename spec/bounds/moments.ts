import type { Arithmetic } from '../arithmetic.ts';
import { roundTo } from '../format.ts';
import type { Rounding } from '../numerics.ts';
import { dotBound } from './dot.ts';
import { compounded, enlarged } from './enlarged.ts';
import { differenceIsExact } from './weights.ts';

/** A row to be normalised: exact, with what is known of the one that the implementation has. */
export interface NormRow<N> {
  readonly values: readonly N[];
  /** The same as doubles, where the implementation has exactly these. */
  readonly stored?: readonly number[];
  /** How far each computed value may be from its exact one, where it is not stored. */
  readonly moved?: readonly N[];
}

/** Mean and deviations of a row, and how far computed ones may be from them. */
export interface Moments<N> {
  readonly mean: N;
  readonly meanError: N;
  readonly deviations: readonly N[];
  readonly deviationErrors: readonly N[];
  /** The deviations as doubles, where computed ones are surely exactly these. */
  readonly exactDeviations: readonly number[] | undefined;
  readonly variance: N;
  /** The greatest |x|, errors included. */
  readonly largest: N;
  /** The mean of |x|, errors included. */
  readonly size: N;
}

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
interface Sizes<N> {
  readonly mean: N;
  readonly size: N;
  readonly largest: N;
  readonly moved: N;
}

/**
 * E_μ = G(h) mean|x| + ρ|μ|. Welford's m_k = m_(k−1) + (x_k − m_(k−1))/k: k e_k ≤ (k − 1) e_(k−1) + δ|x_k − m_(k−1)| + u|Σ_(i ≤ k) x_i|, so that
 * e_n ≤ u n mean|x| + 2δ max|x|, and as much of the second again for each level at which partial results are merged (Chan, Golub, LeVeque, 1983).
 */
function meanErrorOf<N>(
  a: Arithmetic<N>,
  rounding: Rounding,
  row: NormRow<N>,
  { mean, size, largest, moved }: Sizes<N>,
): N {
  const { stored } = row;
  const count = row.values.length;
  const algorithm = algorithmOf(rounding);
  const isConstant = stored?.every((x) => x === stored[0]) === true;
  const isExact = exactMean(rounding, stored) !== undefined;
  if (isExact && (isConstant || algorithm !== 'welford')) return a.from(0);
  const ratio = byCount(rounding, count);
  const growth = isSumExact(rounding, stored) ? 0 : rounding.growth(rounding.height(count));
  const ofSum = a.multiply(size, a.from(growth));
  const ofQuotient = a.multiply(a.add(a.absolute(mean), ofSum), a.from(ratio));
  const mayUnderflow = a.compare(size, a.from(rounding.normal * 2 ** (2 * rounding.precision))) < 0;
  const floor = a.from(mayUnderflow ? 2 * rounding.tiny : 0);
  const direct = a.sum([ofSum, ofQuotient, moved, floor]);
  if (algorithm !== 'welford') return direct;
  const step = 2.02 * (rounding.unit + ratio) * (1 + Math.ceil(Math.log2(count)));
  const ofTotals = a.multiply(size, a.from(rounding.growth(count)));
  const ofSteps = a.multiply(largest, a.from(step));
  return a.max([direct, a.sum([ofTotals, ofSteps, moved, floor])]);
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

export function momentsOf<N>(a: Arithmetic<N>, rounding: Rounding, row: NormRow<N>): Moments<N> {
  const zero = a.from(0);
  const { values, stored, moved = values.map(() => zero) } = row;
  const count = a.from(values.length);
  const mean = a.divide(a.sum(values), count);
  const sizes = values.map((x, i) => a.add(a.absolute(x), moved[i] ?? zero));
  const size = a.divide(a.sum(sizes), count);
  const largest = a.max(sizes);
  const ofRow = a.divide(a.sum(moved), count);
  const meanError = meanErrorOf(a, rounding, row, { mean, size, largest, moved: ofRow });
  const isMeanExact = a.compare(meanError, zero) === 0;
  const exact = isMeanExact ? exactMean(rounding, stored) : undefined;
  const deviations = values.map((x) => a.subtract(x, mean));
  const flushed = a.from(rounding.numerics.flushesSubnormals ? rounding.tiny : 0);
  const deviationErrors = deviations.map((deviation, i) => {
    if (isDeviationExact(rounding, exact, stored?.[i])) return zero;
    const before = a.add(meanError, moved[i] ?? zero);
    const own = a.multiply(a.add(a.absolute(deviation), before), a.from(rounding.unit));
    return a.sum([before, own, flushed]);
  });
  const areExact = stored?.every((x) => isDeviationExact(rounding, exact, x)) === true;
  return {
    mean,
    meanError,
    deviations,
    deviationErrors,
    exactDeviations: areExact ? stored.map((x) => x - (exact ?? NaN)) : undefined,
    variance: a.divide(a.dot(deviations, deviations), count),
    size,
    largest,
  };
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
interface Scatter<N> {
  readonly moments: Moments<N>;
  /** Of the row that the implementation has, at most. */
  readonly variance: N;
  readonly height: number;
  /** A number times (1 + u)^k (1 + ρ) − 1: so many roundings, and the division by the count. */
  readonly rounded: (x: N, roundings: number) => N;
}

/** (1/n) Σ (c_i − Δ)² = v + Δ²: the mean's error enters only squared, and the rest is relative. */
function twoPassError<N>(a: Arithmetic<N>, { moments, variance, height, rounded }: Scatter<N>): N {
  const off = a.multiply(moments.meanError, moments.meanError);
  return a.add(off, rounded(a.add(variance, off), height + 3));
}

/** The increments d_k g_k are off by (|d_k| + |g_k|) E_μ + E_μ², and Σ d_k² ≤ 2nv for k ≥ 2 (d_1 g_1 is 0), so 2√2 E_μ √v + E_μ². */
function welfordError<N>(
  a: Arithmetic<N>,
  rounding: Rounding,
  { moments, variance, rounded }: Scatter<N>,
): N {
  const { meanError, deviations } = moments;
  const roundings = deviations.length + 5;
  const linear = a.multiply(a.multiply(a.from(2.83), meanError), a.sqrt(variance));
  const square = a.multiply(a.multiply(meanError, meanError), a.from(1.01));
  const disturbed = enlarged(a, a.add(linear, square), rounding.growth(roundings));
  return a.add(disturbed, rounded(a.add(variance, disturbed), roundings));
}

/** v = mean x² − μ², which cancels: the error of mean x² is a part of mean x², not of v. */
function onePassError<N>(
  a: Arithmetic<N>,
  { unit }: Rounding,
  { moments, variance, height, rounded }: Scatter<N>,
): N {
  const { mean, meanError, size } = moments;
  const reach = a.add(a.absolute(mean), meanError);
  const squared = a.multiply(mean, mean);
  const meanSquare = a.sum([variance, squared, a.multiply(size, meanError)]);
  const ofMean = a.multiply(meanError, a.add(a.absolute(mean), reach));
  const ofSquare = a.multiply(a.multiply(reach, reach), a.from(2.01 * unit));
  const ofDifference = a.multiply(variance, a.from(1.01 * unit));
  return a.sum([rounded(meanSquare, height + 1), ofMean, ofSquare, ofDifference]);
}

/** Whether some square may be subnormal. */
const mayUnderflow = <N>(
  a: Arithmetic<N>,
  { normal }: Rounding,
  { deviations, deviationErrors }: Moments<N>,
): boolean =>
  deviations.some((c, i) => {
    const reach = a.add(a.absolute(c), deviationErrors[i] ?? c);
    return a.compare(reach, a.from(Math.sqrt(normal))) < 0;
  });

/**
 * E_v: two passes, Welford's recurrence or one pass. Errors of the row itself first add 2√(v m) + m, with m their mean square: centring does
 * not make them larger.
 */
export function varianceErrorOf<N>(
  a: Arithmetic<N>,
  rounding: Rounding,
  { values, moved }: NormRow<N>,
  moments: Moments<N>,
): N {
  const algorithm = algorithmOf(rounding);
  const isExact = exactVariance(rounding, moments.exactDeviations);
  if (algorithm !== 'one-pass' && isExact) return a.from(0);
  const count = values.length;
  const square = moved === undefined ? a.from(0) : a.divide(a.dot(moved, moved), a.from(count));
  const cross = a.multiply(a.from(2), a.sqrt(a.multiply(moments.variance, square)));
  const shift = a.add(cross, square);
  const ratio = byCount(rounding, count);
  const scatter = {
    moments,
    variance: a.add(moments.variance, shift),
    height: rounding.height(count),
    rounded: (x: N, roundings: number) =>
      a.multiply(x, a.from(compounded(rounding.growth(roundings), ratio))),
  };
  const floor = a.from(mayUnderflow(a, rounding, moments) ? 2 * rounding.tiny : 0);
  if (algorithm === 'one-pass') return a.sum([shift, onePassError(a, rounding, scatter), floor]);
  const direct = twoPassError(a, scatter);
  const own =
    algorithm === 'two-pass' ? direct : a.max([direct, welfordError(a, rounding, scatter)]);
  return a.sum([shift, own, floor]);
}
