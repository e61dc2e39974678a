import { axis, long } from '../lengths.ts';
import type { Metric } from '../bounds/ranking.ts';
import type { Draw, Sized } from '../sized.ts';
import type { FloatTensor, IntegerTensor } from '../tensor.ts';
import type { IndexScript, Opening } from './script.ts';

const vectors = axis('vectors', [33, 65, 257, 1025, 4097, 65537], [1, 2, 5]);
const centroids = axis('centroids of a codebook, 256 at most', [16, 17, 255, 256], [1, 2, 3]);
const books = axis('subvectors', [8, 16, 32, 64, 96, 259, 384], [1, 2, 3]);
const part = axis('components of a subvector', [8, 16, 32], [1, 2, 3]);
const codedAxes = { N: vectors, M: books, K: centroids, S: part } as const;

type Lengths = Readonly<Record<string, number>>;

const codebooksOf = ({ M = 1, K = 1, S = 1 }: Lengths, draw: Draw): FloatTensor =>
  draw.floats('codebooks', [M, K, S]);

/** Names of 256 things at most. */
function codes(draw: Draw, shape: readonly number[], below: number): IntegerTensor {
  const { data } = draw.integers('codes', shape, { below });
  return { dtype: 'uint8', shape, data: Uint8Array.from(data) };
}

export const encodedSizes: Sized<{
  readonly codebooks: FloatTensor;
  readonly vectors: FloatTensor;
}> = {
  axes: codedAxes,
  input: (lengths, draw) => {
    const { N = 1, M = 1, S = 1 } = lengths;
    return {
      codebooks: codebooksOf(lengths, draw),
      vectors: draw.floats('vectors', [N, M * S]),
    };
  },
  work: ({ N = 1, M = 1, K = 1, S = 1 }) => N * M * K * (S + 10) + 500 * M,
  least: ({ M = 1, K = 1, S = 1 }) => M * K * (S + 10) + 500 * M,
};

const decoded = (lengths: Lengths, draw: Draw) => {
  const { N = 1, M = 1, K = 1 } = lengths;
  return { codebooks: codebooksOf(lengths, draw), codes: codes(draw, [N, M], K) };
};

export const decodedSizes: Sized<ReturnType<typeof decoded>> = {
  axes: codedAxes,
  input: decoded,
  work: ({ N = 1, M = 1, K = 1, S = 1 }) => 4 * M * S * (N + K),
  least: ({ M = 1, K = 1, S = 1 }) => 4 * M * S * (1 + K),
};

export const distanceSizes: Sized<ReturnType<typeof decoded> & { readonly queries: FloatTensor }> =
  {
    axes: { ...codedAxes, Q: axis('queries', [17, 33, 65], [1, 2]) },
    input: (lengths, draw) => {
      const { Q = 1, M = 1, S = 1 } = lengths;
      return { ...decoded(lengths, draw), queries: draw.floats('queries', [Q, M * S]) };
    },
    work: ({ N = 1, M = 1, K = 1, S = 1, Q = 1 }) => Q * M * (K * S + 10 * N * S) + M * K * S,
    least: ({ M = 1, K = 1, S = 1 }) => M * S * (2 * K + 10),
  };

export const trainedSizes: Sized<{
  readonly vectors: FloatTensor;
  readonly subvectors: number;
  readonly centroids: number;
  readonly iterations: number;
  readonly seed: number;
}> = {
  axes: {
    N: axis('vectors', [257, 513, 1025], [3, 5, 9]),
    M: axis('subvectors', [8, 16], [1, 2]),
    K: axis('centroids of a codebook', [16, 32], [1, 2]),
    S: axis('components of a subvector', [8, 16], [1, 2]),
  },
  input: ({ N = 1, M = 1, K = 1, S = 1 }, draw) => ({
    vectors: draw.floats('vectors', [N, M * S]),
    subvectors: M,
    centroids: Math.min(K, N),
    iterations: draw.pick('iterations', 1, 4),
    seed: draw.seed('seed'),
  }),
  work: ({ N = 1, M = 1, K = 1, S = 1 }) => 10 * N * M * K * (S + 10),
};

const rangesOf = (draw: Draw, width: number) => {
  const middle = draw.floats('middle', [width], { holds: 'normal' });
  const reach = Float64Array.from(
    draw.floats('reach', [width], { mean: 3, deviation: 0.5, holds: 'normal' }).data,
    Math.abs,
  );
  const end = (sign: number): FloatTensor => ({
    dtype: 'float64',
    shape: [width],
    data: reach.map((x, i) => (middle.data[i] ?? 0) + sign * x),
  });
  return { minimum: end(-1), maximum: end(1) };
};

const rowAxes = {
  N: vectors,
  D: axis('components of a vector', [...long, 768, 1536], [1, 2, 3]),
} as const;

export const quantizedSizes: Sized<
  ReturnType<typeof rangesOf> & { readonly vectors: FloatTensor }
> = {
  axes: rowAxes,
  input: ({ N = 1, D = 1 }, draw) => ({
    ...rangesOf(draw, D),
    vectors: draw.floats('vectors', [N, D], { deviation: 2 }),
  }),
  work: ({ N = 1, D = 1 }) => 10 * N * D,
  least: ({ D = 1 }) => 10 * D,
};

export const dequantizedSizes: Sized<
  ReturnType<typeof rangesOf> & { readonly codes: IntegerTensor }
> = {
  axes: rowAxes,
  input: ({ N = 1, D = 1 }, draw) => ({ ...rangesOf(draw, D), codes: codes(draw, [N, D], 256) }),
  work: ({ N = 1, D = 1 }) => 10 * N * D,
  least: ({ D = 1 }) => 10 * D,
};

export const clusteredSizes: Sized<{
  readonly vectors: FloatTensor;
  readonly centroids: FloatTensor;
}> = {
  axes: {
    N: vectors,
    K: axis('clusters', [33, 65, 257, 1025], [1, 2, 3]),
    D: axis('components of a vector', [31, 33, 64, 65, 128, 129, 768], [1, 2, 3]),
  },
  input: ({ N = 1, K = 1, D = 1 }, draw) => ({
    vectors: draw.floats('vectors', [N, D]),
    centroids: draw.floats('centroids', [K, D]),
  }),
  work: ({ N = 1, K = 1, D = 1 }) => 2 * N * K * (D + 10),
};

/** Everything is added in blocks, some of it is removed again, and then it is searched. */
export const indexSizes = <O extends Opening>(
  open: (opened: Opening, lengths: { readonly N: number }, draw: Draw) => O,
): Sized<IndexScript<O>> => ({
  axes: {
    N: axis('vectors', [65, 129, 257, 513], [3, 5, 9]),
    D: axis('components of a vector', [16, 32, 33], [1, 2, 4]),
  },
  input: ({ N = 1, D = 1 }, draw) => {
    const metric: Metric = draw.pick('metric', 'euclidean', 'cosine', 'dot');
    const half = Math.ceil(N / 2);
    const block = (from: number, count: number) => ({
      action: 'add' as const,
      input: {
        ids: Array.from({ length: count }, (_, i) => 3 * (from + i)),
        vectors: draw.floats(`vectors ${from}`, [count, D], { holds: 'normal' }),
      },
    });
    const search = {
      action: 'search' as const,
      input: { queries: draw.floats('queries', [2, D], { holds: 'normal' }), k: 5 },
    };
    return {
      open: open({ dimension: D, metric }, { N }, draw),
      actions: [
        block(0, half),
        search,
        block(half, N - half),
        { action: 'remove', input: { ids: [0, 3 * (N - 1)].slice(0, Math.min(2, N)) } },
        search,
        { action: 'count', input: {} },
      ],
    };
  },
  work: ({ N = 1, D = 1 }) => 60_000 + 60 * N * (D + 20),
});
