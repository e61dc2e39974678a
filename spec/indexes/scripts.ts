import fc, { type Arbitrary } from 'fast-check';
import { metrics, type Metric } from '../bounds/ranking.ts';
import type { Level } from '../component.ts';
import { floatTensor, ordinary } from '../generate.ts';
import { tensor, type FloatTensor } from '../tensor.ts';
import type { Action, Add, IndexScript, Opening, Question, Search } from './script.ts';

/** Few ids, so that they are met again: added twice, removed, removed again; one of them needs 31 bits. */
export const pool = [0, 1, 2, 3, 4, 5, 6, 7, 2147483647] as const;
const id = fc.constantFrom(...pool);

/** Integers tie, repeat and have exact scores; of those far from zero only the differences are small. */
const edgeElements: Arbitrary<Arbitrary<number>> = fc.constantFrom(
  fc.integer({ min: -1, max: 1 }),
  fc.integer({ min: -2, max: 2 }),
  fc.integer({ min: -60, max: 60 }),
  fc.integer({ min: -5, max: 5 }).map((x) => 10000 + x),
  ordinary(),
);

export const elementsOf = (level: Level): Arbitrary<Arbitrary<number>> =>
  level === 'edge' ? edgeElements : fc.constant(ordinary());

/** Now and then a number that no vector may have. */
const spoilt = (vectors: FloatTensor): Arbitrary<FloatTensor> =>
  vectors.data.length === 0
    ? fc.constant(vectors)
    : fc
        .tuple(fc.constantFrom(NaN, Infinity, -Infinity), fc.nat({ max: vectors.data.length - 1 }))
        .map(([value, at]) =>
          tensor(
            vectors.dtype,
            vectors.shape,
            Array.from(vectors.data, (x, i) => (i === at ? value : x)),
          ),
        );

/** Rows of an index's width; one in twenty has another, or a number that is none. */
export const rows = (
  count: number,
  width: number,
  element: Arbitrary<number>,
): Arbitrary<FloatTensor> => {
  const sound = floatTensor([count, width], element);
  return fc.oneof(
    { weight: 38, arbitrary: sound },
    { weight: 1, arbitrary: floatTensor([count, width + 1], element) },
    { weight: 1, arbitrary: sound.chain(spoilt) },
  );
};

const ids = (most: number): Arbitrary<readonly number[]> =>
  fc.oneof(
    { weight: 12, arbitrary: fc.uniqueArray(id, { minLength: 1, maxLength: most }) },
    { weight: 1, arbitrary: fc.array(id, { minLength: 2, maxLength: 3 }) },
    { weight: 1, arbitrary: fc.constant([]) },
  );

export const adding = (width: number, element: Arbitrary<number>, most: number): Arbitrary<Add> =>
  ids(most).chain((chosen) =>
    rows(chosen.length, width, element).map((vectors) => ({
      action: 'add',
      input: { ids: chosen, vectors },
    })),
  );

/** A removal of known ids mostly: few enough to hit, and no id twice. */
export const removing: Arbitrary<Action> = fc
  .uniqueArray(id, { minLength: 0, maxLength: 2 })
  .map((chosen) => ({ action: 'remove', input: { ids: chosen } }));

/** What tunes a search. */
type Tuning = Pick<Question, 'ef' | 'probes'>;

export const searching = (
  width: number,
  element: Arbitrary<number>,
  tuning: Arbitrary<Tuning>,
): Arbitrary<Search> =>
  fc
    .tuple(
      fc.integer({ min: 0, max: 3 }).chain((count) => rows(count, width, element)),
      fc.oneof(
        { weight: 30, arbitrary: fc.integer({ min: 1, max: 11 }) },
        { weight: 1, arbitrary: fc.constant(0) },
      ),
      fc.option(fc.uniqueArray(fc.oneof(id, fc.constant(99)), { maxLength: 6 }), {
        nil: undefined,
        freq: 3,
      }),
      tuning,
    )
    .map(([queries, k, allowedIds, tuned]) => ({
      action: 'search',
      input: { queries, k, ...(allowedIds === undefined ? {} : { allowedIds }), ...tuned },
    }));

const others: Arbitrary<Action> = fc.constantFrom<Action>(
  { action: 'count', input: {} },
  { action: 'count', input: {} },
  { action: 'save', input: {} },
  { action: 'save', input: {} },
  { action: 'load', input: {} },
  { action: 'load', input: {} },
  { action: 'load', input: { truncated: true } },
);

/** Actions without what would load something that was never saved. */
const loadable = (actions: readonly Action[]): readonly Action[] => {
  const first = actions.findIndex(({ action }) => action === 'save');
  return actions.filter(({ action }, i) => action !== 'load' || (first >= 0 && first < i));
};

/** What a kind of index adds to an opening and to a search. */
export interface Kind<O extends Opening> {
  readonly open: (opening: Opening, element: Arbitrary<number>, level: Level) => Arbitrary<O>;
  readonly tuning: Arbitrary<Tuning>;
}

/** Scripts of a level: something is added, then anything may come, a search last. */
export const scripts = <O extends Opening>(
  level: Level,
  { open, tuning }: Kind<O>,
): Arbitrary<IndexScript<O>> =>
  fc
    .tuple(
      fc.integer({ min: 1, max: level === 'scale' ? 33 : 4 }),
      fc.constantFrom<Metric>(...metrics),
      elementsOf(level),
    )
    .chain(([dimension, metric, element]) => {
      const search = searching(dimension, element, tuning);
      const add = adding(dimension, element, pool.length);
      const anything = fc.oneof(
        { weight: 3, arbitrary: add },
        { weight: 2, arbitrary: removing },
        { weight: 4, arbitrary: search },
        { weight: 2, arbitrary: others },
      );
      return fc
        .tuple(
          open({ dimension, metric }, element, level),
          add,
          fc.array(anything, { maxLength: level === 'scale' ? 16 : 8 }),
          fc.option(search, { nil: undefined, freq: 9 }),
        )
        .map(([opening, first, between, last]) => ({
          open: opening,
          actions: loadable([first, ...between, ...(last === undefined ? [] : [last])]),
        }));
    });

/** A script of a golden vector: vectors and queries by rows. */
export const add = (chosen: readonly number[], vectors: readonly (readonly number[])[]): Add => ({
  action: 'add',
  input: {
    ids: chosen,
    vectors: tensor('float32', [vectors.length, vectors[0]?.length ?? 0], vectors.flat()),
  },
});
export const remove = (...chosen: readonly number[]): Action => ({
  action: 'remove',
  input: { ids: chosen },
});
export const search = (
  queries: readonly (readonly number[])[],
  k: number,
  more: Omit<Question, 'queries' | 'k'> = {},
): Search => ({
  action: 'search',
  input: {
    queries: tensor('float32', [queries.length, queries[0]?.length ?? 0], queries.flat()),
    k,
    ...more,
  },
});
export const count: Action = { action: 'count', input: {} };
export const save: Action = { action: 'save', input: {} };
export const load: Action = { action: 'load', input: {} };
