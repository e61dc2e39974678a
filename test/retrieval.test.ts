import { afterAll, describe, expect, test } from 'vitest';
import { checkComponent, defaultSettings, firstFailure } from '../conformance/checking/check.ts';
import {
  inProcess,
  Unsupported,
  type Implementation,
} from '../conformance/interface/implementation.ts';
import { indexOf, type Collection } from '../conformance/implementations/collection.ts';
import { implementations } from '../conformance/implementations/index.ts';
import { retrievalOver, type Under } from '../conformance/implementations/retrievalOver.ts';
import type { Opening } from '../spec/indexes/script.ts';
import { leavesOf } from '../spec/leaves.ts';
import { isTensor } from '../spec/schema.ts';
import { rowsOf } from '../spec/tensor.ts';
import { openTable } from './honest/indexes/flatIndex.ts';
import { float32, unitOf } from './honest/machine.ts';
import { nearestNeighbors } from './honest/similarity/nearestNeighbors.ts';
import { plainFloat32 } from './mutants/mutant.ts';

const graph: Under = {
  open: { m: 16, efConstruction: 64, capacity: 256, seed: 7 },
  tuning: { ef: 64 },
  index: 'approximate',
};

/** Indexes of others; where they are not installed, nothing is tried. `zeroes`: what is wrong with their cosine of a zero vector is known. */
const stores = [
  { store: 'usearch', name: 'hnswIndex', under: graph, zeroes: true },
  { store: 'hnswlib', name: 'hnswIndex', under: graph, zeroes: false },
  { store: 'pgvector', name: 'flatIndex', under: {}, zeroes: true },
  { store: 'pgvector', name: 'hnswIndex', under: graph, zeroes: true },
] as const;

/** An implementation that does not take scripts with a zero vector under cosine. */
const withoutZeroes = (implementation: Implementation): Implementation => ({
  ...implementation,
  run: async (name, input, seconds) => {
    const isCosine = JSON.stringify(input).includes('"metric":"cosine"');
    const isZero = leavesOf(input, isTensor).some(([, rows]) =>
      rowsOf(rows).some((row) => row.length > 0 && row.every((x) => x === 0)),
    );
    return isCosine && isZero
      ? { unsupported: 'a zero vector under cosine' }
      : implementation.run(name, input, seconds);
  },
});

/** Each as it was started; test/stores.test.ts says what is missing where one was not. */
const started = await Promise.all(
  stores.map(async (one) => {
    try {
      return { ...one, implementation: await implementations[one.store]?.() };
    } catch {
      return { ...one, implementation: undefined };
    }
  }),
);
afterAll(async () => {
  for (const { implementation } of started) await implementation?.close();
});

const settings = { ...defaultSettings, runs: 12 };

describe.each(started)(
  'a pipeline over $name of $store',
  ({ implementation, name, under, zeroes }) => {
    test.skipIf(implementation === undefined)(
      'is right, but for what is known of the index',
      async () => {
        if (implementation === undefined) return;
        const store = zeroes ? withoutZeroes(implementation) : implementation;
        const over = retrievalOver(store, name, under);
        const report = await checkComponent('retrievalPipeline', over, settings);
        expect(report.failures.map(({ message, input }) => ({ message, input }))).toEqual([]);
        expect(report.verdict).toBe('pass');
        expect(report.parts?.always).toBeGreaterThan(0);
      },
      300_000,
    );

    test.skipIf(implementation === undefined || !zeroes)(
      'shows what is known to be wrong with the index',
      async () => {
        if (implementation === undefined) return;
        const over = retrievalOver(implementation, name, under);
        const { failure } = await firstFailure('retrievalPipeline', over, settings);
        expect(failure?.message).toMatch(/expected 0 ± .*, got (?:NaN|1)|surely worse/);
      },
      300_000,
    );
  },
);

const sound = openTable(nearestNeighbors(unitOf(float32)));

/** An index of ours, which is sound but for what is changed. */
const indexWith = (change: (collection: Collection) => Partial<Collection>): Implementation =>
  inProcess({
    name: 'changed',
    version: '1',
    entries: {
      flatIndex: {
        run: indexOf((opening: Opening) => {
          const collection = sound(opening);
          return { ...collection, ...change(collection) };
        }),
        numerics: plainFloat32,
      },
    },
  });

const both = ['retrievalPipeline', 'modelMigration'] as const;

describe.each(both)('%s over an index', (component) => {
  test('is right where the index is', async () => {
    const over = retrievalOver(
      indexWith(() => ({})),
      'flatIndex',
    );
    const report = await checkComponent(component, over, settings);
    expect(report.failures.map(({ message }) => message)).toEqual([]);
    expect(report.verdict).toBe('pass');
  }, 60_000);

  const broken: readonly (readonly [string, (collection: Collection) => Partial<Collection>])[] = [
    ['keeps what is removed', () => ({ remove: () => {} })],
    [
      'takes no notice of what is allowed',
      ({ search }) => ({ search: (question) => search({ ...question, allowedIds: undefined }) }),
    ],
    [
      'finds the best last',
      ({ search }) => ({
        search: async (question) => {
          const { ids, scores } = await search(question);
          return { ids: ids.map((row) => row.toReversed()), scores };
        },
      }),
    ],
    [
      'finds one too few',
      ({ search }) => ({
        search: async (question) => {
          const { ids, scores } = await search(question);
          return {
            ids: ids.map((row) => row.slice(0, -1)),
            scores: scores.map(({ dtype, data }) => ({
              dtype,
              shape: [Math.max(0, data.length - 1)],
              data: data.slice(0, -1),
            })),
          };
        },
      }),
    ],
  ];
  test.each(broken)(
    'is refused where the index %s',
    async (_, change) => {
      const over = retrievalOver(indexWith(change), 'flatIndex');
      const { failure } = await firstFailure(component, over, settings);
      expect(failure?.message).toMatch(/search: |expected/);
    },
    60_000,
  );
});

test('a pipeline filters by itself where an index has no filter', async () => {
  const over = retrievalOver(
    indexWith(({ search }) => ({
      search: (question) => {
        if (question.allowedIds !== undefined) throw new Unsupported('no filter');
        return search(question);
      },
    })),
    'flatIndex',
  );
  const { verdict, failures, parts } = await checkComponent('retrievalPipeline', over, settings);
  expect(failures).toEqual([]);
  expect(verdict).toBe('pass');
  expect(parts?.unsupported).toBeUndefined();
}, 60_000);

test('an index that is called approximate may leave out what is near, and no more', async () => {
  const lossy = indexWith(({ search }) => ({
    search: (question) => search({ ...question, k: Math.ceil(question.k / 2) }),
  }));
  const approximate = retrievalOver(lossy, 'flatIndex', { index: 'approximate' });
  const report = await checkComponent('retrievalPipeline', approximate, settings);
  expect(report.failures).toEqual([]);
  const exact = await firstFailure(
    'retrievalPipeline',
    retrievalOver(lossy, 'flatIndex'),
    settings,
  );
  expect(exact.failure?.message).toMatch(/search: exact: expected/);
}, 60_000);

test('an index that is not offered is named', () => {
  expect(() =>
    retrievalOver(
      indexWith(() => ({})),
      'hnswIndex',
    ),
  ).toThrow(/expected a component that changed offers, got hnswIndex/);
});
