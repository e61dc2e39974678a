import type { Action, Opening, Rows, Search } from '../indexes/script.ts';
import { carriedOut, empty, rejectionOf, type State } from '../indexes/state.ts';
import type { MigrationAction, MigrationOpening, MigrationScript } from './migrationScript.ts';

/** What is there in each version, by its name, and which one is searched where none is named. */
export interface MigrationState<E = number> {
  readonly active: string;
  readonly held: ReadonlyMap<string, State<E>>;
}

/** One action of a script: what was held before it, and why it has to be rejected, if so. */
export interface MigrationStep<E = number> {
  readonly request: MigrationAction<Rows<E>>;
  readonly before: MigrationState<E>;
  readonly rejection: string | undefined;
  /** Of a search: the index that it is put to, and how it was opened. */
  readonly searched?: {
    readonly open: Opening;
    readonly state: State<E>;
    readonly question: Search<Rows<E>>['input'];
  };
}

export const opened = ({ versions }: MigrationOpening): MigrationState<never> => ({
  active: versions[0]?.name ?? '',
  held: new Map(versions.map(({ name }) => [name, empty])),
});

/** The documents of the active version that another one has no vector of, by rising id. */
export const missingIn = (
  { active, held }: MigrationState<unknown>,
  version: string,
): readonly number[] => {
  const own = held.get(version)?.vectors;
  const ids = [...(held.get(active)?.vectors.keys() ?? [])];
  return ids.filter((id) => own?.has(id) !== true).toSorted((x, y) => x - y);
};

/** The action that a version's own index is asked, where there is one. */
function within<E>(
  request: MigrationAction<Rows<E>>,
  active: string,
): { readonly version: string; readonly action: Action<Rows<E>> } | undefined {
  if (request.action === 'add') {
    const { version, ids, vectors } = request.input;
    return { version, action: { action: 'add', input: { ids, vectors } } };
  }
  if (request.action === 'search') {
    const { version = active, ...input } = request.input;
    return { version, action: { action: 'search', input } };
  }
  return undefined;
}

const stateOf = <E>({ held }: MigrationState<E>, version: string): State<E> =>
  held.get(version) ?? empty;

const openingOf = ({ metric, versions }: MigrationOpening, version: string): Opening => ({
  metric,
  dimension: versions.find(({ name }) => name === version)?.dimension ?? 0,
});

/** Why an action has to be rejected, or nothing. */
export function migrationRejection<E>(
  open: MigrationOpening,
  state: MigrationState<E>,
  request: MigrationAction<Rows<E>>,
  isFinite: (value: E) => boolean,
): string | undefined {
  if (request.action === 'count') return undefined;
  if (request.action === 'remove') {
    const isHeld = (id: number): boolean =>
      [...state.held.values()].some(({ vectors }) => vectors.has(id));
    const unknown = request.input.ids.find((id) => !isHeld(id));
    return unknown === undefined ? undefined : `ids: expected ids that are there, got ${unknown}`;
  }
  const { version = state.active } = request.input;
  if (!state.held.has(version))
    return `version: expected one of ${[...state.held.keys()].join(', ')}, got ${version}`;
  const own = within(request, state.active);
  if (own !== undefined)
    return rejectionOf(openingOf(open, version), stateOf(state, version), own.action, isFinite);
  const missing = request.action === 'activate' ? missingIn(state, version) : [];
  return missing.length === 0
    ? undefined
    : `version: expected a vector of every document, got none of ${missing.join(', ')}`;
}

/** What is there after an action that was carried out. */
function after<E>(state: MigrationState<E>, request: MigrationAction<Rows<E>>): MigrationState<E> {
  if (request.action === 'activate') return { ...state, active: request.input.version };
  if (request.action === 'remove')
    return {
      ...state,
      held: new Map([...state.held].map(([name, one]) => [name, carriedOut(one, request)])),
    };
  const own = within(request, state.active);
  if (own === undefined) return state;
  const changed = carriedOut(stateOf(state, own.version), own.action);
  return { ...state, held: new Map([...state.held, [own.version, changed]]) };
}

/** All actions of a script. What was not carried out changed nothing. */
export function migrationSteps<E>(
  { open, actions }: MigrationScript<Rows<E>>,
  answers: readonly { readonly unsupported?: string | undefined }[],
  isFinite: (value: E) => boolean,
): readonly MigrationStep<E>[] {
  let state: MigrationState<E> = opened(open);
  return actions.map((request, i) => {
    const before = state;
    const rejection = migrationRejection(open, before, request, isFinite);
    if (rejection === undefined && answers[i]?.unsupported === undefined)
      state = after(before, request);
    const own = within(request, before.active);
    const step = { request, before, rejection };
    if (own?.action.action !== 'search') return step;
    const searched = {
      open: openingOf(open, own.version),
      state: stateOf(before, own.version),
      question: own.action.input,
    };
    return { ...step, searched };
  });
}
