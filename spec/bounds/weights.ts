import { rangeOf, readAll, type Arithmetic } from '../arithmetic.ts';
import { roundTo, smallestPositive } from '../format.ts';
import type { Rounding } from '../numerics.ts';
import { exponentForm, formErrors, type FormErrors } from './exponent.ts';
import { Undecided } from '../undecided.ts';

/** Weights e^(s_j − max s), normalised, and how far computed ones may be from them: in doubles, which are never too small. */
export interface Weights<N> {
  /** p_j = w_j / Σ w, exactly. */
  readonly probabilities: () => readonly N[];
  /** At least p_j. */
  readonly shares: Float64Array;
  /** Whether score j is −Infinity: its weight is 0 exactly. */
  readonly isMasked: (j: number) => boolean;
  /** A_j: the relative error of w_j. */
  readonly relative: Float64Array;
  /** The absolute error of any w_j that may be subnormal, over Σ w. */
  readonly floor: number;
  /** D: the relative error of Σ w. */
  readonly total: number;
  /** The most roundings that rescaling a running sum adds. */
  readonly rescales: number;
  /** Σ w where the computed sum is surely exact: the number of largest scores. */
  readonly exactTotal: number | undefined;
  /** The longest chain of roundings in the sum. */
  readonly height: number;
}

/** More than what a chain of operations in doubles loses here, Math.exp's few units among them. */
const SLACK = 1 + 2 ** -40;

/** e^x − 1 ≤ x + x² for 0 ≤ x ≤ 1.79. Beyond 700 it says nothing. */
export const expm1Most = (x: number): number =>
  x > 700 ? Infinity : (x <= 1 ? x + x * x : Math.exp(x) - 1) * SLACK;

/** `expm1Most` of a number of an arithmetic. */
export const expm1Bound = <N>(a: Arithmetic<N>, x: N): N => a.from(expm1Most(rangeOf(a).upper(x)));

/** Whether b − a is a number of the format, so that every sound subtraction gives it exactly. */
export function differenceIsExact(a: number, b: number, rounding: Rounding): boolean {
  const difference = b - a;
  const virtual = b - difference;
  const lost = difference + virtual - b !== 0 || virtual !== a || b - virtual !== difference;
  return !lost && roundTo(difference, rounding.accumulate) === difference;
}

/**
 * How often an online softmax that walks the scores in order, in blocks of any size, may rescale what it has of score j: once for every
 * new maximum after it, and once more to merge partial results. The larger of both directions.
 */
function rescalesOf<N>(a: Arithmetic<N>, scores: readonly N[]): Int32Array {
  const after = (order: readonly N[]) => {
    let best: N | undefined;
    const isRecord = new Uint8Array(order.length);
    order.forEach((score, j) => {
      if (best !== undefined && !(a.compare(score, best) > 0)) return;
      best = score;
      isRecord[j] = 1;
    });
    const counts = new Int32Array(order.length);
    let count = 0;
    for (let j = order.length - 1; j >= 0; j -= 1) {
      counts[j] = count;
      count += isRecord[j] ?? 0;
    }
    return counts;
  };
  const forward = after(scores);
  const backward = after([...scores].reverse()).reverse();
  return forward.map((own, j) => 1 + Math.max(own, backward[j] ?? 0));
}

/** What an implementation may have done to the scores before it takes exponentials. */
export interface ScoreErrors<N> {
  /** Numbers in the order of the scores whose ties can be seen: the scores before they were scaled. */
  readonly order: readonly N[];
  /** How many terms the sum has, those of masked scores included. */
  readonly terms: number;
  /** The absolute error of each computed score; the maximum is a computed score and cancels. */
  readonly absolute: (j: number) => number;
  /** Relative error of the distance to the maximum, beyond the subtraction's. */
  readonly ofDistance: number;
  /** Relative error that each weight has besides: from being normalised before it is normalised again. */
  readonly ofWeight: number;
  /** Whether the subtraction of the maximum is surely exact. */
  readonly exactDifference: (j: number) => boolean;
  /** At least the magnitude of every finite score. */
  readonly reach: number;
  /** Whether the greatest score times any number of the format is surely one: 0, or a power of two. */
  readonly exactProduct: boolean;
  /** The form of the exponential where none is declared: spec/bounds/exponent.ts. */
  readonly undeclared: 'difference' | 'fused';
}

/** Whether every product with a number is exact, but for underflow: 0, 1, −2. */
export const isPowerOrZero = (x: number): boolean =>
  x === 0 || Number.isInteger(Math.log2(Math.abs(x)));

export const storedScores = <N>(
  a: Arithmetic<N>,
  values: ArrayLike<number>,
  rounding: Rounding,
): ScoreErrors<N> => {
  let largest = -Infinity;
  let reach = 0;
  for (let j = 0; j < values.length; j += 1) {
    const value = values[j] ?? NaN;
    largest = Math.max(largest, value);
    if (Math.abs(value) < Infinity) reach = Math.max(reach, Math.abs(value));
  }
  return {
    reach,
    exactProduct: isPowerOrZero(largest),
    undeclared: 'difference',
    order: readAll(a, values),
    terms: values.length,
    absolute: () => 0,
    ofDistance: 0,
    ofWeight: 0,
    exactDifference: (j) => differenceIsExact(values[j] ?? NaN, largest, rounding),
  };
};

/** The distances of scores to the greatest, exactly, and in doubles from below and above; Infinity where a distance surely is. */
interface Distances<N> {
  readonly exact: readonly N[];
  readonly least: Float64Array;
  readonly most: Float64Array;
}

function distancesOf<N>(a: Arithmetic<N>, scores: readonly N[]): Distances<N> {
  const { lower, upper } = rangeOf(a);
  const largest = a.max(scores);
  const exact = scores.map((score) => a.subtract(largest, score));
  const infinity = a.from(Infinity);
  const above = (d: N): number => {
    const top = upper(d);
    if (top === Infinity) a.compare(d, infinity);
    return top;
  };
  const most = Float64Array.from(exact, above);
  const least = Float64Array.from(exact, (d) => Math.max(0, lower(d)));
  for (let j = 0; j < most.length; j += 1)
    if ((least[j] ?? NaN) < 2000 && (most[j] ?? NaN) - (least[j] ?? NaN) > 2 ** -20)
      throw new Undecided('a distance of scores is not known well enough');
  return { exact, least, most };
}

/** Whether a distance is exactly 0; that it is not has to be certain too. */
const isZero = <N>(a: Arithmetic<N>, { exact, most }: Distances<N>, j: number): boolean => {
  const distance = exact[j];
  if (most[j] === 0) return true;
  return distance !== undefined && a.compare(distance, a.from(0)) === 0;
};

/**
 * Errors of normalised exponential weights. With d_j = max − s_j, the computed w_j is e^(−d_j)(1 + α_j) with |α_j| ≤ A_j,
 * A_j = e^(σ_j + u·d_j)(1 + ε(d_j))^c (1 + u)^(c−1) − 1, where σ_j is the error of the score and c − 1 the number of rescalings; the relative
 * error of the sum of positive terms is their weighted mean, D = Σ p_j A_j (1 + G) + G with G = (1 + u)^h − 1.
 * A weight whose exponent is off by less than half of itself and that lies below the square of the smallest number computes to less than
 * that number: its error is the absolute one alone. What the form of the exponential adds is told in spec/bounds/exponent.ts; a factor that all weights share
 * is left out, but enlarges what is lost below the normal range. Scores of −Infinity have weight 0 exactly. e^0 = 1 exactly (C99 F.9.3.1) unless the declared error grows with the argument.
 */
export function weightErrors<N>(
  a: Arithmetic<N>,
  rounding: Rounding,
  scores: readonly N[],
  errors: ScoreErrors<N>,
): Weights<N> {
  const count = scores.length;
  const distances = distancesOf(a, scores);
  const { least, most } = distances;
  const exp = rounding.accuracy('exp');
  const rescales =
    rounding.numerics.algorithm['softmax'] === 'shifted' ? undefined : rescalesOf(a, errors.order);
  const form = formErrors(
    exponentForm(rounding, errors.undeclared),
    rounding,
    errors.reach,
    rescales !== undefined,
    errors.exactProduct,
  );
  const sigma = new Float64Array(count);
  let [widest, given] = [0, 0];
  for (let j = 0; j < count; j += 1) {
    const own = most[j] === Infinity ? 0 : errors.absolute(j);
    given = Math.max(given, own);
    sigma[j] = most[j] === 0 || most[j] === Infinity ? own : own + form.ofExponent;
    widest = Math.max(widest, sigma[j] ?? 0);
  }
  const isOne = exp.perUnit === 0 && exp.absolute === 0 && form.isExactAtMaximum;
  const isExactAtMaximum =
    given === 0 && exp.perUnit === 0 && errors.ofWeight === 0 && form.isExactAtMaximum;
  const relative = relativeErrors(rounding, errors, form, distances, sigma, widest, rescales);
  let ones = 0;
  for (let j = 0; j < count; j += 1)
    if (!((least[j] ?? 0) > 0) && isZero(a, distances, j)) {
      ones += 1;
      if (isExactAtMaximum) relative[j] = 0;
    }
  const parts = { distances, relative, rescales, ones, isOne, common: form.common };
  return summed(a, rounding, scores, errors.terms, parts);
}

/** A_j of every score. */
function relativeErrors<N>(
  rounding: Rounding,
  { ofDistance, ofWeight, exactDifference }: ScoreErrors<N>,
  form: FormErrors,
  { least, most }: Distances<N>,
  sigma: Float64Array,
  widest: number,
  rescales: Int32Array | undefined,
): Float64Array {
  const exp = rounding.accuracy('exp');
  const vanishing = -2 * Math.log(smallestPositive(rounding.accumulate));
  const extra = 1.01 * rounding.unit;
  const relative = new Float64Array(sigma.length);
  for (let j = 0; j < sigma.length; j += 1) {
    const distance = most[j] ?? NaN;
    if (distance === Infinity) continue;
    const own = sigma[j] ?? 0;
    const passes = 1 + (rescales?.[j] ?? 0);
    const isExact = rescales === undefined && form.ofDistance === 0 && exactDifference(j);
    const slope = exp.perUnit + ofDistance + form.ofDistance + (isExact ? 0 : extra);
    const fixed = passes * exp.relative + (passes - 1) * extra + ofWeight;
    const exponent = (own + (distance + own + widest + form.common) * slope + fixed * 1.01) * SLACK;
    const near = (least[j] ?? 0) - 2 * form.common;
    const vanishes = near > vanishing && 2 * exponent < near;
    relative[j] = vanishes ? 0 : expm1Most(exponent);
  }
  return relative;
}

/** What the relative errors of weights come to in their sum and their shares of it. */
function summed<N>(
  a: Arithmetic<N>,
  rounding: Rounding,
  scores: readonly N[],
  terms: number,
  parts: {
    readonly distances: Distances<N>;
    readonly relative: Float64Array;
    readonly rescales: Int32Array | undefined;
    readonly ones: number;
    /** Whether e^0 is 1, however it is computed. */
    readonly isOne: boolean;
    readonly common: number;
  },
): Weights<N> {
  const { distances, relative, rescales, ones, isOne, common } = parts;
  const { least, most } = distances;
  const count = scores.length;
  const deepest = -Math.log(rounding.normal) - Math.log(Math.max(1, count)) - 1 - common;
  const shares = new Float64Array(count);
  let [sum, masked, isSubnormal, areExact] = [0, 0, false, rounding.accuracy('exp').absolute === 0];
  for (let j = 0; j < count; j += 1) {
    const distance = most[j] ?? NaN;
    if (distance === Infinity) masked += 1;
    else if (distance > deepest) isSubnormal = true;
    if (relative[j] !== 0) areExact = false;
    sum += Math.exp(-distance);
    shares[j] = Math.exp(-(least[j] ?? NaN));
  }
  const part = (1 / sum) * (1 + (count + 8) * 2 ** -52) * SLACK;
  let mean = 0;
  for (let j = 0; j < count; j += 1) {
    const share = most[j] === Infinity ? 0 : (shares[j] ?? NaN) * part + Number.MIN_VALUE;
    shares[j] = share;
    mean += share * (relative[j] ?? NaN);
  }
  const rescaled = rescales === undefined ? 0 : greatestOf(rescales);
  const lost = (isSubnormal ? rounding.tiny : 0) + rounding.accuracy('exp').absolute;
  const floor = lost === 0 ? 0 : lost * part * (1 + expm1Most(common));
  const height = Math.min(rounding.height(terms), Math.max(0, count - masked - 1));
  const staysInRange = common + Math.log(count + 1) < Math.log(rounding.largest) - 1;
  const isExact = areExact && ones + masked === count && count <= 2 ** rounding.precision;
  const growth = isExact ? 0 : rounding.growth(height + 2 * rescaled);
  const ofTerms = (mean * (1 + (count + 8) * 2 ** -52) + count * floor) * SLACK;
  const total = (ofTerms * (1 + growth) + growth) * SLACK;
  let made: readonly N[] | undefined;
  return {
    probabilities: () => (made ??= normalized(a, distances.exact)),
    shares,
    isMasked: (j) => most[j] === Infinity,
    relative,
    floor,
    total: total < 1 && staysInRange ? total : Infinity,
    rescales: rescaled,
    exactTotal: growth === 0 && isOne ? ones : undefined,
    height,
  };
}

function normalized<N>(a: Arithmetic<N>, distances: readonly N[]): readonly N[] {
  const weights = distances.map((distance) => a.exp(a.negate(distance)));
  const sum = a.sum(weights);
  return weights.map((weight) => a.divide(weight, sum));
}

const greatestOf = (values: Int32Array): number => values.reduce((x, y) => Math.max(x, y), 0);

const isPowerOfTwo = (n: number): boolean => Number.isInteger(Math.log2(n));

/**
 * Errors of p_j = w_j / Σ w: p_j [(1 + A_j)(1 + ρ) / (1 − D) − 1], with ρ for the division, by a reciprocal and a product too; an absolute
 * term where the quotient may be subnormal. Zero where numerator, sum and quotient are exact. (1 + A) q − 1 = (q − 1) + A q, without a difference.
 */
export function probabilityErrors<N>(
  a: Arithmetic<N>,
  rounding: Rounding,
  weights: Weights<N>,
): readonly N[] {
  return readAll(a, probabilitySlacks(rounding, weights));
}

/** `probabilityErrors` in doubles. */
export function probabilitySlacks(
  rounding: Rounding,
  { shares, relative, isMasked, exactTotal, total, rescales, floor }: Weights<unknown>,
): Float64Array {
  if (total === Infinity) return new Float64Array(shares.length).fill(Infinity);
  const isExact =
    exactTotal !== undefined && isPowerOfTwo(exactTotal) && rounding.division <= rounding.unit;
  const errors = new Float64Array(shares.length);
  if (isExact) return errors;
  const more = rounding.division + 1.01 * rounding.unit + 2 * 1.01 * rounding.unit * rescales;
  const shrink = ((1 + more) / (1 - total)) * SLACK;
  const excess = ((more + total) / (1 - total)) * SLACK;
  for (let j = 0; j < errors.length; j += 1) {
    if (isMasked(j)) continue;
    const p = shares[j] ?? NaN;
    const below = floor * shrink + (p < rounding.normal * SLACK ? rounding.tiny : 0);
    errors[j] = (p * (excess + (relative[j] ?? NaN) * shrink) + below) * SLACK;
  }
  return errors;
}
