import { rowsOf } from '../tensor.ts';
import type { Action, Add, IndexScript, Opening, Rows } from './script.ts';

/** What an index holds, in the order in which it came. */
export interface State<E = number> {
  readonly vectors: ReadonlyMap<number, readonly E[]>;
  /** Vectors that ever went into the structure, replaced and removed ones too: what a graph may still have to walk over. */
  readonly added: number;
  readonly removed: ReadonlySet<number>;
  readonly saved?: State<E>;
}

/** What an index holds when it is opened. */
export const empty = { vectors: new Map<number, never>(), added: 0, removed: new Set<number>() };

/** One action: what the index held before it, why it has to be rejected, if so, and what it holds after it. */
export interface Step<E = number> {
  readonly request: Action<Rows<E>>;
  readonly before: State<E>;
  readonly rejection: string | undefined;
  readonly after: State<E>;
}

type IsFinite<E> = (value: E) => boolean;

const capacityOf = (open: Opening): number =>
  'capacity' in open && typeof open.capacity === 'number' ? open.capacity : Infinity;

function addRejection<E>(
  open: Opening,
  { vectors: held }: State<E>,
  { ids, vectors }: Add<Rows<E>>['input'],
  isFinite: IsFinite<E>,
): string | undefined {
  const [rows = 0, width = 0] = vectors.shape;
  if (width !== open.dimension)
    return `vectors: expected ${open.dimension} components, got ${width}`;
  if (ids.length !== rows)
    return `ids: expected one for each of ${rows} vectors, got ${ids.length}`;
  const distinct = new Set(ids);
  if (distinct.size < ids.length) return 'ids: expected each once, got one twice';
  if (!Array.from(vectors.data).every(isFinite)) return 'vectors: expected finite numbers';
  const many = held.size + ids.filter((id) => !held.has(id)).length;
  const capacity = capacityOf(open);
  return many > capacity ? `expected ${capacity} vectors at most, got ${many}` : undefined;
}

/** Why an index has to reject an action, or nothing. */
export function rejectionOf<E>(
  open: Opening,
  state: State<E>,
  request: Action<Rows<E>>,
  isFinite: IsFinite<E>,
): string | undefined {
  switch (request.action) {
    case 'add':
      return addRejection(open, state, request.input, isFinite);
    case 'remove': {
      const unknown = request.input.ids.find((id) => !state.vectors.has(id));
      return unknown === undefined ? undefined : `ids: expected ids that are there, got ${unknown}`;
    }
    case 'search': {
      const { queries, k } = request.input;
      const width = queries.shape[1] ?? 0;
      if (width !== open.dimension)
        return `queries: expected ${open.dimension} components, got ${width}`;
      if (!Number.isSafeInteger(k) || k < 1) return `k: expected an integer ≥ 1, got ${k}`;
      return Array.from(queries.data).every(isFinite)
        ? undefined
        : 'queries: expected finite numbers';
    }
    case 'load':
      return request.input.truncated === true
        ? 'bytes: expected all that was saved, got half of it'
        : undefined;
    case 'count':
    case 'save':
      return undefined;
  }
}

/** What an index holds after an action that was carried out. */
export function carriedOut<E>(state: State<E>, request: Action<Rows<E>>): State<E> {
  switch (request.action) {
    case 'add': {
      const { ids, vectors: rows } = request.input;
      const vectors = new Map(state.vectors);
      const removed = new Set(state.removed);
      for (const [i, row] of rowsOf(rows).entries()) {
        vectors.set(ids[i] ?? NaN, row);
        removed.delete(ids[i] ?? NaN);
      }
      return { ...state, vectors, removed, added: state.added + ids.length };
    }
    case 'remove': {
      const vectors = new Map(state.vectors);
      for (const id of request.input.ids) vectors.delete(id);
      return { ...state, vectors, removed: new Set([...state.removed, ...request.input.ids]) };
    }
    case 'save':
      return { ...state, saved: state };
    case 'load':
      return state.saved === undefined ? state : { ...state.saved, saved: state.saved };
    case 'search':
    case 'count':
      return state;
  }
}

/**
 * All actions of a script. What an implementation said it does not offer changed nothing, nor did what has to be rejected; what was loaded from
 * nothing either.
 */
export function stepsOf<O extends Opening, E>(
  { open, actions }: IndexScript<O, Rows<E>>,
  answers: readonly { readonly unsupported?: string | undefined }[],
  isFinite: IsFinite<E>,
): readonly Step<E>[] {
  let state: State<E> = empty;
  return actions.map((request, i) => {
    const before = state;
    const rejection = rejectionOf(open, before, request, isFinite);
    const isDone = rejection === undefined && answers[i]?.unsupported === undefined;
    if (isDone) state = carriedOut(before, request);
    return { request, before, rejection, after: state };
  });
}
