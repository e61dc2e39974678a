import { Rejected, type Kernel } from '../../../conformance/interface/implementation.ts';
import {
  indexOf,
  type Collection,
  type Found,
} from '../../../conformance/implementations/collection.ts';
import type { Opening, Question } from '../../../spec/indexes/script.ts';
import { rowsOf, tensor, type FloatTensor } from '../../../spec/tensor.ts';
import type { Unit } from '../machine.ts';
import { nearestNeighbors } from '../similarity/nearestNeighbors.ts';

/** Vectors by id. */
export type Held = Map<number, readonly number[]>;

type Search = Kernel<'nearestNeighbors'>;

/** A search among these ids by an exact kernel. */
export async function searchAmong(
  search: Search,
  { dimension, metric }: Opening,
  held: ReadonlyMap<number, readonly number[]>,
  { queries, k }: Question,
  among: readonly number[],
): Promise<Found> {
  const rows = among.flatMap((id) => held.get(id) ?? []);
  const vectors = tensor(queries.dtype, [among.length, dimension], rows);
  const found = await search({ vectors, queries, k, metric });
  const width = found.ids.shape[1] ?? 0;
  const score = (row: readonly number[]): FloatTensor => tensor(found.scores.dtype, [width], row);
  return {
    ids: rowsOf(found.ids).map((row) => row.map((place) => among[place] ?? -1)),
    scores: rowsOf(found.scores).map(score),
  };
}

/** The ids that a question may find. */
export const allowedOf = (held: Held, { allowedIds }: Question): readonly number[] =>
  [...held.keys()].filter((id) => allowedIds === undefined || allowedIds.includes(id));

/** Vectors in a table, with a search over it. */
export function tableOf(
  opening: Opening,
  search: (held: Held, question: Question) => Found | Promise<Found>,
  held: Held = new Map(),
): Collection {
  return {
    add: ({ ids, vectors }) => {
      for (const [i, row] of rowsOf(vectors).entries()) held.set(ids[i] ?? -1, row);
    },
    remove: (ids) => {
      for (const id of ids) held.delete(id);
    },
    search: (question) => search(held, question),
    save: () => Buffer.from(JSON.stringify([...held])),
    load: (bytes) => {
      const saved = savedIn(bytes, opening);
      held.clear();
      for (const [id, row] of saved) held.set(id, row);
      return [...held.keys()];
    },
  };
}

function savedIn(
  bytes: Uint8Array,
  { dimension }: Opening,
): readonly (readonly [number, number[]])[] {
  const rejected = new Rejected('bytes: expected what was saved');
  try {
    const saved: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
    if (!Array.isArray(saved)) throw rejected;
    return saved.map((entry: unknown) => {
      if (!Array.isArray(entry)) throw rejected;
      const [id, row]: unknown[] = entry;
      if (typeof id !== 'number' || !Array.isArray(row) || row.length !== dimension) throw rejected;
      return [id, row.map(Number)] as const;
    });
  } catch {
    throw rejected;
  }
}

/** What opens a table that looks at everything, by an exact kernel. */
export const openTable =
  (search: Search) =>
  (opening: Opening): Collection =>
    tableOf(opening, (held, question) =>
      searchAmong(search, opening, held, question, allowedOf(held, question)),
    );

/** A sound index that looks at everything, on any machine. */
export const flatIndex = (unit: Unit): Kernel<'flatIndex'> =>
  indexOf(openTable(nearestNeighbors(unit)));
