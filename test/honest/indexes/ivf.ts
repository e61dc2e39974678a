import type { Kernel } from '../../../conformance/interface/implementation.ts';
import { indexOf, type Collection } from '../../../conformance/implementations/collection.ts';
import type { IvfOpening } from '../../../spec/indexes/ivfFlatIndex.ts';
import type { Unit } from '../machine.ts';
import { nearestNeighbors } from '../similarity/nearestNeighbors.ts';
import { allowedOf, tableOf, type Held } from './flatIndex.ts';
import { distanceOf } from './graph.ts';
import { eachAmong } from './hnsw.ts';
import { soundLists, trained, type ListSteps } from './lists.ts';

/** The k with the least distances. */
function nearestOf(
  ids: readonly number[],
  distance: (id: number) => number,
  k: number,
): readonly number[] {
  const distances = Float64Array.from(ids, distance);
  return ids
    .map((_, place) => place)
    .sort((x, y) => (distances[x] ?? NaN) - (distances[y] ?? NaN))
    .slice(0, k)
    .map((place) => ids[place] ?? -1);
}

/** What opens an inverted file over a table, whose lists are searched by an exact kernel. */
export const openLists =
  (search: Kernel<'nearestNeighbors'>, changed: Partial<ListSteps> = {}) =>
  (opening: IvfOpening): Collection => {
    const steps = { ...soundLists, ...changed };
    const held: Held = new Map();
    const listed = new Map<number, number>();
    const centroids = trained(steps, opening);
    const sort = (ids: readonly number[]): void => {
      for (const id of ids)
        listed.set(id, steps.listOf(steps, centroids, held.get(id) ?? [], listed.get(id)));
    };
    const table = tableOf(
      opening,
      (_, question) =>
        eachAmong(search, opening, held, question, (query) => {
          const lists = new Set(
            steps.listsOf(steps, centroids, query, question.probes ?? opening.lists),
          );
          return nearestOf(
            allowedOf(held, question).filter((id) => lists.has(listed.get(id) ?? -1)),
            (id) => distanceOf(opening.metric, query, held.get(id) ?? []),
            question.k,
          );
        }),
      held,
    );
    return {
      ...table,
      add: async (input) => {
        await table.add(input);
        sort(input.ids);
      },
      remove: async (ids) => {
        await table.remove(ids);
        for (const id of ids) listed.delete(id);
      },
      load: async (bytes) => {
        const ids = (await table.load?.(bytes)) ?? [];
        listed.clear();
        sort(ids);
        return ids;
      },
    };
  };

/** A sound inverted file, on any machine. */
export const ivfFlatIndex = (unit: Unit): Kernel<'ivfFlatIndex'> =>
  indexOf(openLists(nearestNeighbors(unit)));
