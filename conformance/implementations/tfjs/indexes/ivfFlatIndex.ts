import type { IvfOpening } from '../../../../spec/indexes/ivfFlatIndex.ts';
import type { Question } from '../../../../spec/indexes/script.ts';
import { rowsOf, type FloatTensor } from '../../../../spec/tensor.ts';
import type { Entry } from '../../../interface/implementation.ts';
import { indexOf, type Collection, type Found } from '../../collection.ts';
import { loadedRows, savedRows } from '../../savedRows.ts';
import type { Device } from '../device.ts';
import { allowedPlaces } from './flatIndex.ts';
import { listCentroids, listed, nearestLists } from './lists.ts';
import { bestOf, Shelf, stacked } from './stored.ts';

/** What an inverted file is searched with. */
export interface Searching {
  readonly device: Device;
  readonly open: IvfOpening;
  readonly centroids: FloatTensor;
  readonly shelf: Shelf;
}

/** The best of the lists nearest to each query: the rows of all lists that some query probes are scored at once. */
export async function searchedLists(
  { device, open: { metric, lists }, centroids, shelf }: Searching,
  ids: readonly number[],
  listOf: (place: number) => number,
  all: () => FloatTensor,
  question: Question,
): Promise<Found> {
  const { queries, k, probes = lists } = question;
  const allowed = allowedPlaces(ids, question);
  if (probes >= lists) {
    const scores = await shelf.scores(queries, allowed, ids.length, all);
    return bestOf(scores, allowed?.map((place) => ids[place] ?? -1) ?? ids, k, metric);
  }
  const asked = await listed(device, metric, queries);
  const near = await nearestLists(device, centroids, asked, probes);
  const own = near.map((some) => new Set(some));
  const any = new Set(near.flat());
  const places = (allowed ?? [...ids.keys()]).filter((place) => any.has(listOf(place)));
  const scores = await shelf.scores(queries, places, ids.length, all);
  const found = places.map((place) => ids[place] ?? -1);
  const isProbed = (q: number, at: number): boolean =>
    own[q]?.has(listOf(places[at] ?? -1)) ?? false;
  return bestOf(scores, found, k, metric, isProbed);
}

const openOn =
  (device: Device) =>
  async (open: IvfOpening): Promise<Collection> => {
    const { dimension, metric } = open;
    const centroids = await listCentroids(device, open);
    const held = new Map<number, Float32Array>();
    const lists = new Map<number, number>();
    const shelf = new Shelf(device, metric);
    const all = (): FloatTensor => stacked([...held.values()], dimension);
    const put = async (ids: readonly number[], vectors: FloatTensor): Promise<void> => {
      const near = await nearestLists(device, centroids, await listed(device, metric, vectors), 1);
      for (const [i, row] of rowsOf(vectors).entries()) {
        held.set(ids[i] ?? -1, Float32Array.from(row));
        lists.set(ids[i] ?? -1, near[i]?.[0] ?? 0);
      }
      shelf.clear();
    };
    return {
      add: ({ ids, vectors }) => put(ids, vectors),
      remove: (ids) => {
        for (const id of ids) held.delete(id);
        shelf.clear();
      },
      search: (question) => {
        const ids = [...held.keys()];
        const listOf = (place: number): number => lists.get(ids[place] ?? -1) ?? -1;
        return searchedLists({ device, open, centroids, shelf }, ids, listOf, all, question);
      },
      save: () => savedRows(dimension, held),
      load: async (bytes) => {
        const rows = loadedRows(dimension, bytes);
        held.clear();
        await put([...rows.keys()], stacked([...rows.values()], dimension));
        return [...held.keys()];
      },
      close: () => shelf.clear(),
    };
  };

/** Lists on the host, vectors on the device until one changes. */
export const ivfFlatIndex = (device: Device): Entry<'ivfFlatIndex'> => ({
  numerics: device.numerics,
  run: indexOf(openOn(device)),
});
