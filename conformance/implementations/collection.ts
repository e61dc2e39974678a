import type { Action, Add, IndexAnswer, Opening, Question } from '../../spec/indexes/script.ts';
import { rejectionOf, type State } from '../../spec/indexes/state.ts';
import type { FloatTensor } from '../../spec/tensor.ts';
import { tensor } from '../../spec/tensor.ts';
import { Rejected, Unsupported } from '../interface/implementation.ts';
import { stepwise, type OpenSession } from '../interface/session.ts';

export interface Found {
  readonly ids: readonly (readonly number[])[];
  readonly scores: readonly FloatTensor[];
}

/** What an index is made of. It is given valid calls alone. */
export interface Collection {
  readonly add: (vectors: Add['input']) => void | Promise<void>;
  readonly remove: (ids: readonly number[]) => void | Promise<void>;
  readonly search: (question: Question) => Found | Promise<Found>;
  readonly save?: () => Uint8Array | Promise<Uint8Array>;
  /** Takes the place of everything that it held. Answers the ids that it holds now; throws `Rejected`, unchanged, for bytes that are none of `save`'s. */
  readonly load?: (bytes: Uint8Array) => readonly number[] | Promise<readonly number[]>;
  readonly close?: () => void | Promise<void>;
}

/** Why a call is to be rejected, or nothing. */
export type Check<O> = (opening: O, state: State, request: Action) => string | undefined;

const soundCheck: Check<Opening> = (opening, state, request) =>
  rejectionOf(opening, state, request, Number.isFinite);

/** Opens a session of an index, in which a call that is to be rejected throws `Rejected`, and changes nothing. */
export type OpenIndex<O extends Opening = Opening> = (
  opening: O,
) => OpenSession<Action, IndexAnswer> | Promise<OpenSession<Action, IndexAnswer>>;

/** The sessions of an index, made of what opens a collection: every call is checked first. */
export const indexSession =
  <O extends Opening>(
    open: (opening: O) => Collection | Promise<Collection>,
    check: Check<O> = soundCheck,
  ): OpenIndex<O> =>
  async (opening) => {
    const collection = await open(opening);
    const held = new Map<number, readonly number[]>();
    const state: State = { vectors: held, added: 0, removed: new Set() };
    const act = async (request: Action): Promise<IndexAnswer> => {
      const rejection = check(opening, state, request);
      if (rejection !== undefined) throw new Rejected(rejection);
      return carriedOut(collection, held, request);
    };
    return { act, ...(collection.close === undefined ? {} : { close: collection.close }) };
  };

/** A kernel of an index, made of what opens a collection: every call is checked first, and a rejected one changes nothing. */
export const indexOf = <O extends Opening>(
  open: (opening: O) => Collection | Promise<Collection>,
  check?: Check<O>,
) => stepwise(indexSession(open, check));

async function carriedOut(
  collection: Collection,
  held: Map<number, readonly number[]>,
  request: Action,
): Promise<IndexAnswer> {
  switch (request.action) {
    case 'add':
      await collection.add(request.input);
      for (const id of request.input.ids) held.set(id, []);
      return {};
    case 'remove':
      await collection.remove(request.input.ids);
      for (const id of request.input.ids) held.delete(id);
      return {};
    case 'search':
      return collection.search(request.input);
    case 'count':
      return { count: held.size };
    case 'save': {
      if (collection.save === undefined) throw new Unsupported('save is not offered');
      const bytes = await collection.save();
      return { bytes: tensor('uint8', [bytes.length], bytes) };
    }
    case 'load': {
      if (collection.load === undefined) throw new Unsupported('load is not offered');
      const ids = await collection.load(Uint8Array.from(request.input.bytes?.data ?? []));
      held.clear();
      for (const id of ids) held.set(id, []);
      return {};
    }
  }
}
