import { readAll, type Arithmetic } from '../arithmetic.ts';
import { roundTo, smallestPositive } from '../format.ts';
import type { Rounding } from '../numerics.ts';

/** Weights e^(s_j − max s), normalised, and how far computed ones may be from them. */
export interface Weights<N> {
  /** p_j = w_j / Σ w. */
  readonly probabilities: readonly N[];
  /** Whether score j is −Infinity: its weight is 0 exactly. */
  readonly isMasked: (j: number) => boolean;
  /** A_j: the relative error of w_j. */
  readonly relative: readonly N[];
  /** The absolute error of any w_j that may be subnormal, over Σ w. */
  readonly floor: N;
  /** D: the relative error of Σ w. */
  readonly total: N;
  /** The most roundings that rescaling a running sum adds. */
  readonly rescales: number;
  /** Σ w where the computed sum is surely exact: the number of largest scores. */
  readonly exactTotal: number | undefined;
  /** The longest chain of roundings in the sum. */
  readonly height: number;
}

/** e^x − 1 ≤ x + x² for 0 ≤ x ≤ 1.79. Beyond 700 it says nothing. */
export function expm1Bound<N>(a: Arithmetic<N>, x: N): N {
  if (a.compare(x, a.from(700)) > 0) return a.from(Infinity);
  return a.compare(x, a.from(1)) <= 0
    ? a.add(x, a.multiply(x, x))
    : a.subtract(a.exp(x), a.from(1));
}

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

const greatestOf = (values: Int32Array): number => values.reduce((x, y) => Math.max(x, y), 0);

function count<T>(values: Iterable<T>, holds: (value: T) => boolean): number {
  let found = 0;
  for (const value of values) if (holds(value)) found += 1;
  return found;
}

/** What an implementation may have done to the scores before it takes exponentials. */
export interface ScoreErrors<N> {
  /** Numbers in the order of the scores whose ties can be seen: the scores before they were scaled. */
  readonly order: readonly N[];
  /** How many terms the sum has, those of masked scores included. */
  readonly terms: number;
  /** The absolute error of each computed score; the maximum is a computed score and cancels. */
  readonly absolute: (j: number) => N;
  /** Relative error of the distance to the maximum, beyond the subtraction's. */
  readonly ofDistance: number;
  /** Relative error that each weight has besides: from being normalised before it is normalised again. */
  readonly ofWeight: number;
  /** Whether the subtraction of the maximum is surely exact. */
  readonly exactDifference: (j: number) => boolean;
}

export const storedScores = <N>(
  a: Arithmetic<N>,
  values: ArrayLike<number>,
  rounding: Rounding,
): ScoreErrors<N> => {
  let largest = -Infinity;
  for (let j = 0; j < values.length; j += 1) largest = Math.max(largest, values[j] ?? NaN);
  return {
    order: readAll(a, values),
    terms: values.length,
    absolute: () => a.from(0),
    ofDistance: 0,
    ofWeight: 0,
    exactDifference: (j) => differenceIsExact(values[j] ?? NaN, largest, rounding),
  };
};

/**
 * Errors of normalised exponential weights. With d_j = max − s_j, the computed w_j is e^(−d_j)(1 + α_j) with |α_j| ≤ A_j,
 * A_j = e^(σ_j + u·d_j)(1 + ε(d_j))^c (1 + u)^(c−1) − 1, where σ_j is the error of the score and c − 1 the number of rescalings; the relative
 * error of the sum of positive terms is their weighted mean, D = Σ p_j A_j (1 + G) + G with G = (1 + u)^h − 1.
 * A weight whose exponent is off by less than half of itself and that lies below the square of the smallest number computes to less than
 * that number: its error is the absolute one alone. Scores of −Infinity have weight 0 exactly. e^0 = 1 exactly (C99 F.9.3.1) unless the declared error grows with the argument.
 */
export function weightErrors<N>(
  a: Arithmetic<N>,
  rounding: Rounding,
  scores: readonly N[],
  errors: ScoreErrors<N>,
): Weights<N> {
  const zero = a.from(0);
  const one = a.from(1);
  const largest = a.max(scores);
  const distances = scores.map((score) => a.subtract(largest, score));
  const exp = rounding.accuracy('exp');
  const rescales =
    rounding.numerics.algorithm['softmax'] === 'shifted' ? undefined : rescalesOf(a, errors.order);
  const infinity = a.from(Infinity);
  const deepest = a.from(-Math.log(rounding.normal) - Math.log(Math.max(1, scores.length)) - 1);
  const vanishing = a.from(-2 * Math.log(smallestPositive(rounding.accumulate)));
  const masked = Uint8Array.from(distances, (distance) =>
    Number(a.compare(distance, infinity) === 0),
  );
  const isMasked = (j: number) => masked[j] === 1;
  const sigma = scores.map((_, j) => (masked[j] === 1 ? zero : errors.absolute(j)));
  const widest = a.max([zero, a.max(sigma)]);
  const isWidestZero = a.compare(widest, zero) === 0;
  const isExactAtMaximum = isWidestZero && exp.perUnit === 0 && errors.ofWeight === 0;
  const extra = 1.01 * rounding.unit;
  const relative = distances.map((distance, j) => {
    if (masked[j] === 1) return zero;
    if (isExactAtMaximum && a.compare(distance, zero) === 0) return zero;
    const own = sigma[j] ?? zero;
    const passes = 1 + (rescales?.[j] ?? 0);
    const reach = isWidestZero ? distance : a.add(distance, a.add(own, widest));
    const slope =
      exp.perUnit +
      errors.ofDistance +
      (errors.exactDifference(j) && rescales === undefined ? 0 : extra);
    const fixed = passes * exp.relative + (passes - 1) * extra + errors.ofWeight;
    const scaled = a.add(a.multiply(reach, a.from(slope)), a.from(fixed * 1.01));
    const exponent = isWidestZero ? scaled : a.add(own, scaled);
    const vanishes =
      a.compare(distance, vanishing) > 0 && a.compare(a.add(exponent, exponent), distance) < 0;
    return vanishes ? zero : expm1Bound(a, exponent);
  });
  const weights = distances.map((distance) => a.exp(a.negate(distance)));
  const sum = a.sum(weights);
  const subnormal = distances.some(
    (distance, j) => masked[j] !== 1 && a.compare(distance, deepest) > 0,
  );
  const most = rescales === undefined ? 0 : greatestOf(rescales);
  const floors = a.from((subnormal ? rounding.tiny : 0) + exp.absolute);
  const ones = count(distances, (distance) => a.compare(distance, zero) === 0);
  const maskedCount = count(masked, (flag) => flag === 1);
  const exact =
    ones + maskedCount === scores.length &&
    relative.every((x) => a.compare(x, zero) === 0) &&
    exp.absolute === 0;
  const height = Math.min(
    rounding.height(errors.terms),
    Math.max(0, scores.length - maskedCount - 1),
  );
  const growth =
    exact && scores.length <= 2 ** rounding.precision ? 0 : rounding.growth(height + 2 * most);
  const infinite = relative.some((x) => a.compare(x, infinity) === 0);
  const floor = a.divide(floors, sum);
  const probabilities = weights.map((weight) => a.divide(weight, sum));
  const meanError = a.add(a.dot(probabilities, relative), a.multiply(a.from(scores.length), floor));
  const total = a.add(a.multiply(meanError, a.from(1 + growth)), a.from(growth));
  return {
    probabilities,
    isMasked,
    relative,
    floor,
    total: !infinite && a.compare(total, one) < 0 ? total : a.from(Infinity),
    rescales: most,
    exactTotal: growth === 0 ? ones : undefined,
    height,
  };
}

const isPowerOfTwo = (n: number): boolean => Number.isInteger(Math.log2(n));

/**
 * Errors of p_j = w_j / Σ w: p_j [(1 + A_j)(1 + ρ) / (1 − D) − 1], with ρ for the division, by a reciprocal and a product too; an absolute
 * term where the quotient may be subnormal. Zero where numerator, sum and quotient are exact.
 */
export function probabilityErrors<N>(
  a: Arithmetic<N>,
  rounding: Rounding,
  weights: Weights<N>,
): readonly N[] {
  const zero = a.from(0);
  const one = a.from(1);
  if (a.compare(weights.total, a.from(Infinity)) === 0)
    return weights.probabilities.map(() => weights.total);
  const exactQuotient =
    weights.exactTotal !== undefined &&
    isPowerOfTwo(weights.exactTotal) &&
    rounding.division <= rounding.unit;
  const quotient =
    1 + rounding.division + 1.01 * rounding.unit + 2 * 1.01 * rounding.unit * weights.rescales;
  const shrink = a.divide(a.from(quotient), a.subtract(one, weights.total));
  const floor = a.multiply(weights.floor, shrink);
  const [normal, lowest] = [a.from(rounding.normal), a.add(floor, a.from(rounding.tiny))];
  return weights.probabilities.map((p, j) => {
    const relative = weights.relative[j] ?? zero;
    if (weights.isMasked(j) || exactQuotient) return zero;
    const factor = a.subtract(a.multiply(a.add(one, relative), shrink), one);
    const below = a.compare(p, normal) < 0 ? lowest : floor;
    return a.add(a.multiply(p, factor), below);
  });
}
