import { axis, long, many, vocabularies } from '../lengths.ts';
import type { Metric } from '../bounds/ranking.ts';
import type { Draw, Sized } from '../sized.ts';
import type { FloatTensor } from '../tensor.ts';
import type { Search } from './neighborInputs.ts';
import type { Pair } from './pairs.ts';
import type { Recalled } from './recallInputs.ts';
import type { Sharded } from './shards.ts';

const width = axis('components of a vector', [...long, 768, 1536, 3072]);

export const pairSizes: Sized<Pair> = {
  axes: { B: axis('pairs: the leading axes', many), D: width },
  input: ({ B = 1, D = 1 }, draw) => ({
    a: draw.floats('a', [B, D]),
    b: draw.floats('b', [B, D]),
  }),
  work: ({ B = 1, D = 1 }) => B * (6 * D + 30),
  least: ({ D = 1 }) => 6 * D + 30,
};

const metricOf = (draw: Draw): Metric => draw.pick('metric', 'cosine', 'dot', 'euclidean');

const searchAxes = {
  N: axis('vectors', [65, 257, 1025, 4097, 8193, 65537, 100003], [1, 2, 5]),
  Q: axis('queries', [33, 65, 129, 257, 1025], [1, 2, 3]),
  D: axis('components of a vector', [31, 33, 64, 65, 128, 129, 768, 1536], [1, 2, 3, 8]),
} as const;

export const searchSizes: Sized<Search> = {
  axes: searchAxes,
  input: ({ N = 1, Q = 1, D = 1 }, draw) => ({
    vectors: draw.floats('vectors', [N, D]),
    queries: draw.floats('queries', [Q, D]),
    k: draw.pick('k', 1, 10, 100, N, N + 1),
    metric: metricOf(draw),
    ...(draw.pick('filtered', 0, 0, 1) === 1
      ? { allowed: draw.booleans('allowed', [N], 0.5) }
      : {}),
  }),
  work: ({ N = 1, Q = 1, D = 1 }) => 2 * N * Q * (D + 20) + 300 * Q,
};

export const recalledSizes: Sized<Recalled> = {
  axes: searchAxes,
  input: ({ N = 1, Q = 1, D = 1 }, draw) => ({
    found: draw.integers('found', [Q, Math.min(N, 10)], { below: N }),
    vectors: draw.floats('vectors', [N, D]),
    queries: draw.floats('queries', [Q, D]),
    metric: metricOf(draw),
  }),
  work: searchSizes.work ?? (() => 1),
};

/** Falling numbers, ties among them. */
function falling(draw: Draw, count: number, mean: number): FloatTensor {
  const drawn = draw.floats('scores', [count], { mean, deviation: 0.3 });
  const data = Float64Array.from(drawn.data).toSorted((x, y) => y - x);
  return { dtype: 'float64', shape: [count], data };
}

const listed = <R extends { readonly scores: FloatTensor }>(
  mean: number,
  make: (scores: FloatTensor, draw: Draw) => R,
): Sized<R> => ({
  axes: { N: axis('scores', vocabularies) },
  input: ({ N = 1 }, draw) => make(falling(draw, N, mean), draw),
  work: ({ N = 1 }) => 10 * N,
});

export const thresholdSizes = listed(0.5, (scores, draw) => ({
  scores,
  threshold: draw.pick('threshold', 0.5, 0.1, 0.9),
}));

export const gapSizes = listed(0.5, (scores, draw) => ({
  scores,
  gap: draw.pick('gap', 0.1, 0.01, 1),
}));

export const massSizes = listed(2, (scores, draw) => ({
  scores,
  mass: draw.pick('mass', 0.9, 0.5, 0.999),
}));

/** So many different ids, in an order from a seed. */
function ranking(draw: Draw, field: string, count: number, pool: number): readonly number[] {
  const drawn = draw.integers(field, [2 * count + 2], { below: pool });
  return [...new Set(Array.from(drawn.data))].slice(0, count);
}

export const fusionSizes: Sized<{ readonly rankings: readonly (readonly number[])[] }> = {
  axes: {
    R: axis('rankings', [33, 65], [1, 2, 3]),
    N: axis('ids of a ranking', [33, 129, 257, 513, 1025], [1, 2, 5]),
  },
  input: ({ R = 1, N = 1 }, draw) => ({
    rankings: Array.from({ length: R }, (_, i) => ranking(draw, `rankings.${i}`, N, 4 * N + 1)),
  }),
  work: ({ R = 1, N = 1 }) => 20 * R * N + 0.2 * (R * N) ** 2,
};

/** Falling multiples of 1/16: every format holds them. */
const scoresOf = (draw: Draw, field: string, count: number, metric: Metric): readonly number[] =>
  Array.from(draw.integers(field, [count], { below: 128 }).data, (x) => x / 16).toSorted((x, y) =>
    metric === 'euclidean' ? x - y : y - x,
  );

export const shardSizes: Sized<Sharded> = {
  axes: {
    shards: axis('shards', [16, 33, 65], [1, 2, 3]),
    Q: axis('queries', [33, 65], [1, 2]),
    N: axis('what a shard finds for a query', [31, 33, 65, 257, 1025], [1, 2, 5]),
  },
  input: ({ shards = 1, Q = 1, N = 1 }, draw) => {
    const metric = metricOf(draw);
    const each = <T>(make: (shard: number, query: number) => T): readonly (readonly T[])[] =>
      Array.from({ length: shards }, (_, shard) =>
        Array.from({ length: Q }, (_query, query) => make(shard, query)),
      );
    return {
      ids: each((shard) => Array.from({ length: N }, (_, i) => shard + shards * i)),
      scores: each((shard, query) => scoresOf(draw, `scores.${shard}.${query}`, N, metric)),
      k: draw.pick('k', 10, 1, N, 2 * N),
      metric,
    };
  },
  work: ({ shards = 1, Q = 1, N = 1 }) => 20 * shards * Q * (N + 10),
};
