import type { Arithmetic } from '../arithmetic.ts';
import { roundTo } from '../format.ts';
import type { Rounding } from '../numerics.ts';
import { dotBound } from './dot.ts';
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
interface Moments<N> {
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
const algorithmOf = ({ numerics }: Rounding): Algorithm => {
  const declared = numerics.algorithm['variance'];
  return declared === 'two-pass' || declared === 'one-pass' ? declared : 'welford';
};

const isPowerOfTwo = (n: number): boolean => Number.isInteger(Math.log2(n));

/** Relative error of a quotient by a count, by a reciprocal and a product too; a count that the format does not hold is rounded first. */
const byCount = ({ division, unit, accumulate, growth }: Rounding, count: number): number =>
  Math.max(division, growth(2)) + (roundTo(count, accumulate) === count ? 0 : 1.01 * unit);

const dividesExactly = (rounding: Rounding, total: number, count: number): boolean =>
  total === 0 ||
  (isPowerOfTwo(count) &&
    rounding.division <= rounding.unit &&
    Math.abs(total / count) >= rounding.normal * 2 ** rounding.precision);

/** The mean, where every order of the sum and the division are surely exact. */
function exactMean(rounding: Rounding, stored: readonly number[]): number | undefined {
  if (dotBound(rounding, stored, stored.map(() => 1)).error !== 0) return undefined;
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
function meanErrorOf<N>(a: Arithmetic<N>, rounding: Rounding, row: NormRow<N>, { mean, size, largest, moved }: Sizes<N>): N {
  const { stored } = row;
  const count = row.values.length;
  const exact = stored === undefined ? undefined : exactMean(rounding, stored);
  const algorithm = algorithmOf(rounding);
  if (exact !== undefined && (algorithm !== 'welford' || stored?.every((x) => x === stored[0]) === true)) return a.from(0);
  const ratio = byCount(rounding, count);
  const isSumExact = stored !== undefined && dotBound(rounding, stored, stored.map(() => 1)).error === 0;
  const ofSum = a.multiply(size, a.from(isSumExact ? 0 : rounding.growth(rounding.height(count))));
  const ofQuotient = a.multiply(a.add(a.absolute(mean), ofSum), a.from(ratio));
  const mayUnderflow = a.compare(size, a.from(rounding.normal * 2 ** (2 * rounding.precision))) < 0;
  const floor = a.from(mayUnderflow ? 2 * rounding.tiny : 0);
  const direct = a.sum([ofSum, ofQuotient, moved, floor]);
  if (algorithm !== 'welford') return direct;
  const step = 2.02 * (rounding.unit + ratio) * (1 + Math.ceil(Math.log2(count)));
  const stepwise = a.add(a.multiply(size, a.from(rounding.growth(count))), a.multiply(largest, a.from(step)));
  return a.max([direct, a.sum([stepwise, moved, floor])]);
}

function momentsOf<N>(a: Arithmetic<N>, rounding: Rounding, row: NormRow<N>): Moments<N> {
  const zero = a.from(0);
  const { values, stored, moved = values.map(() => zero) } = row;
  const count = a.from(values.length);
  const mean = a.divide(a.sum(values), count);
  const sizes = values.map((x, i) => a.add(a.absolute(x), moved[i] ?? zero));
  const size = a.divide(a.sum(sizes), count);
  const largest = a.max(sizes);
  const meanError = meanErrorOf(a, rounding, row, { mean, size, largest, moved: a.divide(a.sum(moved), count) });
  const exact = stored !== undefined && a.compare(meanError, zero) === 0 ? exactMean(rounding, stored) : undefined;
  const isExact = (x: number | undefined) =>
    exact !== undefined && x !== undefined && differenceIsExact(exact, x, rounding) &&
    (x === exact || !rounding.numerics.flushesSubnormals || Math.abs(x - exact) >= rounding.normal);
  const deviations = values.map((x) => a.subtract(x, mean));
  const flushed = a.from(rounding.numerics.flushesSubnormals ? rounding.tiny : 0);
  const deviationErrors = deviations.map((deviation, i) => {
    if (isExact(stored?.[i])) return zero;
    const before = a.add(meanError, moved[i] ?? zero);
    return a.sum([before, a.multiply(a.add(a.absolute(deviation), before), a.from(rounding.unit)), flushed]);
  });
  return {
    mean, meanError, deviations, deviationErrors, size, largest,
    exactDeviations: exact !== undefined && stored?.every(isExact) === true ? stored.map((x) => x - exact) : undefined,
    variance: a.divide(a.dot(deviations, deviations), count),
  };
}

/** Whether deviations are exact, and so are their squares, every order of their sum, and its quotient. */
function exactVariance(rounding: Rounding, deviations: readonly number[] | undefined): boolean {
  if (deviations === undefined || dotBound(rounding, deviations, deviations).error !== 0) return false;
  return dividesExactly(rounding, deviations.reduce((sum, c) => sum + c * c, 0), deviations.length);
}

/**
 * E_v. Two passes: (1/n) Σ (c_i − Δ)² = v + Δ², so that the mean's error enters only squared, and the rest is relative. Welford: the increments
 * d_k g_k are off by (|d_k| + |g_k|) E_μ + E_μ², and Σ d_k² ≤ 2nv, so 2√2 E_μ √v + E_μ². One pass: v = mean x² − μ², which cancels.
 * Errors of the row itself first add 2√(v m) + m, with m their mean square.
 */
function varianceErrorOf<N>(a: Arithmetic<N>, rounding: Rounding, row: NormRow<N>, moments: Moments<N>): N {
  const { meanError, exactDeviations, variance: exact, size } = moments;
  const count = row.values.length;
  const algorithm = algorithmOf(rounding);
  if (algorithm !== 'one-pass' && exactVariance(rounding, exactDeviations)) return a.from(0);
  const square = (x: N) => a.multiply(x, x);
  const scatter = row.moved === undefined ? a.from(0) : a.divide(a.dot(row.moved, row.moved), a.from(count));
  const shift = a.add(a.multiply(a.from(2), a.sqrt(a.multiply(exact, scatter))), scatter);
  const variance = a.add(exact, shift);
  const ratio = byCount(rounding, count);
  const growthBy = (roundings: number) => a.from((1 + rounding.growth(roundings)) * (1 + ratio) * (1 + 2 ** -50) - 1);
  const mayUnderflow = moments.deviations.some(
    (c, i) => a.compare(a.add(a.absolute(c), moments.deviationErrors[i] ?? c), a.from(Math.sqrt(rounding.normal))) < 0,
  );
  const floor = a.from(mayUnderflow ? 2 * rounding.tiny : 0);
  if (algorithm === 'one-pass') {
    const meanSquare = a.add(a.add(variance, square(moments.mean)), a.multiply(size, meanError));
    const ofMean = a.multiply(meanError, a.add(a.multiply(a.from(2), a.absolute(moments.mean)), meanError));
    const ofSquares = a.multiply(meanSquare, growthBy(rounding.height(count) + 1));
    const ofMeanSquare = a.multiply(square(a.add(a.absolute(moments.mean), meanError)), a.from(2.01 * rounding.unit));
    return a.sum([shift, ofMean, ofSquares, ofMeanSquare, a.multiply(variance, a.from(1.01 * rounding.unit)), floor]);
  }
  const off = square(meanError);
  const direct = a.sum([shift, off, a.multiply(a.add(variance, off), growthBy(rounding.height(count) + 3)), floor]);
  if (algorithm === 'two-pass') return direct;
  const linear = a.multiply(a.multiply(a.from(2.83), meanError), a.sqrt(variance));
  const disturbed = a.multiply(a.add(linear, a.multiply(off, a.from(1.01))), a.from(1 + rounding.growth(count + 5)));
  return a.max([direct, a.sum([shift, disturbed, a.multiply(a.add(variance, disturbed), growthBy(count + 5)), floor])]);
}

/** The error of an ε that a JSON number states, in the accumulation format. */
const epsilonError = ({ accumulate, unit, normal, tiny, numerics }: Rounding, epsilon: number): number => {
  const isFlushed = numerics.flushesSubnormals && epsilon !== 0 && epsilon < normal;
  if (roundTo(epsilon, accumulate) === epsilon && !isFlushed) return 0;
  return unit * epsilon + (epsilon < normal ? tiny : 0);
};

/** Relative error of 1/√q, from the square root and a quotient too. */
const rootError = ({ reciprocalRoot, unit, division }: Rounding): number =>
  Math.max(reciprocalRoot, (1 + unit) * (1 + division) * (1 + 2 ** -50) - 1);

/** Whether a sum of so many terms, each at most this, may overflow; squares up to fourfold, for the differences that Welford squares. */
function mayOverflow<N>(a: Arithmetic<N>, rounding: Rounding, moments: Moments<N>): boolean {
  const { deviations, deviationErrors, largest } = moments;
  const count = a.from(deviations.length);
  const span = a.max(deviations.map((c, i) => a.add(a.absolute(c), deviationErrors[i] ?? c)));
  const squared = algorithmOf(rounding) === 'one-pass' ? largest : a.multiply(a.from(2), span);
  const top = a.multiply(count, a.max([a.multiply(a.from(2), largest), a.multiply(squared, squared)]));
  return !(a.compare(top, a.from(rounding.largest)) < 0);
}

/** The gain and bias that a normalised row is scaled and moved by. */
export interface Affine<N> {
  readonly gain: readonly N[];
  readonly bias: readonly N[];
}

/**
 * How far computed γ_i c_i / √(v + ε) + β_i may be from the exact ones: |γ_i| r [(|c_i| + E_c,i)(1 − rel_q)^(−1/2)(1 + ρ)(1 + u)² − |c_i|], then the
 * last addition. numerics.md §2.4. With algorithm.layerNorm 'folded', x s + (β − μ s) with s = γ r, which cancels where |μ| is large.
 */
export function layerNormErrors<N>(a: Arithmetic<N>, rounding: Rounding, row: NormRow<N>, { gain, bias }: Affine<N>, epsilon: number): readonly N[] {
  const zero = a.from(0);
  const infinite = a.from(Infinity);
  const isFinite = row.values.every((x) => a.compare(a.absolute(x), infinite) < 0);
  if (!isFinite || row.values.length === 0) return row.values.map(() => zero);
  const moments = momentsOf(a, rounding, row);
  if (mayOverflow(a, rounding, moments)) return row.values.map(() => infinite);
  const q = a.add(moments.variance, a.from(epsilon));
  if (a.compare(q, zero) === 0) return row.values.map(() => zero);
  const before = a.add(varianceErrorOf(a, rounding, row, moments), a.from(epsilonError(rounding, epsilon)));
  const relative = a.divide(a.add(before, a.multiply(a.add(q, before), a.from(rounding.unit))), q);
  const left = a.subtract(a.from(1), relative);
  const overflows = a.compare(a.add(q, before), a.from(rounding.largest / 2)) >= 0;
  if (overflows || !(a.compare(left, zero) > 0)) return row.values.map(() => infinite);
  const roundings = a.from((1 + rootError(rounding)) * (1 + rounding.growth(2)) * (1 + 2 ** -50));
  const scale = a.divide(a.from(1), a.sqrt(q));
  const worst = a.divide(roundings, a.sqrt(left));
  return row.values.map((x, i) => affineError(a, rounding, moments, { x, i, scale, worst, gain: gain[i] ?? zero, bias: bias[i] ?? zero }));
}

/** One element on its way from the deviation to the output. */
interface Element<N> {
  readonly x: N;
  readonly i: number;
  readonly scale: N;
  /** (1 − rel_q)^(−1/2) (1 + ρ) (1 + u)². */
  readonly worst: N;
  readonly gain: N;
  readonly bias: N;
}

function affineError<N>(a: Arithmetic<N>, rounding: Rounding, moments: Moments<N>, { x, i, scale, worst, gain, bias }: Element<N>): N {
  const { mean, deviations, deviationErrors } = moments;
  const zero = a.from(0);
  const deviation = deviations[i] ?? zero;
  const size = a.absolute(deviation);
  const reached = a.add(size, deviationErrors[i] ?? zero);
  const steep = a.multiply(a.absolute(gain), scale);
  const folded = rounding.numerics.algorithm['layerNorm'] === 'folded';
  const parting = folded ? a.add(a.absolute(x), a.absolute(mean)) : zero;
  if (a.compare(gain, zero) === 0 || a.compare(a.add(reached, parting), zero) === 0) return zero;
  const normalised = a.multiply(reached, scale);
  const product = a.multiply(reached, steep);
  const isSmall = [steep, normalised, product].some((value) => a.compare(value, a.from(rounding.normal)) < 0);
  const floor = a.multiply(a.from(isSmall ? rounding.tiny : 0), a.sum([a.from(1), a.absolute(gain), reached]));
  const ofProduct = a.add(a.multiply(steep, a.subtract(a.multiply(reached, worst), size)), floor);
  const parts = a.add(a.multiply(steep, a.multiply(parting, worst)), a.absolute(bias));
  const error = folded ? a.add(ofProduct, a.multiply(parts, a.from(rounding.growth(4)))) : ofProduct;
  const top = a.max([a.multiply(a.add(product, a.absolute(bias)), worst), a.multiply(steep, worst), folded ? parts : zero]);
  if (!(a.compare(top, a.from(rounding.largest / 2)) < 0)) return a.from(Infinity);
  if (a.compare(bias, zero) === 0) return error;
  const y = a.absolute(a.add(a.multiply(a.multiply(deviation, scale), gain), bias));
  return a.add(a.multiply(error, a.from(1 + rounding.unit)), a.multiply(y, a.from(rounding.unit)));
}
