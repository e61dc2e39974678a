import fc, { type Arbitrary } from 'fast-check';
import type { Metric } from '../bounds/ranking.ts';
import type { Level } from '../component.ts';
import { randomStream } from '../generate.ts';
import { placeOfRepeat } from '../repeated.ts';

type Ids = readonly number[];

/** What was found, a list for each query, best first. */
export interface Merged {
  readonly ids: readonly Ids[];
  readonly scores: readonly (readonly number[])[];
}

/** The answers of several shards to the same queries. */
export interface Sharded {
  readonly ids: readonly (readonly Ids[])[];
  readonly scores: readonly (readonly (readonly number[])[])[];
  readonly k: number;
  readonly metric: Metric;
}

export interface Hit {
  readonly id: number;
  readonly score: number;
}

const pairsOf = (text: string): readonly (readonly number[])[] =>
  text.split(' ').flatMap((pair) => (pair === '' ? [] : [pair.split('=').map(Number)]));

/** What shards found, a text for each query: `7=0.5 3=0.25` is id 7 with score 0.5, then id 3. */
export function sharded(
  shards: readonly (readonly string[])[],
  k: number,
  metric: Metric = 'dot',
): Sharded {
  const pick = (part: number) =>
    shards.map((shard) => shard.map((text) => pairsOf(text).map((pair) => pair[part] ?? NaN)));
  return { ids: pick(0), scores: pick(1), k, metric };
}

/** Below 0 where the first score is better. */
export const order =
  (metric: Metric) =>
  (x: number, y: number): number =>
    metric === 'euclidean' ? x - y : y - x;

/** What all shards found, a list for each query: one shard after another. */
export const hitsOf = ({ ids, scores }: Sharded): readonly (readonly Hit[])[] =>
  (ids[0] ?? []).map((_, query) =>
    ids.flatMap((shard, s) =>
      (shard[query] ?? []).map((id, place) => ({
        id,
        score: scores[s]?.[query]?.[place] ?? NaN,
      })),
    ),
  );

/** Why the lists are no answers of shards that have no vector in common, best first; or nothing. */
export function shardsProblem({ ids, scores, metric }: Sharded): string | undefined {
  if (ids.length !== scores.length)
    return `expected as many shards with scores as with ids, ${ids.length}, got ${scores.length}`;
  const homes = new Map<number, number>();
  const queries = ids[0]?.length ?? 0;
  for (const [s, shard] of ids.entries()) {
    const own = scores[s] ?? [];
    if (shard.length !== queries || own.length !== queries)
      return `shard ${s}: expected lists for ${queries} queries, got ${shard.length} of ids and ${own.length} of scores`;
    for (const [q, list] of shard.entries()) {
      const values = own[q] ?? [];
      const where = `shard ${s}, query ${q}`;
      if (values.length !== list.length)
        return `${where}: expected ${list.length} scores, got ${values.length}`;
      if (values.some((score, i) => order(metric)(values[i - 1] ?? score, score) > 0))
        return `${where}: expected scores best first`;
      if (new Set(list).size < list.length) return `${where}: an id stands there twice`;
      const stranger = list.find((id) => (homes.get(id) ?? s) !== s);
      if (stranger !== undefined) return `${where}: ${stranger} is in another shard too`;
      for (const id of list) homes.set(id, s);
    }
  }
  return undefined;
}

/** Why this is no merger of the lists of one query, or nothing: the scores are the best k, and each id has its own. */
function listProblem(
  hits: readonly Hit[],
  { k, metric }: Sharded,
  ids: Ids,
  scores: readonly number[],
): string | undefined {
  const best = hits
    .map(({ score }) => score)
    .toSorted(order(metric))
    .slice(0, k);
  if (ids.length !== best.length) return `expected ${best.length} ids, got ${ids.length}`;
  if (scores.length !== best.length) return `expected ${best.length} scores, got ${scores.length}`;
  const twice = placeOfRepeat(ids);
  const scoreOf = new Map(hits.map(({ id, score }) => [id, score]));
  for (const [place, score] of scores.entries()) {
    const id = ids[place] ?? NaN;
    if (score !== best[place])
      return `place ${place}: expected the score ${best[place]}, got ${score}`;
    if (place === twice) return `${id} stands there twice`;
    if (scoreOf.get(id) !== score)
      return scoreOf.has(id)
        ? `place ${place}: ${id} has the score ${scoreOf.get(id)}, not ${score}`
        : `place ${place}: no shard has found ${id}`;
  }
  return undefined;
}

/** Why the lists are no merger, or nothing. Equal scores may stand in any order, and any of them may be left out. */
export function mergeRefusal(input: Sharded, { ids, scores }: Merged): string | undefined {
  const hits = hitsOf(input);
  if (ids.length !== hits.length || scores.length !== hits.length)
    return `expected lists for ${hits.length} queries, got ${ids.length} of ids and ${scores.length} of scores`;
  for (const [query, own] of hits.entries()) {
    const problem = listProblem(own, input, ids[query] ?? [], scores[query] ?? []);
    if (problem !== undefined) return `query ${query}: ${problem}`;
  }
  return undefined;
}

interface Sizes {
  readonly shards: number;
  readonly queries: number;
  /** The most that a shard finds for a query. */
  readonly longest: number;
}

const sizes = (level: Level): Arbitrary<Sizes> =>
  level === 'scale'
    ? fc.record({
        shards: fc.constantFrom(7, 16),
        queries: fc.constantFrom(1, 3),
        longest: fc.constantFrom(15, 31),
      })
    : fc.record({
        shards: fc.integer({ min: level === 'edge' ? 0 : 2, max: 5 }),
        queries: fc.integer({ min: level === 'edge' ? 0 : 1, max: 3 }),
        longest: fc.integer({ min: level === 'edge' ? 0 : 2, max: 6 }),
      });

/** Scores that every format holds: multiples of 1/16 below 8; of one half at the edge, so that many tie. Distances are not negative. */
function scoreFrom(next: () => number, level: Level, metric: Metric): number {
  const parts = level === 'edge' ? 2 : 16;
  const least = metric === 'euclidean' ? 0 : level === 'edge' ? -2 : -7;
  const most = level === 'edge' ? 2 : 7;
  return (Math.floor(next() * (most - least) * parts) + least * parts) / parts + 0;
}

/** Ids that no two shards share, in no order; lists of different lengths, some of them empty. */
function shardedFrom(seed: number, level: Level, metric: Metric, of: Sizes, k: number): Sharded {
  const next = randomStream(seed);
  const homes = Array.from({ length: of.shards }, (_, s) =>
    Array.from({ length: of.longest }, (_id, i) => 3 * (i * of.shards + of.shards - s)),
  );
  const hits = homes.map((home) =>
    Array.from({ length: of.queries }, () => {
      const keep = next() < 0.2 ? 0 : next();
      return home
        .filter(() => next() <= keep)
        .map((id) => ({ id, rank: next(), score: scoreFrom(next, level, metric) }))
        .toSorted((x, y) => order(metric)(x.score, y.score) || x.rank - y.rank);
    }),
  );
  return {
    ids: hits.map((shard) => shard.map((list) => list.map(({ id }) => id))),
    scores: hits.map((shard) => shard.map((list) => list.map(({ score }) => score))),
    k,
    metric,
  };
}

export const shardeds = (level: Level): Arbitrary<Sharded> =>
  fc
    .tuple(
      fc.nat(),
      fc.constantFrom<Metric>('cosine', 'dot', 'euclidean'),
      sizes(level),
      fc.oneof(fc.integer({ min: 1, max: 8 }), fc.constantFrom(1, 10, 1000)),
    )
    .map(([seed, metric, of, k]) => shardedFrom(seed, level, metric, of, k));
