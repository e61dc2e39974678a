import type { Arithmetic } from '../../spec/arithmetic.ts';
import type { Metric } from '../../spec/bounds/ranking.ts';
import { squaredDistanceOf } from './squaredEuclideanDistance.ts';

/** How good a candidate is, as a number, or a fraction that needs no root: more is better, and equal ones are found to be equal. */
export interface Rank<N> {
  readonly numerator: N;
  readonly denominator?: N;
}

/** a·b, −‖a − b‖², or for the cosine the square of a·b / ‖b‖ with its sign; a zero vector has 0. */
export function rankOf<N>(
  arithmetic: Arithmetic<N>,
  metric: Metric,
  query: readonly N[],
  vector: readonly N[],
): Rank<N> {
  const { absolute, compare, dot, from, multiply, negate } = arithmetic;
  if (metric === 'euclidean')
    return { numerator: negate(squaredDistanceOf(arithmetic)(query, vector)) };
  const product = dot(query, vector);
  if (metric === 'dot') return { numerator: product };
  const squaredNorm = dot(vector, vector);
  const numerator = multiply(product, absolute(product));
  return compare(squaredNorm, from(0)) === 0
    ? { numerator }
    : { numerator, denominator: squaredNorm };
}

/** Below 0 where x is better than y, above 0 where it is worse. */
export function compareRanks<N>(
  { compare, multiply }: Arithmetic<N>,
  x: Rank<N>,
  y: Rank<N>,
): number {
  const over = (number: N, denominator: N | undefined): N =>
    denominator === undefined ? number : multiply(number, denominator);
  return compare(over(y.numerator, x.denominator), over(x.numerator, y.denominator));
}
