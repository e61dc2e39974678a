import type { Kernel } from '../../../conformance/interface/implementation.ts';
import {
  indexOf,
  type Collection,
  type Found,
} from '../../../conformance/implementations/collection.ts';
import type { HnswOpening } from '../../../spec/indexes/hnswIndex.ts';
import type { Opening, Question } from '../../../spec/indexes/script.ts';
import { rowsOf, tensor } from '../../../spec/tensor.ts';
import type { Unit } from '../machine.ts';
import { nearestNeighbors } from '../similarity/nearestNeighbors.ts';
import { searchAmong, tableOf, type Held } from './flatIndex.ts';
import {
  descend,
  insertNode,
  newGraph,
  removeNode,
  soundSteps,
  type Graph,
  type GraphSteps,
  type Row,
} from './graph.ts';

/** Algorithm 5: the ids of the k best for one query, of ef candidates. */
export function candidatesFor(
  steps: GraphSteps,
  graph: Graph,
  query: Row,
  { k, ef = 0, allowedIds }: Question,
): readonly number[] {
  const allowed = allowedIds === undefined ? undefined : new Set(allowedIds);
  const isWanted = (place: number): boolean => {
    const node = graph.nodes[place];
    return node !== undefined && !node.isRemoved && (allowed?.has(node.id) ?? true);
  };
  const how = { from: descend(steps, graph, query, 0), ef: Math.max(ef, k), layer: 0, isWanted };
  return steps
    .walk(steps, graph, query, how)
    .slice(0, k)
    .map(({ place }) => graph.nodes[place]?.id ?? -1);
}

/** Each query by itself: the best of its candidates by an exact kernel. */
export async function eachAmong(
  search: Kernel<'nearestNeighbors'>,
  opening: Opening,
  held: Held,
  question: Question,
  candidates: (query: Row) => readonly number[],
): Promise<Found> {
  const { queries } = question;
  const found: Found[] = [];
  for (const query of rowsOf(queries)) {
    const own = { ...question, queries: tensor(queries.dtype, [1, query.length], query) };
    found.push(await searchAmong(search, opening, held, own, candidates(query)));
  }
  return { ids: found.flatMap(({ ids }) => ids), scores: found.flatMap(({ scores }) => scores) };
}

/** What opens a layered graph over a table, whose candidates are scored by an exact kernel. */
export const openGraph =
  (search: Kernel<'nearestNeighbors'>, changed: Partial<GraphSteps> = {}) =>
  (opening: HnswOpening): Collection => {
    const steps = { ...soundSteps, ...changed };
    const held: Held = new Map();
    let graph = newGraph(opening);
    const put = (id: number, vector: Row): void => {
      removeNode(steps, graph, id);
      insertNode(steps, graph, id, vector);
    };
    const table = tableOf(
      opening,
      (_, question) =>
        eachAmong(search, opening, held, question, (query) =>
          candidatesFor(steps, graph, query, question),
        ),
      held,
    );
    return {
      ...table,
      add: async (input) => {
        await table.add(input);
        for (const id of input.ids) put(id, held.get(id) ?? []);
      },
      remove: async (ids) => {
        await table.remove(ids);
        for (const id of ids) removeNode(steps, graph, id);
      },
      load: async (bytes) => {
        const ids = (await table.load?.(bytes)) ?? [];
        graph = newGraph(opening);
        for (const id of ids) put(id, held.get(id) ?? []);
        return ids;
      },
    };
  };

/** A sound graph of neighbours, on any machine. */
export const hnswIndex = (unit: Unit): Kernel<'hnswIndex'> =>
  indexOf(openGraph(nearestNeighbors(unit)));
