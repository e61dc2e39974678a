import { describe, expect, test } from 'vitest';
import { prepare, searchBlock, vectorsInTile } from '../../conformance/recall/block.ts';
import { trustOf } from '../../conformance/recall/blur.ts';
import { coarseSides, hasCoarse, type CoarseSides } from '../../conformance/recall/coarse.ts';
import { integerProducts, paddedWidth } from '../../conformance/recall/integerProducts.ts';
import { noWork, type Nearest, type Search } from '../../conformance/recall/search.ts';
import { metrics } from '../../spec/bounds/ranking.ts';
import { randomStream } from '../../spec/generate.ts';
import { matrix } from './matrix.ts';

const kinds: Readonly<Record<string, (next: () => number) => number>> = {
  'ordinary numbers': (next) => Math.fround(4 * next() - 2),
  'numbers of one sign': (next) => Math.fround(1 + next()),
  'small integers, which tie': (next) => Math.floor(3 * next()) - 1,
  'few numbers other than 0': (next) => (next() < 0.9 ? 0 : Math.fround(next() - 0.5)),
  'numbers an ulp apart': (next) => Math.fround(1 + Math.floor(3 * next()) * 2 ** -23),
  'one that is far greater than the others': (next) =>
    Math.fround((next() - 0.5) * (next() < 0.05 ? 2 ** 60 : 1)),
  'magnitudes far apart': (next) => Math.fround((next() - 0.5) * 2 ** (80 * next() - 40)),
};

/** The nearest of the first queries by one way. */
function found(search: Search, coarse: CoarseSides | undefined): readonly Nearest[] {
  const prepared = prepare(search, trustOf(search), coarse);
  const block = searchBlock(prepared, 0, search.queries.rows, noWork());
  for (let step = block.next(); ; step = block.next()) if (step.done === true) return step.value;
}

describe.each(metrics)('%s: integers leave out what is surely further only', (metric) => {
  test.each(Object.keys(kinds))('of %s', (kind) => {
    const next = randomStream(5);
    const number = kinds[kind] ?? (() => NaN);
    for (const width of [7, 64]) {
      const rows = (count: number) =>
        Array.from({ length: count }, () => Array.from({ length: width }, () => number(next)));
      const vectors = matrix([...rows(400), Array.from({ length: width }, () => 0)]);
      const search = { vectors, queries: matrix(rows(9)), k: 10, metric };
      const trust = trustOf(search);
      expect(hasCoarse(search, trust)).toBe(true);
      const sides = coarseSides(search, trust, vectorsInTile(width), 9);
      expect(found(search, sides)).toEqual(found(search, undefined));
    }
  });
});

test('rows are what their integers are, but for the residual', () => {
  const next = randomStream(2);
  const vectors = matrix(
    Array.from({ length: 50 }, () =>
      Array.from({ length: 33 }, () => (next() - 0.5) * 2 ** (20 * next())),
    ),
    'float64',
  );
  const search = { vectors, queries: vectors, k: 1, metric: 'dot' } as const;
  const { vectors: coarse } = coarseSides(search, trustOf(search), 8, 8);
  for (let row = 0; row < vectors.rows; row += 1) {
    const step = coarse.steps[Math.floor(row / 8)] ?? NaN;
    let square = 0;
    for (let i = 0; i < 33; i += 1) {
      const integer = coarse.integers[row * coarse.width + i] ?? NaN;
      square += ((vectors.data[row * 33 + i] ?? NaN) - step * integer) ** 2;
      expect(33 * integer ** 2).toBeLessThan(2 ** 31);
    }
    expect(Math.sqrt(square)).toBeLessThanOrEqual(coarse.residuals[Math.floor(row / 8)] ?? NaN);
  }
});

test.each([
  [48, 64, 128],
  [3, 5, 7],
  [1, 1, 300],
])('products of %i queries with %i vectors of %i integers are exact', (count, stored, columns) => {
  const width = paddedWidth(columns);
  const { queries, vectors, starts, products, multiply } = integerProducts(count, stored, width);
  const most = Math.floor(Math.sqrt((2 ** 30 - 1) / width));
  const next = randomStream(columns);
  for (const rows of [queries, vectors])
    for (let i = 0; i < rows.length; i += 1)
      rows[i] = next() < 0.2 ? -most : Math.round((2 * next() - 1) * most);
  queries.fill(most, 0, width);
  vectors.fill(-most, 0, width);
  starts.forEach((_, v) => (starts[v] = -v));
  multiply();
  const stride = vectors.length / width;
  for (let q = 0; q < count; q += 1)
    for (let v = 0; v < stored; v += 1) {
      let sum = -v;
      for (let i = 0; i < width; i += 1)
        sum += (queries[q * width + i] ?? NaN) * (vectors[v * width + i] ?? NaN);
      expect(products[q * stride + v]).toBe(sum);
    }
});
