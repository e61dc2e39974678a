import { scattered, type Arithmetic } from '../arithmetic.ts';
import { roundTo } from '../format.ts';
import type { Rounding } from '../numerics.ts';
import { weightErrors, type Weights } from './weights.ts';

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
  readonly error: (j: number) => N;
  /** Σ |q_t k_jt|, at least. */
  readonly magnitude: (j: number) => N;
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
  const factor = a.absolute(scale.value);
  const scores = order.map((dot) => a.multiply(factor, a.subtract(dot, extreme)));
  const size = a.from(scale.magnitude);
  const small = a.from(rounding.normal);
  return weightErrors(a, rounding, scores, {
    order: scale.sign === 0 ? scores : order,
    terms: keys,
    absolute: (j) => {
      if (a.compare(error(j), a.from(Infinity)) === 0) return error(j);
      const own = a.add(
        error(j),
        a.multiply(a.from(scale.relative), a.add(magnitude(j), error(j))),
      );
      const scaled = a.multiply(size, own);
      const mayUnderflow =
        scale.relative > 0 && a.compare(a.multiply(size, magnitude(j)), small) < 0;
      return mayUnderflow ? a.add(scaled, a.from(rounding.tiny)) : scaled;
    },
    ofDistance: 0,
    ofWeight: 0,
    exactDifference: () => false,
  });
}

/** A column of values, how far computed ones may be from it, and the exact weighted mean. */
export interface Column<N> {
  readonly values: readonly N[];
  /** |values|, where they are known already. */
  readonly magnitudes?: readonly N[];
  /** Nothing where the values are stored ones. */
  readonly errors: readonly N[] | undefined;
  readonly mean: N;
  /** Whether the sum of the values is exact in every order. */
  readonly exactSum: () => boolean;
}

/** What all columns share: p A, p (1 + A), and whether nothing is known. */
interface Shares<N> {
  readonly uneven: readonly N[];
  readonly raised: readonly N[];
  readonly isUnknown: boolean;
  /** Σ w, where every quotient by it is exact. */
  readonly quotient: number | undefined;
  /** κ, of the products, the sum, the cast of the probabilities and the division. */
  readonly kappa: number;
}

function sharesOf<N>(
  a: Arithmetic<N>,
  rounding: Rounding,
  { probabilities, relative, total, exactTotal, height, rescales }: Weights<N>,
): Shares<N> {
  const zero = a.from(0);
  const cast = rounding.intermediate('probabilities');
  const chain = rounding.growth(height + 1 + 2 * rescales);
  const kappa = (1 + chain) * (1 + cast) * (1 + rounding.division + rounding.unit) - 1;
  const isExact =
    exactTotal !== undefined &&
    isPowerOfTwo(exactTotal) &&
    (rounding.division <= rounding.unit || exactTotal === 1);
  const uneven = probabilities.map((p, j) => a.multiply(p, relative[j] ?? zero));
  return {
    uneven,
    raised: probabilities.map((p, j) => a.add(p, uneven[j] ?? zero)),
    isUnknown: a.compare(total, a.from(Infinity)) === 0,
    quotient: isExact ? exactTotal : undefined,
    kappa: kappa * (1 + 2 ** -40),
  };
}

/**
 * Errors of weighted means o = Σ p_j v_j. Numerator and denominator share the weights, so that their errors act on centred values:
 * { Σ p A |v − o| + Σ p (1 + A) (|v| κ + E) + |o| G (1 + D) } / (1 − D), with κ for products, sum, cast of the probabilities and division, which
 * may come before or after the sum, and E for the errors of the values.
 *
 * `places` are those of the weights' keys among the values, where there are more of these; the others count for nothing, and are finite.
 */
export function meanErrors<N>(
  a: Arithmetic<N>,
  rounding: Rounding,
  weights: Weights<N>,
  columns: readonly Column<N>[],
  places?: readonly number[],
): readonly N[] {
  const shares = sharesOf(a, rounding, weights);
  const spread = (own: readonly N[], length: number): readonly N[] => {
    if (places === undefined) return own;
    const full = new Array<N>(length).fill(a.from(0));
    places.forEach((place, rank) => (full[place] = own[rank] ?? a.from(NaN)));
    return full;
  };
  const length = columns[0]?.values.length ?? 0;
  const wide = {
    ...shares,
    uneven: spread(shares.uneven, length),
    raised: spread(shares.raised, length),
  };
  return columns.map((column) => meanError(a, rounding, weights, wide, column, places));
}

/** See `meanErrors`. */
function meanError<N>(
  a: Arithmetic<N>,
  rounding: Rounding,
  weights: Weights<N>,
  { uneven, raised, isUnknown, quotient, kappa }: Shares<N>,
  { values, magnitudes: given, errors, mean, exactSum }: Column<N>,
  places: readonly number[] | undefined,
): N {
  const zero = a.from(0);
  const infinity = a.from(Infinity);
  if (isUnknown || errors?.some((error) => a.compare(error, infinity) === 0) === true)
    return infinity;
  if (quotient !== undefined && errors === undefined && exactSum())
    return exactMeanError(a, rounding, quotient, mean);
  const own = places === undefined ? values : places.map((j) => values[j] ?? zero);
  if (a.compare(scattered(a, undefined, values, zero), a.from(rounding.largest)) > 0)
    if (
      places === undefined ||
      a.compare(scattered(a, undefined, own, zero), a.from(rounding.largest)) > 0
    )
      return infinity;
  const one = a.from(1);
  const magnitudes = given ?? values.map(a.absolute);
  const ofFloor =
    a.compare(weights.floor, zero) === 0
      ? zero
      : a.multiply(weights.floor, scattered(a, undefined, own, mean));
  const centred = a.add(scattered(a, uneven, values, mean), ofFloor);
  const products = a.multiply(a.from(kappa), a.dot(raised, magnitudes));
  const inherited =
    errors === undefined ? zero : a.multiply(a.from(1 + kappa), a.dot(raised, errors));
  const growth = rounding.growth(weights.height + 2 * weights.rescales);
  const ofTotal = a.multiply(
    a.multiply(a.absolute(mean), a.from(growth)),
    a.add(one, weights.total),
  );
  const sum = a.add(a.add(centred, products), a.add(inherited, ofTotal));
  const relative = a.multiply(
    a.divide(sum, a.subtract(one, weights.total)),
    a.from(1 + 2 * rounding.division + 4 * rounding.unit),
  );
  return a.add(relative, a.from(rounding.tiny * (own.length + 2)));
}

/** Sums and quotients are exact: 0, but where the mean may be subnormal. */
function exactMeanError<N>(a: Arithmetic<N>, rounding: Rounding, total: number, mean: N): N {
  const zero = a.from(0);
  const small = a.from(rounding.normal * 2 ** rounding.precision);
  const mayUnderflow =
    total > 1 && a.compare(zero, a.absolute(mean)) !== 0 && a.compare(a.absolute(mean), small) < 0;
  return mayUnderflow ? a.from(rounding.tiny) : zero;
}
