import { describe, expect, test } from 'vitest';
import type { Matrix } from '../../conformance/data/open.ts';
import { blurOf, trustOf } from '../../conformance/recall/blur.ts';
import type { Enclosing } from '../../reference/arithmetics/enclosing.ts';
import { certified } from '../../reference/arithmetics/certified.ts';
import { metrics, type Metric } from '../../spec/bounds/ranking.ts';
import { randomStream } from '../../spec/generate.ts';
import { matrix } from './matrix.ts';

const rowOf = ({ data, columns }: Matrix, row: number): readonly number[] =>
  Array.from(data.subarray(row * columns, (row + 1) * columns));

/** The score as the search computes it. */
function computed(
  metric: Metric,
  query: readonly number[],
  vector: readonly number[],
  length: number,
) {
  let sum = 0;
  for (const [i, x] of query.entries()) {
    const y = vector[i] ?? NaN;
    sum += metric === 'euclidean' ? (y - x) * (y - x) : x * y;
  }
  if (metric === 'euclidean') return -sum;
  return metric === 'dot' ? sum : length === 0 ? 0 : sum / length;
}

/** The score that it is for. */
function exact<N>(
  a: Enclosing<N>,
  metric: Metric,
  query: readonly number[],
  vector: readonly number[],
) {
  const [x, y] = [query.map(a.from), vector.map(a.from)];
  const difference = x.map((value, i) => a.subtract(value, y[i] ?? a.from(NaN)));
  if (metric === 'euclidean') return a.negate(a.dot(difference, difference));
  if (metric === 'dot' || vector.every((value) => value === 0)) return a.dot(x, y);
  return a.divide(a.dot(x, y), a.sqrt(a.dot(y, y)));
}

const kinds: Readonly<Record<string, (next: () => number) => number>> = {
  'ordinary numbers': (next) => Math.fround(4 * next() - 2),
  integers: (next) => Math.floor(9 * next()) - 4,
  'numbers of one sign': (next) => Math.fround(1 + next()),
  'numbers far from zero': (next) => Math.fround(10_000 + next()),
  'all magnitudes of float32': (next) =>
    Math.fround((next() - 0.5) * 2 ** (Math.floor(276 * next()) - 148)),
};

describe.each(metrics)('%s: no score is further off than is said', (metric) => {
  test.each(Object.keys(kinds))('of %s', (kind) => {
    const next = randomStream(11);
    const number = kinds[kind] ?? (() => NaN);
    let worst = 0;
    for (const width of [1, 2, 3, 17, 300]) {
      const rows = (length: number) =>
        Array.from({ length }, () => Array.from({ length: width }, () => number(next)));
      const search = { vectors: matrix(rows(6)), queries: matrix(rows(3)), k: 1, metric };
      const trust = trustOf(search);
      for (let q = 0; q < 3; q += 1)
        for (let v = 0; v < 6; v += 1) {
          const [query, vector] = [rowOf(search.queries, q), rowOf(search.vectors, v)];
          const length = trust.vectors.lengths[v] ?? NaN;
          const score = computed(metric, query, vector, length);
          const { relative, perLength, absolute } = blurOf(search, trust, q);
          const allowed = relative * Math.abs(score) + perLength * length + absolute;
          const off = certified(2048)((a) =>
            a.upper(a.absolute(a.subtract(a.from(score), exact(a, metric, query, vector)))),
          );
          expect(off).toBeLessThanOrEqual(allowed);
          worst = Math.max(worst, off === 0 ? 0 : off / allowed);
        }
    }
    if (kind === 'integers' && metric !== 'cosine') expect(worst).toBe(0);
    if (kind === 'ordinary numbers') expect(worst).toBeGreaterThan(0);
  });
});

describe('what is known of the numbers', () => {
  const trust = (rows: readonly (readonly number[])[], kind: 'float32' | 'float64') =>
    trustOf({ vectors: matrix(rows, kind), queries: matrix(rows, kind), k: 1, metric: 'dot' });

  test('integers are exact as long as their sums are below 2^53', () => {
    expect(trust([[2 ** 26, 2 ** 25]], 'float64').isExact).toBe(true);
    expect(trust([[2 ** 26 + 1, 0]], 'float64').isExact).toBe(false);
    expect(trust([[0.5]], 'float32').isExact).toBe(false);
  });

  test('of rows whose squares leave the range nothing is said', () => {
    for (const x of [2 ** -451, 2 ** 451, 2 ** -1074]) {
      const wild = trust([[x, 0]], 'float64');
      expect(wild.vectors.isTame).toBe(false);
      const search = { vectors: matrix([[x, 0]]), queries: matrix([[x, 0]]), k: 1 };
      expect(blurOf({ ...search, metric: 'dot' }, wild, 0).absolute).toBe(Infinity);
    }
    expect(trust([[2 ** -149], [2 ** 127], [0]], 'float32').vectors.isTame).toBe(true);
  });
});
