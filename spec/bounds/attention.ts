import { rangeOf, type Arithmetic } from '../arithmetic.ts';
import { roundTo } from '../format.ts';
import type { Rounding } from '../numerics.ts';
import { castWeights } from './cast.ts';
import { compounded } from './enlarged.ts';
import { reachOf } from './exponent.ts';
import { isPowerOrZero, weightErrors, type Weights } from './weights.ts';

/** More than what a chain of operations in doubles loses here. */
const slack = 1 + 2 ** -40;

const isPowerOfTwo = (x: number): boolean => x > 0 && Number.isInteger(Math.log2(x));

/** The factor of the scores, and how far a computed one may be from it. */
export interface Scale<N> {
  readonly value: N;
  /** |value|, at least. */
  readonly magnitude: number;
  readonly sign: number;
  /** Relative error of a score besides that of its dot product: 0 where the factor is a power of two. */
  readonly relative: number;
}

/** The factor that is given, or 1/√D: rounded, and multiplied into query, key or score. */
export function scaleOf<N>(
  a: Arithmetic<N>,
  rounding: Rounding,
  given: number | undefined,
  width: number,
): Scale<N> {
  const near = given ?? 1 / Math.sqrt(width);
  const exactRoot = given === undefined && isPowerOfTwo(Math.sqrt(width));
  const exact = isPowerOfTwo(Math.abs(near)) && (given !== undefined || exactRoot);
  const kept = given !== undefined && roundTo(given, rounding.accumulate) === given;
  const ofValue = kept
    ? 0
    : given === undefined
      ? rounding.reciprocalRoot + rounding.division + rounding.unit
      : rounding.unit;
  return {
    value: given === undefined ? a.divide(a.from(1), a.sqrt(a.from(width))) : a.from(given),
    magnitude: Math.abs(near) * (1 + 2 ** -50),
    sign: Math.sign(near),
    relative: exact || near === 0 ? 0 : 1.01 * (ofValue + 2 * rounding.unit),
  };
}

/** The dot products of one query with the keys that it may attend to. */
export interface Scores<N> {
  readonly dots: readonly N[];
  /** The absolute error of a computed dot product. */
  readonly error: (j: number) => number;
  /** Σ |q_t k_jt|, at least. */
  readonly magnitude: (j: number) => number;
  /** How many keys there are, masked ones included. */
  readonly keys: number;
}

/**
 * Errors of the attention weights of one query: each score is off by σ_j = |scale| (error of the dot product + relative error · Σ |q k|);
 * The scores are taken as scale · (dot − extreme dot), so that equal ones stay equal.
 */
export function scoreWeights<N>(
  a: Arithmetic<N>,
  rounding: Rounding,
  { dots, error, magnitude, keys }: Scores<N>,
  scale: Scale<N>,
): Weights<N> {
  const order = scale.sign < 0 ? dots.map(a.negate) : dots;
  const extreme = a.max(order);
  const { lower, upper } = rangeOf(a);
  const factor = a.absolute(scale.value);
  const scores = order.map((dot) => a.multiply(factor, a.subtract(dot, extreme)));
  return weightErrors(a, rounding, scores, {
    order: scale.sign === 0 ? scores : order,
    terms: keys,
    absolute: (j) => {
      const [off, size] = [error(j), magnitude(j)];
      if (off === Infinity) return Infinity;
      const scaled = scale.magnitude * (off + scale.relative * (size + off)) * slack;
      const mayUnderflow = scale.relative > 0 && scale.magnitude * size < rounding.normal * slack;
      return mayUnderflow ? scaled + rounding.tiny : scaled;
    },
    ofDistance: 0,
    ofWeight: 0,
    exactDifference: () => false,
    reach: reachOf(a, dots) * scale.magnitude * slack,
    exactProduct: upper(extreme) === lower(extreme) && isPowerOrZero(upper(extreme)),
    undeclared: 'fused',
  });
}

/** A column of values in doubles, how far computed ones may be from it, and the exact weighted mean. */
export interface Column<N> {
  readonly values: Float64Array;
  /** How far the exact values may be from these; nothing where they are these. */
  readonly off?: Float64Array;
  /** How far computed values may be from the exact ones; nothing where they are stored ones. */
  readonly errors?: Float64Array;
  readonly mean: N;
  /** Whether the sum of the values is exact in every order. */
  readonly exactSum: () => boolean;
}

/** What all columns share: p A, p (1 + A), Σ w where every quotient by it is exact, and κ of products, sum, cast of the probabilities and division. */
interface Shares {
  readonly uneven: Float64Array;
  readonly raised: Float64Array;
  /** What a weight that is subnormal in the format of a cast loses. */
  readonly lost: Float64Array;
  readonly quotient: number | undefined;
  readonly kappa: number;
  /** What of the cast is not in κ: where roundings are independent, (Σ (p v)²)^½ stands for Σ p |v|. */
  readonly apart: number;
}

function sharesOf(rounding: Rounding, weights: Weights<unknown>): Shares {
  const { shares, relative, exactTotal, height, rescales } = weights;
  const { relative: cast, lost, isExact: isHeld } = castWeights(rounding, weights);
  const chain = rounding.growth(height + 1 + 2 * rescales);
  const isExact =
    exactTotal !== undefined &&
    isPowerOfTwo(exactTotal) &&
    isHeld &&
    (rounding.division <= rounding.unit || exactTotal === 1);
  const uneven = shares.map((p, j) => p * (relative[j] ?? NaN));
  return {
    uneven,
    raised: shares.map((p, j) => p + (uneven[j] ?? NaN)),
    lost: shares.map((_, j) => lost(j)),
    quotient: isExact ? exactTotal : undefined,
    kappa: compounded(
      compounded(chain, rounding.independent === true ? 0 : cast),
      rounding.division + rounding.unit,
    ),
    apart: rounding.independent === true ? cast : 0,
  };
}

/**
 * Errors of weighted means o = Σ p_j v_j. Numerator and denominator share the weights, so that their errors act on centred values:
 * { Σ p A |v − o| + Σ p (1 + A) (|v| κ + E) + (1 + κ) Σ δ |v| + |o| G (1 + D) } / (1 − D), with κ for products, sum, cast of the probabilities and
 * division, which may come before or after the sum, E for the errors of the values, and δ for what a weight loses that is subnormal in the format of
 * the cast: only the numerator has it, so that it acts on the values as they are.
 *
 * `places` are those of the weights' keys among the values, where there are more of these; the others count for nothing.
 */
export function meanErrors<N>(
  a: Arithmetic<N>,
  rounding: Rounding,
  weights: Weights<N>,
  columns: readonly Column<N>[],
  places?: readonly number[],
): Float64Array {
  const shared = sharesOf(rounding, weights);
  const { lower, upper } = rangeOf(a);
  return Float64Array.from(columns, (column) => {
    if (weights.total === Infinity) return Infinity;
    const [low, high] = [lower(column.mean), upper(column.mean)];
    return meanError(rounding, weights, shared, column, low, high, places);
  });
}

/** See `meanErrors`; the mean lies in [low, high]. A difference from its middle rounds by u of both, and is off by half its range. */
function meanError(
  rounding: Rounding,
  weights: Weights<unknown>,
  { uneven, raised, lost, quotient, kappa, apart }: Shares,
  { values, off, errors, exactSum }: Column<unknown>,
  low: number,
  high: number,
  places: readonly number[] | undefined,
): number {
  const size = Math.max(Math.abs(low), Math.abs(high));
  if (quotient !== undefined && errors === undefined && exactSum())
    return exactMeanError(rounding, quotient, low, high);
  const [centre, reach] = [(low + high) / 2, (high - low) * slack];
  const count = uneven.length;
  let [centred, distances, products, squares, inherited, magnitudes] = [0, 0, 0, 0, 0, 0];
  let ofSubnormal = 0;
  for (let rank = 0; rank < count; rank += 1) {
    const j = places === undefined ? rank : (places[rank] ?? 0);
    const value = values[j] ?? NaN;
    const more = off === undefined ? 0 : (off[j] ?? NaN);
    const magnitude = Math.abs(value) + more;
    const distance = Math.abs(value - centre) + more + (magnitude + size) * 2 ** -52 + reach;
    const weight = raised[rank] ?? NaN;
    centred += (uneven[rank] ?? NaN) * distance;
    distances += distance;
    products += weight * magnitude;
    squares += (weight * magnitude) ** 2;
    magnitudes += magnitude;
    ofSubnormal += (lost[rank] ?? NaN) * magnitude;
    if (errors !== undefined) inherited += weight * (errors[j] ?? NaN);
  }
  if (!(magnitudes <= rounding.largest) || !(inherited < Infinity)) return Infinity;
  const ofFloor = weights.floor * distances;
  const growth = rounding.growth(weights.height + 2 * weights.rescales);
  const ofTotal = size * growth * (1 + weights.total);
  const ofCast = apart * (1 + kappa) * Math.sqrt(squares);
  const ofValues = (1 + kappa) * (inherited + ofSubnormal);
  const sum = centred + products * kappa + ofCast + ofValues + ofFloor + ofTotal;
  const rounded = (sum * (1 + count * 2 ** -50)) / (1 - weights.total);
  const relative = rounded * (1 + 2 * rounding.division + 4 * rounding.unit) * slack;
  return relative + rounding.tiny * (count + 2);
}

/** Sums and quotients are exact: 0, but where the mean may be subnormal. */
function exactMeanError(rounding: Rounding, total: number, low: number, high: number): number {
  const small = rounding.normal * 2 ** rounding.precision;
  const isZero = low === 0 && high === 0;
  const isGreat = low >= small || high <= -small;
  return total > 1 && !isZero && !isGreat ? rounding.tiny : 0;
}
