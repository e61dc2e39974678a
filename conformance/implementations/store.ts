import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Metric } from '../../spec/bounds/ranking.ts';
import type { Action, Add, IndexAnswer, Opening, Question } from '../../spec/indexes/script.ts';
import { rowsOf, tensor, type FloatTensor } from '../../spec/tensor.ts';
import { Rejected, Unsupported } from '../interface/implementation.ts';
import { stepwise } from '../interface/session.ts';

/** What was found for one query, as a store tells it. */
export interface Hits {
  readonly ids: readonly number[];
  readonly scores: readonly number[];
}

/** An index that a store keeps. It is given every call, those too that it has to reject: nothing is checked for it. */
export interface Store {
  readonly add: (vectors: Add['input']) => void | Promise<void>;
  readonly remove: (ids: readonly number[]) => void | Promise<void>;
  /** Answers one list a query. */
  readonly search: (question: Question) => readonly Hits[] | Promise<readonly Hits[]>;
  readonly count: () => number | Promise<number>;
  readonly save?: () => Uint8Array | Promise<Uint8Array>;
  /** Takes the place of everything that it held. */
  readonly load?: (bytes: Uint8Array) => void | Promise<void>;
  readonly close?: () => void | Promise<void>;
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Calls a store. What it throws is its own rejection; what an adapter throws elsewhere is a fault. */
export async function asked<T>(call: () => T | Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof Rejected || error instanceof Unsupported) throw error;
    throw new Rejected(textOf(error), { cause: error });
  }
}

/** A kernel of an index, made of what opens a store's. */
export const storeIndex = <O extends Opening>(open: (opening: O) => Store | Promise<Store>) =>
  stepwise(async (opening: O) => {
    const store = await open(opening);
    return {
      act: (request: Action): Promise<IndexAnswer> => carriedOut(store, request),
      ...(store.close === undefined ? {} : { close: store.close }),
    };
  });

async function carriedOut(store: Store, request: Action): Promise<IndexAnswer> {
  switch (request.action) {
    case 'add':
      await store.add(request.input);
      return {};
    case 'remove':
      await store.remove(request.input.ids);
      return {};
    case 'search': {
      const hits = await store.search(request.input);
      return {
        ids: hits.map(({ ids }) => ids),
        scores: hits.map(({ scores }) => tensor('float32', [scores.length], scores)),
      };
    }
    case 'count':
      return { count: await store.count() };
    case 'save': {
      if (store.save === undefined) throw new Unsupported('save is not offered');
      const bytes = await store.save();
      return { bytes: tensor('uint8', [bytes.length], bytes) };
    }
    case 'load':
      if (store.load === undefined) throw new Unsupported('load is not offered');
      await store.load(Uint8Array.from(request.input.bytes?.data ?? []));
      return {};
  }
}

/** A score of touchstone, of what stores call a distance: 1 − s for the similarities, the square of the distance. */
export const scoreOf = (metric: Metric, distance: number): number =>
  metric === 'euclidean' ? Math.sqrt(distance) : 1 - distance;

/** The arithmetic of a store that reports 1 − s for the similarities, in float32. */
export const complement = { algorithm: { score: 'complement' } } as const;

/**
 * One query after another, for a store that takes one at a time.
 *
 * @throws Unsupported for none: nothing would be asked of the store
 */
export async function eachQuery(
  { queries }: Question,
  search: (query: readonly number[]) => Hits | Promise<Hits>,
): Promise<readonly Hits[]> {
  const hits: Hits[] = [];
  for (const query of rowsOf(queries)) hits.push(await search(query));
  if (hits.length === 0) throw new Unsupported('a search for nothing asks nothing of the store');
  return hits;
}

/** @throws Unsupported where nothing is added: a store that takes one at a time would not be called */
export function something({ ids }: Add['input']): void {
  if (ids.length === 0) throw new Unsupported('to add nothing asks nothing of the store');
}

/** The rows of a tensor as arrays of their own. */
export const float32Rows = (rows: FloatTensor): readonly Float32Array[] =>
  rowsOf(rows).map((row) => Float32Array.from(row));

/** Hands over a folder that is gone afterwards. */
function inFolder<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'touchstone-'));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The bytes of the file that a store writes. */
export const written = (write: (path: string) => void): Uint8Array =>
  inFolder((folder) => {
    const path = join(folder, 'index');
    write(path);
    return readFileSync(path);
  });

/** Hands over bytes as a file. */
export const reading = <T>(bytes: Uint8Array, read: (path: string) => T): T =>
  inFolder((folder) => {
    const path = join(folder, 'index');
    writeFileSync(path, bytes);
    return read(path);
  });
