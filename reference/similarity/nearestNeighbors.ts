import type { Arithmetic } from '../../spec/arithmetic.ts';
import type { Metric } from '../../spec/bounds/ranking.ts';
import { nearestNeighbors as spec } from '../../spec/similarity/nearestNeighbors.ts';
import { rowsOf, tensor } from '../../spec/tensor.ts';
import { reference } from '../reference.ts';
import { cosineOf } from './cosineSimilarity.ts';
import { squaredDistanceOf } from './squaredEuclideanDistance.ts';

type Score<N> = (query: readonly N[], vector: readonly N[]) => N;

const scoreOf = <N>(arithmetic: Arithmetic<N>, metric: Metric): Score<N> => {
  if (metric === 'dot') return arithmetic.dot;
  if (metric === 'cosine') return cosineOf(arithmetic, 0);
  const squaredDistance = squaredDistanceOf(arithmetic);
  return (query, vector) => arithmetic.sqrt(squaredDistance(query, vector));
};

/** How good a candidate is, as a fraction that needs no root: more is better, and equal ones are found to be equal. */
interface Rank<N> {
  readonly numerator: N;
  readonly denominator: N;
}

/** a·b, −‖a − b‖², or for the cosine the square of a·b / ‖b‖ with its sign; a zero vector has 0 / 1. */
function rankOf<N>(
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

/** The candidates, best first, equal ones in their order. */
function ranked<N>(
  { compare, multiply }: Arithmetic<N>,
  candidates: readonly { readonly id: number; readonly rank: Rank<N> }[],
): readonly number[] {
  const difference = (x: Rank<N>, y: Rank<N>): number =>
    compare(multiply(y.numerator, x.denominator), multiply(x.numerator, y.denominator));
  return [...candidates].sort((x, y) => difference(x.rank, y.rank)).map(({ id }) => id);
}

export const nearestNeighbors = reference(
  spec,
  (arithmetic, { vectors, queries, k, metric, allowed }, chosen) => {
    const stored = rowsOf(vectors);
    const score = scoreOf(arithmetic, metric);
    const candidates = stored.flatMap((vector, id) =>
      allowed === undefined || allowed.data[id] === 1 ? [{ id, vector }] : [],
    );
    const shape = [queries.shape[0] ?? 0, Math.min(k, candidates.length)];
    const nearest = (query: readonly (typeof vectors.data)[number][]): readonly number[] =>
      ranked(
        arithmetic,
        candidates.map(({ id, vector }) => ({
          id,
          rank: rankOf(arithmetic, metric, query, vector),
        })),
      ).slice(0, k);
    const ids = chosen?.ids ?? tensor('int32', shape, rowsOf(queries).flatMap(nearest));
    const found = rowsOf(ids);
    const scores = rowsOf(queries).flatMap((query, q) =>
      (found[q] ?? []).map((id) => score(query, stored[id] ?? [])),
    );
    return { ids, scores: { shape, data: scores } };
  },
);
