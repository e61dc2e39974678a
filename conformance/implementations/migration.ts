import type { Opening } from '../../spec/indexes/script.ts';
import { empty, type State } from '../../spec/indexes/state.ts';
import type {
  AddTo,
  MigrationAction,
  MigrationAnswer,
  MigrationOpening,
} from '../../spec/retrieval/migrationScript.ts';
import { migrationRejection } from '../../spec/retrieval/migrationState.ts';
import { Rejected, type Kernel } from '../interface/implementation.ts';
import { stepwise, type OpenSession } from '../interface/session.ts';
import type { OpenIndex } from './collection.ts';
import type { Index } from './hits.ts';

/** One version: its index, and the ids in it. */
export interface Shelf {
  readonly index: Index;
  readonly ids: Set<number>;
}

/** Versions by name, in their order, and the active one. */
export interface Shelves {
  readonly open: MigrationOpening;
  readonly byName: ReadonlyMap<string, Shelf>;
  active: string;
}

/** What a migration is made of; a test puts wrong ones in. */
export interface MigrationParts {
  readonly rejection: (shelves: Shelves, request: MigrationAction) => string | undefined;
  /** The version that a search looks at. */
  readonly searched: (shelves: Shelves, version: string | undefined) => string;
  /** The versions that an id is removed from, and those that an added vector goes to. */
  readonly removedFrom: (shelves: Shelves) => readonly string[];
  readonly addedTo: (shelves: Shelves, version: string) => readonly string[];
  readonly missing: (shelves: Shelves, version: string) => readonly number[];
  readonly activate: (shelves: Shelves, version: string) => void;
}

const stateOf = ({ ids }: Shelf): State => ({
  ...empty,
  vectors: new Map([...ids].map((id) => [id, []])),
});

const namesOf = ({ byName }: Shelves): readonly string[] => [...byName.keys()];

export const soundMigration: MigrationParts = {
  rejection: ({ open, active, byName }, request) =>
    migrationRejection(
      open,
      { active, held: new Map([...byName].map(([name, shelf]) => [name, stateOf(shelf)])) },
      request,
      Number.isFinite,
    ),
  searched: ({ active }, version = active) => version,
  removedFrom: namesOf,
  addedTo: (_, version) => [version],
  missing: ({ byName, active }, version) => {
    const own = byName.get(version)?.ids;
    const all = Uint32Array.from(byName.get(active)?.ids ?? []).sort();
    return [...all].filter((id) => own?.has(id) !== true);
  },
  activate: (shelves, version) => {
    shelves.active = version;
  },
};

async function add(
  parts: MigrationParts,
  shelves: Shelves,
  { version, ids, vectors }: AddTo['input'],
): Promise<void> {
  for (const name of parts.addedTo(shelves, version)) {
    const shelf = shelves.byName.get(name);
    await shelf?.index.act({ action: 'add', input: { ids, vectors } });
    for (const id of ids) shelf?.ids.add(id);
  }
}

async function remove(
  parts: MigrationParts,
  shelves: Shelves,
  gone: readonly number[],
): Promise<void> {
  for (const name of parts.removedFrom(shelves)) {
    const shelf = shelves.byName.get(name);
    const ids = gone.filter((id) => shelf?.ids.has(id));
    if (ids.length > 0) await shelf?.index.act({ action: 'remove', input: { ids } });
    for (const id of ids) shelf?.ids.delete(id);
  }
}

async function carriedOut(
  parts: MigrationParts,
  shelves: Shelves,
  request: MigrationAction,
): Promise<MigrationAnswer> {
  const { byName } = shelves;
  switch (request.action) {
    case 'add':
      await add(parts, shelves, request.input);
      return {};
    case 'remove':
      await remove(parts, shelves, request.input.ids);
      return {};
    case 'search': {
      const { version, ...question } = request.input;
      const shelf = byName.get(parts.searched(shelves, version));
      const found = await shelf?.index.act({ action: 'search', input: question });
      return { ids: found?.ids ?? [], scores: found?.scores ?? [] };
    }
    case 'missing':
      return { missing: parts.missing(shelves, request.input.version) };
    case 'activate':
      parts.activate(shelves, request.input.version);
      return {};
    case 'count':
      return {
        active: shelves.active,
        counts: [...byName.values()].map(({ ids }) => ids.size),
      };
  }
}

/** Opens versions of the same documents' vectors side by side, each in an index of its own. */
export const migrationSession =
  (openIndex: OpenIndex, changed: Partial<MigrationParts> = {}) =>
  async (open: MigrationOpening): Promise<OpenSession<MigrationAction, MigrationAnswer>> => {
    const parts = { ...soundMigration, ...changed };
    const byName = new Map<string, Shelf>();
    for (const { name, dimension } of open.versions) {
      const opening: Opening = { metric: open.metric, dimension };
      byName.set(name, { index: await openIndex(opening), ids: new Set() });
    }
    const shelves: Shelves = { open, byName, active: open.versions[0]?.name ?? '' };
    const act = async (request: MigrationAction): Promise<MigrationAnswer> => {
      const rejection = parts.rejection(shelves, request);
      if (rejection !== undefined) throw new Rejected(rejection);
      return carriedOut(parts, shelves, request);
    };
    const close = async (): Promise<void> => {
      for (const { index } of byName.values()) await index.close?.();
    };
    return { act, close };
  };

/**
 * A kernel of versions side by side, each in an index of its own.
 *
 * @example
 * inProcess({ name: 'mine', version: '1', entries: { modelMigration: { run: migrationOver((settings) => myIndex(settings)) } } })
 */
export const migrationOver = (
  openIndex: OpenIndex,
  changed?: Partial<MigrationParts>,
): Kernel<'modelMigration'> => stepwise(migrationSession(openIndex, changed));
