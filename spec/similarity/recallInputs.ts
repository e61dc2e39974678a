import fc, { type Arbitrary } from 'fast-check';
import type { Metric } from '../bounds/ranking.ts';
import type { Level } from '../component.ts';
import { euclideanNorm } from '../extremes.ts';
import { randomStream } from '../generate.ts';
import { rowsOf, tensor, type FloatTensor, type IntegerTensor } from '../tensor.ts';
import { search, searches, type Search } from './neighborInputs.ts';

/** What was found, in what, for what. */
export interface Recalled {
  readonly found: IntegerTensor;
  readonly vectors: FloatTensor;
  readonly queries: FloatTensor;
  readonly metric: Metric;
}

/** How near two vectors are, about: to make answers that are good, not to judge any. */
function nearness(metric: Metric, x: readonly number[], y: readonly number[]): number {
  const dot = x.reduce((sum, value, i) => sum + value * (y[i] ?? NaN), 0);
  if (metric === 'dot') return dot;
  if (metric === 'cosine') return dot / (euclideanNorm(y) || 1);
  return -euclideanNorm(x.map((value, i) => value - (y[i] ?? NaN)));
}

/** All ids, the best first. */
const rankedFor = ({ vectors, metric }: Search, query: readonly number[]): readonly number[] =>
  rowsOf(vectors)
    .map((vector, id) => ({ id, score: nearness(metric, query, vector) }))
    .toSorted((x, y) => y.score - x.score)
    .map(({ id }) => id);

/** Of k places, most hold the id that belongs there, others any id, one found before, or the next after the k best. */
function foundFor(input: Search, query: readonly number[], next: () => number): readonly number[] {
  const best = rankedFor(input, query);
  const count = best.length;
  const row = new Array<number>();
  for (let place = 0; place < input.k; place += 1) {
    const own = best[place % count] ?? 0;
    const [kind, which] = [next(), next()];
    if (kind < 0.6) row.push(own);
    else if (kind < 0.75) row.push(Math.floor(which * count));
    else if (kind < 0.9) row.push(row[Math.floor(which * row.length)] ?? own);
    else row.push(best[Math.min(input.k, count - 1)] ?? 0);
  }
  return row;
}

/** Answers to the searches of a level: good, bad, and with ids that are found more than once. */
export const answered = (level: Level): Arbitrary<Recalled> =>
  fc
    .tuple(
      searches(level).filter(
        ({ vectors, queries }) => vectors.shape[0] !== 0 && queries.shape[0] !== 0,
      ),
      fc.nat(),
    )
    .map(([input, seed]) => {
      const next = randomStream(seed);
      const rows = rowsOf(input.queries).map((query) => foundFor(input, query, next));
      const { vectors, queries, metric } = input;
      return {
        found: tensor('int32', [rows.length, input.k], rows.flat()),
        vectors,
        queries,
        metric,
      };
    });

/** A golden vector's input, by rows. */
export const recalled = (
  found: readonly (readonly number[])[],
  vectors: readonly (readonly number[])[],
  queries: readonly (readonly number[])[],
  metric: Metric,
): Recalled => {
  const { k: _k, allowed: _allowed, ...searched } = search(vectors, queries, 1, metric);
  const width = found[0]?.length ?? 0;
  return { found: tensor('int32', [found.length, width], found.flat()), ...searched };
};
