import type { HnswOpening } from '../../../spec/indexes/hnswIndex.ts';
import type { Add } from '../../../spec/indexes/script.ts';
import { rowsOf } from '../../../spec/tensor.ts';
import { Rejected, type Entry } from '../../interface/implementation.ts';
import { asked, complement, reading, storeIndex, written, type Store } from '../store.ts';
import type { Hnswlib, NativeGraph } from './package.ts';
import { batch, searched, spaceOf } from './shared.ts';

/** Whether deleted points are replaced: `allowReplaceDeleted`, and `replaceDeleted` of every call. */
export interface Replacing {
  readonly replaceDeleted: boolean;
}

/** The labels whose points are not marked as deleted: of another one, the package does not give the point. */
const live = (index: NativeGraph): readonly number[] =>
  index.getIdsList().filter((label) => {
    try {
      return index.getPoint(label).length >= 0;
    } catch {
      return false;
    }
  });

/**
 * Points are added one by one. Where there may not be room for all, the new ones come first; where more are new than there is room for, by the
 * index's own figures, the first of them would go in before the index refuses another: the call is refused as a whole, and where there is no
 * room at all it is left to the index.
 */
function add(index: NativeGraph, input: Add['input'], { replaceDeleted }: Replacing): void {
  batch(input);
  const { ids, vectors } = input;
  const rows = rowsOf(vectors);
  for (const i of inOrder(index, ids, replaceDeleted))
    index.addPoint([...(rows[i] ?? [])], ids[i] ?? -1, replaceDeleted);
}

/** @throws Rejected where some have room, and not all */
function inOrder(
  index: NativeGraph,
  ids: readonly number[],
  replaceDeleted: boolean,
): readonly number[] {
  const places = [...ids.keys()];
  if (index.getCurrentCount() + ids.length <= index.getMaxElements()) return places;
  const known = new Set(replaceDeleted ? live(index) : index.getIdsList());
  const room = index.getMaxElements() - (replaceDeleted ? known.size : index.getCurrentCount());
  const fresh = ids.filter((id) => !known.has(id)).length;
  if (room > 0 && fresh > room) throw new Rejected(`there is room for ${room} of ${fresh}`);
  return places.sort((i, j) => isKnown(known, ids[i]) - isKnown(known, ids[j]));
}

const isKnown = (known: ReadonlySet<number>, id = -1): number => Number(known.has(id));

/** Points are marked one by one; where one is refused, the marks before it are taken back. */
function remove(index: NativeGraph, ids: readonly number[]): void {
  for (const [i, id] of ids.entries())
    try {
      index.markDelete(id);
    } catch (error) {
      for (const marked of ids.slice(0, i)) index.unmarkDelete(marked);
      throw error;
    }
}

const open = ({ HierarchicalNSW }: Hnswlib, opening: HnswOpening, replacing: Replacing): Store => {
  const { dimension, capacity, m, efConstruction, seed } = opening;
  const made = () => new HierarchicalNSW(spaceOf(opening), dimension);
  let index = made();
  index.initIndex({
    maxElements: capacity,
    m,
    efConstruction,
    randomSeed: seed,
    allowReplaceDeleted: replacing.replaceDeleted,
  });
  return {
    add: (input) => asked(() => add(index, input, replacing)),
    remove: (ids) => asked(() => remove(index, ids)),
    search: (question) =>
      asked(() => {
        index.setEf(question.ef ?? 0);
        return searched(index, opening, question);
      }),
    count: () => index.getCurrentCount(),
    save: () => written((path) => index.writeIndexSync(path)),
    load: (bytes) =>
      asked(() => {
        const loaded = made();
        reading(bytes, (path) => loaded.readIndexSync(path, replacing.replaceDeleted));
        index = loaded;
      }),
  };
};

/** What it finds of the nearest where many vectors are equal and most of these were removed: 0.54 to 0.83 in one script of five, above 0.9 in the others. */
const recall = 0.5;

/** `HierarchicalNSW`. */
export const hnswIndex = (
  hnswlib: Hnswlib,
  replacing: Replacing = { replaceDeleted: false },
): Entry<'hnswIndex'> => ({
  numerics: complement,
  promises: { recall },
  run: storeIndex((opening: HnswOpening) => open(hnswlib, opening, replacing)),
});
