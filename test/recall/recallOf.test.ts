import { describe, expect, test } from 'vitest';
import { groundTruth } from '../../conformance/recall/groundTruth.ts';
import { recallOf, unknownId } from '../../conformance/recall/recallOf.ts';
import { ids, matrix } from './matrix.ts';

const line = Array.from({ length: 20 }, (_, i) => [i]);
const truthOf = (vectors: readonly (readonly number[])[], queries: readonly number[], k: number) =>
  groundTruth({
    vectors: matrix(vectors),
    queries: matrix(queries.map((x) => [x])),
    k,
    metric: 'euclidean',
  });

describe('recall', () => {
  test('the best answer repeated ten times has 0.1', async () => {
    const truth = await truthOf(line, [0], 10);
    const judged = recallOf(truth, ids([Array.from({ length: 10 }, () => 0)]));
    expect(judged).toMatchObject({ recall: 0.1, hits: [1], duplicates: 1, ties: 0 });
  });

  test('the order does not matter, what is not nearest does', async () => {
    const truth = await truthOf(line, [0, 19], 3);
    expect(
      recallOf(
        truth,
        ids([
          [2, 0, 1],
          [19, 17, 3],
        ]),
      ).hits,
    ).toEqual([3, 2]);
  });

  test('of equal distances any counts, and no more than there are places', async () => {
    const truth = await truthOf([[0], [1], [-1], [1], [5]], [0], 2);
    expect(truth.nearest[0]).toEqual({
      inside: Int32Array.of(0),
      tied: Int32Array.of(1, 2, 3),
    });
    for (const other of [1, 2, 3])
      expect(recallOf(truth, ids([[0, other]]))).toMatchObject({ recall: 1, ties: 1 });
    expect(recallOf(truth, ids([[1, 2]])).recall).toBe(0.5);
    expect(recallOf(truth, ids([[0, 4]])).recall).toBe(0.5);
  });

  test('all swaps of equal distances have recall 1', async () => {
    const truth = await truthOf([...line, ...line, ...line], [4, 9.5], 7);
    const found = truth.nearest.map(({ inside, tied }) => [
      ...[...tied].reverse().slice(0, 7 - inside.length),
      ...inside,
    ]);
    expect(recallOf(truth, ids(found)).recall).toBe(1);
  });

  test('places that count, and those that hold nothing', async () => {
    const truth = await truthOf(line, [0], 2);
    expect(recallOf(truth, ids([[0, 7, 1]]), 2)).toMatchObject({ hits: [1], empty: 0 });
    expect(recallOf(truth, ids([[0, -1, 1]]), 3)).toMatchObject({ hits: [2], empty: 1 });
    expect(recallOf(truth, ids([[-1, -1]]))).toMatchObject({ hits: [0], empty: 2, duplicates: 0 });
  });

  test('fewer vectors than places: all of them are the nearest', async () => {
    const truth = await truthOf([[1], [2]], [0], 5);
    expect(recallOf(truth, ids([[1, 0, -1, -1, -1]]), 5)).toMatchObject({ recall: 1, empty: 3 });
  });

  test('the interval has the recall in it, and queries are its unit', async () => {
    const truth = await truthOf(line, [0, 5, 10, 19], 2);
    const { recall, interval } = recallOf(
      truth,
      ids([
        [0, 1],
        [5, 0],
        [10, 0],
        [19, 18],
      ]),
    );
    expect(recall).toBe(0.75);
    expect(interval.low).toBeLessThan(0.3);
    expect(interval.high).toBeGreaterThan(0.9);
  });

  test('as many rows as queries', async () => {
    const truth = await truthOf(line, [0], 2);
    expect(() =>
      recallOf(
        truth,
        ids([
          [0, 1],
          [2, 3],
        ]),
      ),
    ).toThrow(new RangeError('recallOf.found: expected 1 rows, one for each query, got 2'));
  });
});

test('unknownId finds the first', () => {
  expect(
    unknownId(
      ids([
        [0, -1],
        [4, 3],
      ]),
      5,
    ),
  ).toBeUndefined();
  expect(
    unknownId(
      ids([
        [0, 1],
        [-1, 5],
      ]),
      5,
    ),
  ).toEqual({ row: 1, column: 1, id: 5 });
  expect(unknownId(ids([[-2, 9]]), 5)).toEqual({ row: 0, column: 0, id: -2 });
  expect(unknownId(ids([[0.5]]), 5)).toEqual({ row: 0, column: 0, id: 0.5 });
});
