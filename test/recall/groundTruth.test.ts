import { describe, expect, test } from 'vitest';
import { groundTruth } from '../../conformance/recall/groundTruth.ts';
import type { Nearest } from '../../conformance/recall/search.ts';
import { certified } from '../../reference/arithmetics/certified.ts';
import { references } from '../../reference/index.ts';
import { lift } from '../../reference/evaluate.ts';
import { compareRanks, rankOf } from '../../reference/similarity/rank.ts';
import { metrics, type Metric } from '../../spec/bounds/ranking.ts';
import { randomStream } from '../../spec/generate.ts';
import { rowsOf, tensor } from '../../spec/tensor.ts';
import { matrix } from './matrix.ts';

type Rows = readonly (readonly number[])[];

/** What the reference says in enclosures: the k best, then all that tie with the last of them. */
function expected(vectors: Rows, queries: Rows, k: number, metric: Metric): readonly Nearest[] {
  const width = vectors[0]?.length ?? 0;
  const all = { dtype: 'float64', shape: [vectors.length, width], data: vectors.flat() } as const;
  const asked = tensor('float64', [queries.length, width], queries.flat());
  return certified(2048)((a) => {
    const input = { vectors: all, queries: asked, k: vectors.length, metric };
    const { ids } = references.nearestNeighbors(a, lift(a, input));
    return rowsOf(ids).map((order, q) => {
      const ranks = vectors.map((vector) =>
        rankOf(a, metric, (queries[q] ?? []).map(a.from), vector.map(a.from)),
      );
      const rank = (id: number) => ranks[id] ?? { numerator: a.from(NaN), denominator: a.from(1) };
      const last = rank(order[k - 1] ?? 0);
      const inside = order.filter((id) => compareRanks(a, rank(id), last) < 0);
      const equal = order.filter((id) => compareRanks(a, rank(id), last) === 0);
      return inside.length + equal.length === k
        ? nearest([...inside, ...equal], [])
        : nearest(inside, equal);
    });
  });
}

const nearest = (inside: readonly number[], tied: readonly number[]): Nearest => ({
  inside: Int32Array.from(inside).sort(),
  tied: Int32Array.from(tied).sort(),
});

/** The numbers that vectors are made of. */
const kinds: Readonly<Record<string, (next: () => number) => number>> = {
  'ordinary numbers': (next) => Math.fround(4 * next() - 2),
  'small integers, which tie': (next) => Math.floor(3 * next()) - 1,
  'numbers an ulp apart': (next) => Math.fround(1 + Math.floor(3 * next()) * 2 ** -23),
  'small differences far from zero': (next) => 8192 + Math.floor(4 * next()) * 2 ** -10,
  'powers of two, far apart': (next) =>
    next() < 0.3 ? 0 : Math.sign(next() - 0.5) * 2 ** (Math.floor(240 * next()) - 120),
  'the least and the greatest of float32': (next) =>
    next() < 0.5 ? 2 ** -149 * Math.floor(4 * next()) : 2 ** 127 * (1 + Math.floor(3 * next()) / 4),
};

describe.each(metrics)('%s: what the reference says', (metric) => {
  test.each(Object.keys(kinds))('of %s', async (kind) => {
    const next = randomStream(kind.length);
    const number = kinds[kind] ?? (() => NaN);
    for (let run = 0; run < 10; run += 1) {
      const [count, width] = [1 + Math.floor(14 * next()), 1 + Math.floor(5 * next())];
      const rows = (length: number): Rows =>
        Array.from({ length }, () => Array.from({ length: width }, () => number(next)));
      const [vectors, queries] = [rows(count), rows(1 + Math.floor(5 * next()))];
      const k = 1 + Math.floor(count * next());
      const search = { vectors: matrix(vectors), queries: matrix(queries), k, metric };
      const truth = await groundTruth(search);
      expect(truth.nearest).toEqual(expected(vectors, queries, k, metric));
      expect(truth.work.scores).toBe(count * queries.length);
    }
  });

  test('of doubles, and of those that leave the range', async () => {
    const next = randomStream(7);
    for (const scale of [1, 2 ** -600, 2 ** 600]) {
      const rows = (length: number): Rows =>
        Array.from({ length }, () => [0, 1, 2].map(() => (next() < 0.3 ? 0 : next() * scale)));
      const [vectors, queries] = [rows(9), rows(3)];
      const [stored, asked] = [matrix(vectors, 'float64'), matrix(queries, 'float64')];
      const truth = await groundTruth({ vectors: stored, queries: asked, k: 3, metric });
      expect(truth.nearest).toEqual(expected(vectors, queries, 3, metric));
    }
  });

  test('of more tiles and blocks than one, with equal vectors among them', async () => {
    const next = randomStream(3);
    const width = 700;
    const kept = Array.from({ length: 5 }, () =>
      Array.from({ length: width }, () => Math.fround(next() - 0.5)),
    );
    const vectors = Array.from({ length: 90 }, (_, i) => kept[i % 5] ?? []);
    const queries = Array.from({ length: 99 }, (_, i) => kept[i % 4] ?? []);
    const search = { vectors: matrix(vectors), queries: matrix(queries), metric };
    const { nearest: found, work } = await groundTruth({ ...search, k: 10 });
    const exact = expected(kept, kept.slice(0, 4), 1, metric);
    for (const [q, { inside, tied }] of found.entries()) {
      expect([...inside]).toEqual([]);
      expect(new Set(Array.from(tied, (id) => id % 5))).toEqual(new Set(exact[q % 4]?.inside));
      expect(tied).toHaveLength(18);
    }
    expect(work).toMatchObject({ certified: 0, scores: 90 * 99 });
  });
});

describe('what doubles cannot decide', () => {
  test('pairs of doubles decide where a double rounds to a tie', async () => {
    const vectors = matrix([
      [2 ** 12, 2 ** -30],
      [2 ** 12, 0],
      [2 ** 12, 2 ** -31],
    ]);
    const truth = await groundTruth({
      vectors,
      queries: matrix([[0, 0]]),
      k: 2,
      metric: 'euclidean',
    });
    expect(truth.nearest).toEqual([nearest([1, 2], [])]);
    expect(truth.work.close).toBe(3);
    expect(truth.work.doubleDouble).toBeGreaterThan(0);
    expect(truth.work.certified).toBe(0);
  });

  test('enclosures decide where pairs of doubles cannot', async () => {
    const vectors = matrix([
      [2 ** 60, 1, 2 ** -60],
      [2 ** 60, 1, 0],
      [2 ** 60, 1, 2 ** -60],
    ]);
    const truth = await groundTruth({
      vectors,
      queries: matrix([[2 ** 60, 1, 2 ** -60]]),
      k: 1,
      metric: 'dot',
    });
    expect(truth.nearest).toEqual([nearest([], [0, 2])]);
    expect(truth.work.certified).toBeGreaterThan(0);
  });

  test('zero vectors are similar to nothing, and nothing to a zero query', async () => {
    const vectors = matrix([
      [0, 0],
      [1, 1],
      [-1, 0.1],
      [0, 0],
    ]);
    const queries = matrix([
      [1, 0],
      [0, 0],
    ]);
    const truth = await groundTruth({ vectors, queries, k: 2, metric: 'cosine' });
    expect(truth.nearest).toEqual([nearest([1], [0, 3]), nearest([], [0, 1, 2, 3])]);
  });
});

describe('around it', () => {
  const [vectors, queries] = [matrix([[1, 2]]), matrix([[1, 2]])];
  const search = { vectors, queries, k: 1, metric: 'dot' } as const;

  test('k over the number of vectors gives them all', async () => {
    expect(await groundTruth({ ...search, k: 5 })).toMatchObject({
      k: 1,
      nearest: [nearest([0], [])],
    });
  });

  test.each([
    [{ k: 0 }, 'groundTruth.k: expected an integer ≥ 1, got 0'],
    [{ k: 1.5 }, 'groundTruth.k: expected an integer ≥ 1, got 1.5'],
    [{ queries: matrix([[1]]) }, 'groundTruth.queries: expected 2 columns as in vectors, got 1'],
    [
      { vectors: { ...vectors, rows: 0, data: new Float32Array(0) } },
      'groundTruth.vectors: expected rows × columns ≥ 1 numbers, got 0 × 2 and 0',
    ],
    [
      { queries: { ...queries, rows: 2 } },
      'groundTruth.queries: expected rows × columns ≥ 1 numbers, got 2 × 2 and 2',
    ],
    [
      {
        vectors: matrix([
          [0, 1],
          [NaN, 1],
        ]),
      },
      'groundTruth.vectors: expected finite numbers, got NaN in row 1',
    ],
  ])('%o is refused', async (change, message) => {
    await expect(groundTruth({ ...search, ...change })).rejects.toThrow(new RangeError(message));
  });

  test('an interrupt ends it', async () => {
    const signal = AbortSignal.abort();
    await expect(groundTruth(search, { signal })).rejects.toThrow(/abort/);
  });
});
