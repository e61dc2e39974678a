import { inside, quiet, told, type Arithmetic } from '../../spec/arithmetic.ts';
import type { Metric } from '../../spec/bounds/ranking.ts';
import { nearestNeighbors as spec } from '../../spec/similarity/nearestNeighbors.ts';
import { rowsOf, tensor } from '../../spec/tensor.ts';
import { reference } from '../reference.ts';
import { cosineOf } from './cosineSimilarity.ts';
import { compareRanks, rankOf, type Rank } from './rank.ts';

type Row<N> = readonly N[];

/** The score of a vector: what it was ranked by, where that says it. */
function scoreOf<N>(
  arithmetic: Arithmetic<N>,
  metric: Metric,
  query: Row<N>,
  vector: Row<N>,
  rank: Rank<N> | undefined,
): N {
  if (metric === 'cosine') return cosineOf(arithmetic, 0)(query, vector);
  const { numerator } = rank ?? rankOf(arithmetic, metric, query, vector);
  return metric === 'dot' ? numerator : arithmetic.sqrt(arithmetic.negate(numerator));
}

/** The candidates, best first, equal ones in their order. */
const best = <N>(
  arithmetic: Arithmetic<N>,
  ranks: ReadonlyMap<number, Rank<N>>,
): readonly number[] =>
  [...ranks].sort(([, x], [, y]) => compareRanks(arithmetic, x, y)).map(([id]) => id);

export const nearestNeighbors = reference(
  spec,
  (arithmetic, { vectors, queries, k, metric, allowed }, chosen) => {
    type Entry = (typeof vectors.data)[number];
    const stored = rowsOf(vectors);
    const candidates = stored.flatMap((vector, id) =>
      allowed === undefined || allowed.data[id] === 1 ? [{ id, vector }] : [],
    );
    const shape = [queries.shape[0] ?? 0, Math.min(k, candidates.length)];
    const tellScores = (query: Row<Entry>): void =>
      told(arithmetic, 's(q, v_j)', () => {
        const scored = ({ id, vector }: (typeof candidates)[number]) =>
          inside(arithmetic, 'vector', id, () =>
            scoreOf(arithmetic, metric, query, vector, undefined),
          );
        return new Map(candidates.map((one) => [one.id, scored(one)]));
      });
    const quietly = quiet(arithmetic);
    const given = chosen?.ids === undefined ? undefined : rowsOf(chosen.ids);
    const answers = rowsOf(queries).map((query, q) => {
      const taken = given === undefined ? candidates : [];
      const ranks = new Map(
        taken.map(({ id, vector }) => [id, rankOf(arithmetic, metric, query, vector)]),
      );
      const found = given?.[q] ?? best(arithmetic, ranks).slice(0, k);
      inside(arithmetic, 'query', q, () => {
        tellScores(query);
        told(arithmetic, 'top_k', () => new Set(found));
      });
      const scoreOfId = (id: number): Entry =>
        scoreOf(quietly, metric, query, stored[id] ?? [], ranks.get(id));
      return { found, scores: found.map(scoreOfId) };
    });
    const ids =
      chosen?.ids ??
      tensor(
        'int32',
        shape,
        answers.flatMap(({ found }) => found),
      );
    return { ids, scores: { shape, data: answers.flatMap(({ scores }) => scores) } };
  },
);
