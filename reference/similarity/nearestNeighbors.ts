import { inside, quiet, told, type Arithmetic } from '../../spec/arithmetic.ts';
import type { Metric } from '../../spec/bounds/ranking.ts';
import { nearestNeighbors as spec } from '../../spec/similarity/nearestNeighbors.ts';
import { rowsOf, tensor } from '../../spec/tensor.ts';
import { reference } from '../reference.ts';
import { cosineOf } from './cosineSimilarity.ts';
import { compareRanks, rankOf, type Rank } from './rank.ts';
import { squaredDistanceOf } from './squaredEuclideanDistance.ts';

type Score<N> = (query: readonly N[], vector: readonly N[]) => N;

const scoreOf = <N>(arithmetic: Arithmetic<N>, metric: Metric): Score<N> => {
  if (metric === 'dot') return arithmetic.dot;
  if (metric === 'cosine') return cosineOf(arithmetic, 0);
  const squaredDistance = squaredDistanceOf(arithmetic);
  return (query, vector) => arithmetic.sqrt(squaredDistance(query, vector));
};

/** The candidates, best first, equal ones in their order. */
function ranked<N>(
  arithmetic: Arithmetic<N>,
  candidates: readonly { readonly id: number; readonly rank: Rank<N> }[],
): readonly number[] {
  return [...candidates]
    .sort((x, y) => compareRanks(arithmetic, x.rank, y.rank))
    .map(({ id }) => id);
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
    const tellScores = (query: readonly (typeof vectors.data)[number][]): void =>
      told(arithmetic, 's(q, v_j)', () => {
        const scored = ({ id, vector }: (typeof candidates)[number]) =>
          inside(arithmetic, 'vector', id, () => score(query, vector));
        return new Map(candidates.map((one) => [one.id, scored(one)]));
      });
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
    rowsOf(queries).forEach((query, q) =>
      inside(arithmetic, 'query', q, () => {
        tellScores(query);
        told(arithmetic, 'top_k', () => new Set(found[q]));
      }),
    );
    const quietly = scoreOf(quiet(arithmetic), metric);
    const scores = rowsOf(queries).flatMap((query, q) =>
      (found[q] ?? []).map((id) => quietly(query, stored[id] ?? [])),
    );
    return { ids, scores: { shape, data: scores } };
  },
);
