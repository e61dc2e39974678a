import { Rejected, type Kernel } from '../../../conformance/interface/implementation.ts';
import {
  indexSession,
  type Collection,
  type OpenIndex,
} from '../../../conformance/implementations/collection.ts';
import {
  migrationOver,
  soundMigration,
  type MigrationParts,
} from '../../../conformance/implementations/migration.ts';
import type { Action, Opening } from '../../../spec/indexes/script.ts';
import { rowsOf, tensor, type FloatTensor } from '../../../spec/tensor.ts';
import { openTable } from '../../honest/indexes/flatIndex.ts';
import { float32, unitOf } from '../../honest/machine.ts';
import { modelMigration as honest } from '../../honest/retrieval/modelMigration.ts';
import { nearestNeighbors } from '../../honest/similarity/nearestNeighbors.ts';
import type { Mutants } from '../mutant.ts';

const unit = unitOf(float32);
const open = openTable(nearestNeighbors(unit));
const index = indexSession(open);

const mutant = (
  id: string,
  wrong: string,
  changed: Partial<MigrationParts>,
  openIndex: OpenIndex = index,
) => ({ id, defect: 'classic', wrong, run: migrationOver(openIndex, changed) });

/** Sound rules without those whose message begins so. */
const without =
  (...beginnings: readonly string[]): MigrationParts['rejection'] =>
  (shelves, request) => {
    const found = soundMigration.rejection(shelves, request);
    return beginnings.some((one) => found?.startsWith(one)) ? undefined : found;
  };

/** Rows of this width, whatever they were. */
const resized = (source: FloatTensor, width: number): FloatTensor => {
  const all = rowsOf(source).flatMap((row) =>
    Array.from({ length: width }, (_, i) => (Number.isFinite(row[i]) ? (row[i] ?? 0) : 0)),
  );
  return tensor(source.dtype, [source.shape[0] ?? 0, width], all);
};

/** An index that takes rows of any width. */
const resizing: OpenIndex = async (opening) => {
  const { act } = await index(opening);
  const fit = (rows: FloatTensor): FloatTensor => resized(rows, opening.dimension);
  const fitted = (request: Action): Action => {
    if (request.action === 'add')
      return { ...request, input: { ...request.input, vectors: fit(request.input.vectors) } };
    return request.action === 'search'
      ? { ...request, input: { ...request.input, queries: fit(request.input.queries) } }
      : request;
  };
  return { act: (request) => act(fitted(request)) };
};

/** One collection for all versions of one width, opened anew for each script. */
const shared: Kernel<'modelMigration'> = (input) => {
  const byWidth = new Map<number, Collection>();
  const openShared = (opening: Opening): Collection => {
    const one = byWidth.get(opening.dimension) ?? open(opening);
    byWidth.set(opening.dimension, one);
    return { ...one, remove: () => {} };
  };
  return migrationOver(indexSession(openShared))(input);
};

export const modelMigration: Mutants<'modelMigration'> = {
  honest: honest(unit),
  mutants: [
    {
      id: 'one-index-for-a-width',
      defect: 'classic',
      wrong: 'keeps versions of one width in one index: what is added to one is found in the other',
      run: shared,
    },
    mutant('searches-the-first', 'searches the first version where none is named', {
      searched: ({ open: { versions } }, version = versions[0]?.name ?? '') => version,
    }),
    mutant('searches-the-last', 'searches the newest version where none is named', {
      searched: ({ open: { versions } }, version = versions.at(-1)?.name ?? '') => version,
    }),
    mutant('ignores-the-version', 'searches the active version whichever is named', {
      searched: ({ active }) => active,
      rejection: (shelves, request) =>
        soundMigration.rejection(shelves, request) ??
        (request.action === 'search'
          ? soundMigration.rejection(shelves, {
              ...request,
              input: { ...request.input, version: shelves.active },
            })
          : undefined),
    }),
    mutant('folds-names', 'takes names that differ in case for one', {
      searched: ({ open: { versions }, active }, version = active) =>
        versions.find(({ name }) => name.toLowerCase() === version.toLowerCase())?.name ?? version,
    }),
    mutant('activates-at-once', 'makes a version active that lacks documents', {
      rejection: without('version: expected a vector of every document'),
    }),
    mutant('activates-by-count', 'makes a version active that has as many vectors', {
      rejection: (shelves, request) => {
        const found = soundMigration.rejection(shelves, request);
        if (request.action !== 'activate' || found?.startsWith('version: expected a vec') !== true)
          return found;
        const size = (name: string) => shelves.byName.get(name)?.ids.size ?? 0;
        return size(request.input.version) >= size(shelves.active) ? undefined : found;
      },
    }),
    mutant('wants-no-more', 'refuses a version that holds more than the active one', {
      rejection: (shelves, request) => {
        const { byName, active } = shelves;
        const own = byName.get(request.action === 'activate' ? request.input.version : active)?.ids;
        const isMore = [...(own ?? [])].some((id) => byName.get(active)?.ids.has(id) !== true);
        return soundMigration.rejection(shelves, request) ?? (isMore ? 'it has more' : undefined);
      },
    }),
    mutant('never-activates', 'goes on with the version that was active', { activate: () => {} }),
    mutant('removes-from-the-active', 'removes documents from the active version alone', {
      removedFrom: ({ active }) => [active],
    }),
    mutant('adds-to-all', 'puts what is added into every version of that width', {
      addedTo: ({ open: { versions } }, version) => {
        const width = versions.find(({ name }) => name === version)?.dimension;
        return versions.flatMap(({ name, dimension }) => (dimension === width ? [name] : []));
      },
    }),
    mutant('missing-turned-round', 'tells what the active version lacks', {
      missing: ({ byName, active }, version) =>
        [...(byName.get(version)?.ids ?? [])]
          .filter((id) => byName.get(active)?.ids.has(id) !== true)
          .toSorted((x, y) => x - y),
    }),
    mutant('missing-of-any', 'tells what any other version has', {
      missing: ({ byName }, version) =>
        [...new Set([...byName.values()].flatMap(({ ids }) => [...ids]))]
          .filter((id) => byName.get(version)?.ids.has(id) !== true)
          .toSorted((x, y) => x - y),
    }),
    mutant('missing-as-text', 'sorts missing ids as texts', {
      missing: (shelves, version) => soundMigration.missing(shelves, version).toSorted(),
    }),
    mutant(
      'takes-another-width',
      'cuts vectors of another version to the width, or fills them up with zeros',
      { rejection: without('queries: expected', 'vectors: expected') },
      resizing,
    ),
    mutant('takes-unknown-removals', 'takes the removal of documents that are nowhere', {
      rejection: without('ids: expected ids that are there'),
    }),
    mutant('removes-half', 'rejects a removal, the known documents of it being gone', {
      rejection: (shelves, request) => {
        const found = soundMigration.rejection(shelves, request);
        if (request.action === 'remove' && found !== undefined)
          for (const { ids } of shelves.byName.values())
            for (const id of request.input.ids) ids.delete(id);
        return found;
      },
    }),
    mutant('keeps-removed', 'a removed document is still found', {}, async (opening) => {
      const collection = open(opening);
      return indexSession<Opening>(() => ({ ...collection, remove: () => {} }))(opening);
    }),
    mutant('clears-on-activation', 'empties the version that was active', {
      activate: (shelves, version) => {
        const before = shelves.active;
        shelves.active = version;
        if (before !== version) shelves.byName.get(before)?.ids.clear();
      },
    }),
    mutant('fails-without-version', 'rejects a search that names no version', {
      searched: (_, version) => {
        if (version === undefined) throw new Rejected('version: expected one, got none');
        return version;
      },
    }),
  ],
};
