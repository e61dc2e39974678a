import type { Opening, Question } from '../../../../spec/indexes/script.ts';
import { rowsOf } from '../../../../spec/tensor.ts';
import type { Entry } from '../../../interface/implementation.ts';
import { indexOf, type Collection } from '../../collection.ts';
import { loadedRows, savedRows } from '../../savedRows.ts';
import type { Device } from '../device.ts';
import { bestOf, Shelf, stacked } from './stored.ts';

/** The places of what may be found, or nothing where that is everything. */
export const allowedPlaces = (
  ids: readonly number[],
  { allowedIds }: Question,
): readonly number[] | undefined => {
  if (allowedIds === undefined) return undefined;
  const allowed = new Set(allowedIds);
  return [...ids.keys()].filter((place) => allowed.has(ids[place] ?? -1));
};

/** Vectors that are scored on the device, all of them. */
export const openOn =
  (device: Device) =>
  ({ dimension, metric }: Opening): Collection => {
    const held = new Map<number, Float32Array>();
    const shelf = new Shelf(device, metric);
    return {
      add: ({ ids, vectors }) => {
        for (const [i, row] of rowsOf(vectors).entries())
          held.set(ids[i] ?? -1, Float32Array.from(row));
        shelf.clear();
      },
      remove: (ids) => {
        for (const id of ids) held.delete(id);
        shelf.clear();
      },
      search: async (question) => {
        const ids = [...held.keys()];
        const places = allowedPlaces(ids, question);
        const scores = await shelf.scores(question.queries, places, ids.length, () =>
          stacked([...held.values()], dimension),
        );
        const found = places?.map((place) => ids[place] ?? -1) ?? ids;
        return bestOf(scores, found, question.k, metric);
      },
      save: () => savedRows(dimension, held),
      load: (bytes) => {
        const rows = loadedRows(dimension, bytes);
        held.clear();
        for (const [id, row] of rows) held.set(id, row);
        shelf.clear();
        return [...held.keys()];
      },
      close: () => shelf.clear(),
    };
  };

/** Every vector is scored on the device, where all stay until one changes. */
export const flatIndex = (device: Device): Entry<'flatIndex'> => ({
  numerics: device.numerics,
  run: indexOf(openOn(device)),
});
