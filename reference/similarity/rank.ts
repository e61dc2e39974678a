import type { Arithmetic } from '../../spec/arithmetic.ts';
import type { Metric } from '../../spec/bounds/ranking.ts';
import { squaredDistanceOf } from './squaredEuclideanDistance.ts';

/** How good a candidate is, as a fraction that needs no root: more is better, and equal ones are found to be equal. */
export interface Rank<N> {
  readonly numerator: N;
  readonly denominator: N;
}

/** a·b, −‖a − b‖², or for the cosine the square of a·b / ‖b‖ with its sign; a zero vector has 0 / 1. */
export function rankOf<N>(
  arithmetic: Arithmetic<N>,
  metric: Metric,
  query: readonly N[],
  vector: readonly N[],
): Rank<N> {
  const { absolute, compare, dot, from, multiply, negate } = arithmetic;
  const one = from(1);
  if (metric === 'euclidean')
    return { numerator: negate(squaredDistanceOf(arithmetic)(query, vector)), denominator: one };
  const product = dot(query, vector);
  if (metric === 'dot') return { numerator: product, denominator: one };
  const squaredNorm = dot(vector, vector);
  return {
    numerator: multiply(product, absolute(product)),
    denominator: compare(squaredNorm, from(0)) === 0 ? one : squaredNorm,
  };
}

/** Below 0 where x is better than y, above 0 where it is worse. */
export const compareRanks = <N>(
  { compare, multiply }: Arithmetic<N>,
  x: Rank<N>,
  y: Rank<N>,
): number => compare(multiply(y.numerator, x.denominator), multiply(x.numerator, y.denominator));
