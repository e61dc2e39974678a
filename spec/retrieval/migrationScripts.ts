import fc, { type Arbitrary } from 'fast-check';
import { metrics, type Metric } from '../bounds/ranking.ts';
import type { Level } from '../component.ts';
import {
  add as addition,
  adding,
  elementsOf,
  pool,
  removing,
  rows,
  search as question,
  searching,
} from '../indexes/scripts.ts';
import type { Add } from '../indexes/script.ts';
import type { MigrationAction, MigrationScript, Version } from './migrationScript.ts';

/** Names that are one to those who fold them or keep them as the keys of an object; in no order. */
const names = ['new', 'old', 'Old', '__proto__', ''] as const;

/** Two or three versions, mostly of one width: then nothing but the name tells them apart. */
const versionsOf = (level: Level): Arbitrary<readonly Version[]> =>
  fc
    .tuple(
      fc.uniqueArray(fc.constantFrom(...names), { minLength: 2, maxLength: 3 }),
      fc.integer({ min: 1, max: level === 'scale' ? 33 : 4 }),
      fc.constantFrom(0, 0, 0, 1),
    )
    .map(([chosen, width, wider]) =>
      chosen.map((name, i) => ({ name, dimension: width + i * wider })),
    );

/** All that can be there, so that nothing is missing. */
const addingAll = (width: number, element: Arbitrary<number>) =>
  rows(pool.length, width, element).map((vectors) => ({ ids: [...pool], vectors }));

const added = (version: string, input: Arbitrary<Add['input']>): Arbitrary<MigrationAction> =>
  input.map((one) => ({ action: 'add', input: { version, ...one } }));

/** A version is asked what it lacks, or made active; now and then one that is not there. */
const moving = (versions: readonly string[]): Arbitrary<MigrationAction> =>
  fc
    .record({
      action: fc.constantFrom('activate' as const, 'missing' as const),
      version: fc.oneof(
        { weight: 12, arbitrary: fc.constantFrom(...versions) },
        { weight: 1, arbitrary: fc.constant('none') },
      ),
    })
    .map(({ action, version }) => ({ action, input: { version } }));

const actionsOn = (
  { name: version, dimension }: Version,
  versions: readonly Version[],
  element: Arbitrary<number>,
): Arbitrary<MigrationAction> => {
  const search = searching(dimension, element, fc.constant({})).map(({ input }) => input);
  const some = adding(dimension, element, 4).map(({ input }) => input);
  const asked = (named: object): Arbitrary<MigrationAction> =>
    search.map((input) => ({ action: 'search', input: { ...named, ...input } }));
  return fc.oneof(
    { weight: 4, arbitrary: added(version, some) },
    { weight: 2, arbitrary: added(version, addingAll(dimension, element)) },
    { weight: 3, arbitrary: asked({ version }) },
    { weight: 3, arbitrary: asked({}) },
    { weight: 4, arbitrary: moving([...versions.map(({ name }) => name), version, version]) },
    { weight: 1, arbitrary: fc.constant<MigrationAction>({ action: 'count', input: {} }) },
  );
};

const isRemoval = (action: object): action is Extract<MigrationAction, { action: 'remove' }> =>
  'action' in action && action.action === 'remove';

/** Scripts of a level: each version is given something, then anything may come. */
export const migrationScripts = (level: Level): Arbitrary<MigrationScript> =>
  fc
    .tuple(versionsOf(level), fc.constantFrom<Metric>(...metrics), elementsOf(level))
    .chain(([versions, metric, element]) => {
      const first = versions.slice(0, 2).map(({ name: version, dimension }) =>
        added(
          version,
          adding(dimension, element, 5).map(({ input }) => input),
        ),
      );
      const removal: Arbitrary<MigrationAction> = removing
        .filter(isRemoval)
        .map(({ input }) => ({ action: 'remove', input }));
      const anything = fc.oneof(
        { weight: 8, arbitrary: fc.constantFrom(...versions) },
        { weight: 1, arbitrary: fc.constant(undefined) },
      );
      const next = anything.chain((version) =>
        version === undefined ? removal : actionsOn(version, versions, element),
      );
      return fc
        .tuple(
          fc.tuple(...first),
          fc.array(next, { minLength: 2, maxLength: level === 'scale' ? 18 : 10 }),
        )
        .map(([start, more]) => ({ open: { metric, versions }, actions: [...start, ...more] }));
    });

/** The actions of a golden vector. */
export const addTo = (
  version: string,
  ids: readonly number[],
  vectors: readonly (readonly number[])[],
): MigrationAction => ({
  action: 'add',
  input: { version, ...addition(ids, vectors).input },
});
export const searchIn = (
  version: string | undefined,
  queries: readonly (readonly number[])[],
  k: number,
  allowedIds?: readonly number[],
): MigrationAction => ({
  action: 'search',
  input: {
    ...(version === undefined ? {} : { version }),
    ...question(queries, k, allowedIds === undefined ? {} : { allowedIds }).input,
  },
});
export const activate = (version: string): MigrationAction => ({
  action: 'activate',
  input: { version },
});
export const missing = (version: string): MigrationAction => ({
  action: 'missing',
  input: { version },
});
export const removeFromAll = (...ids: readonly number[]): MigrationAction => ({
  action: 'remove',
  input: { ids },
});
export const count: MigrationAction = { action: 'count', input: {} };
