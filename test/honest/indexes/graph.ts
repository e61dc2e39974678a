import type { Metric } from '../../../spec/bounds/ranking.ts';
import type { HnswOpening } from '../../../spec/indexes/hnswIndex.ts';
import { randomStream } from '../../../spec/generate.ts';

export type Row = readonly number[];

/** A vector in the graph, with its links on each layer from 0 to its highest. */
export interface Node {
  readonly id: number;
  readonly vector: Row;
  readonly links: number[][];
  isRemoved: boolean;
}

/** How far a node is. */
export interface Near {
  readonly place: number;
  readonly distance: number;
}

/** Layers of graphs over the nodes, which are named by their places. */
export interface Graph {
  readonly opening: HnswOpening;
  readonly nodes: Node[];
  readonly places: Map<number, number>;
  readonly next: () => number;
  /** −1 where there is none. */
  entry: number;
}

export interface Walk {
  readonly from: readonly number[];
  readonly ef: number;
  readonly layer: number;
  readonly isWanted: (place: number) => boolean;
}

/** The steps of the algorithms, each of which a mutant replaces. */
export interface GraphSteps {
  /** Less is nearer. */
  readonly distance: (metric: Metric, x: Row, y: Row) => number;
  readonly walk: (steps: GraphSteps, graph: Graph, query: Row, how: Walk) => readonly Near[];
  /** Whether a walk ends before this candidate. */
  readonly isOver: (next: Near, found: readonly Near[], ef: number, first: number) => boolean;
  readonly select: (
    steps: GraphSteps,
    graph: Graph,
    candidates: readonly Near[],
    most: number,
  ) => readonly number[];
  readonly linkBack: (
    steps: GraphSteps,
    graph: Graph,
    from: number,
    to: number,
    layer: number,
  ) => void;
  /** Whether a new node is where walks start from now on. */
  readonly becomesEntry: (graph: Graph, place: number) => boolean;
  readonly remove: (steps: GraphSteps, graph: Graph, place: number) => void;
}

const dot = (x: Row, y: Row): number => {
  let sum = 0;
  for (let j = 0; j < x.length; j += 1) sum += (x[j] ?? NaN) * (y[j] ?? NaN);
  return sum;
};

/** How far vectors are from each other, in doubles: what is found is scored as the machine does. */
export function distanceOf(metric: Metric, x: Row, y: Row): number {
  if (metric === 'dot') return -dot(x, y);
  if (metric === 'cosine') {
    const product = dot(x, y);
    return product === 0 ? 0 : -product / Math.sqrt(dot(x, x) * dot(y, y));
  }
  let sum = 0;
  for (let j = 0; j < x.length; j += 1) sum += ((x[j] ?? NaN) - (y[j] ?? NaN)) ** 2;
  return sum;
}

/** Puts one into a list that is sorted by distance, behind its equals. */
function insert(list: Near[], one: Near): void {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle]?.distance ?? NaN) > one.distance) high = middle;
    else low = middle + 1;
  }
  list.splice(low, 0, one);
}

/** Algorithm 2: the ef nearest of those that are wanted, best first. A walk may lead over others, and ends for lack of nearer ones only with ef. */
function walk(
  steps: GraphSteps,
  { opening: { metric }, nodes }: Graph,
  query: Row,
  { from, ef, layer, isWanted }: Walk,
): readonly Near[] {
  const near = (place: number): Near => ({
    place,
    distance: steps.distance(metric, query, nodes[place]?.vector ?? []),
  });
  const seen = new Set(from);
  const open = from.map(near).toSorted((x, y) => x.distance - y.distance);
  const found = open.filter(({ place }) => isWanted(place)).slice(0, ef);
  const first = open[0]?.distance ?? Infinity;
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    if (steps.isOver(next, found, ef, first)) break;
    for (const place of nodes[next.place]?.links[layer] ?? []) {
      if (seen.has(place)) continue;
      seen.add(place);
      const one = near(place);
      if (found.length >= ef && !(one.distance < (found.at(-1)?.distance ?? Infinity))) continue;
      insert(open, one);
      if (isWanted(place)) insert(found, one);
      if (found.length > ef) found.pop();
    }
  }
  return found;
}

/**
 * Algorithm 4: the nearest first, and each that is nearer to the node than to all that were taken. Of equals one is taken: the others lead nowhere
 * else.
 */
function select(
  { distance }: GraphSteps,
  { opening: { metric }, nodes }: Graph,
  candidates: readonly Near[],
  most: number,
): readonly number[] {
  const taken: Near[] = [];
  for (const one of candidates) {
    if (taken.length >= most) break;
    const vector = nodes[one.place]?.vector ?? [];
    const isBehind = taken.some((other) => {
      const between = distance(metric, vector, nodes[other.place]?.vector ?? []);
      return one.distance === other.distance ? between <= one.distance : between < one.distance;
    });
    if (!isBehind) taken.push(one);
  }
  return taken.map(({ place }) => place);
}

/** The highest layer of a node; −1 where there is none. */
export const levelOf = ({ nodes }: Graph, place: number): number =>
  (nodes[place]?.links.length ?? 0) - 1;

export const topOf = (graph: Graph): number => levelOf(graph, graph.entry);

export const mostLinks = ({ opening: { m } }: Graph, layer: number): number =>
  layer === 0 ? 2 * m : m;

/** Links a node with a new one; where that is one too many, the best are chosen again. */
function linkBack(steps: GraphSteps, graph: Graph, from: number, to: number, layer: number): void {
  const node = graph.nodes[from];
  const links = node?.links[layer];
  if (node === undefined || links === undefined) return;
  links.push(to);
  const most = mostLinks(graph, layer);
  if (links.length <= most) return;
  const near = links.map((place) => ({
    place,
    distance: steps.distance(graph.opening.metric, node.vector, graph.nodes[place]?.vector ?? []),
  }));
  node.links[layer] = [
    ...steps.select(
      steps,
      graph,
      near.toSorted((x, y) => x.distance - y.distance),
      most,
    ),
  ];
}

export const soundSteps: GraphSteps = {
  distance: distanceOf,
  walk,
  isOver: (next, found, ef) =>
    found.length >= ef && next.distance > (found.at(-1)?.distance ?? Infinity),
  select,
  linkBack,
  becomesEntry: (graph, place) => levelOf(graph, place) > topOf(graph),
  remove: (_, { nodes }, place) => {
    const node = nodes[place];
    if (node !== undefined) node.isRemoved = true;
  },
};

export const newGraph = (opening: HnswOpening): Graph => ({
  opening,
  nodes: [],
  places: new Map(),
  next: randomStream(opening.seed),
  entry: -1,
});

/** From the entry down to a layer, to the nearest on each. */
export function descend(
  steps: GraphSteps,
  graph: Graph,
  query: Row,
  to: number,
): readonly number[] {
  let from: readonly number[] = graph.entry < 0 ? [] : [graph.entry];
  for (let layer = topOf(graph); layer > to; layer -= 1)
    from = steps
      .walk(steps, graph, query, { from, ef: 1, layer, isWanted: () => true })
      .map(({ place }) => place);
  return from;
}

/** Algorithm 1: links a new node on all its layers with the best of efConstruction near ones. */
export function insertNode(steps: GraphSteps, graph: Graph, id: number, vector: Row): void {
  const { m, efConstruction } = graph.opening;
  const level = Math.floor(-Math.log(1 - graph.next()) / Math.log(m));
  const top = topOf(graph);
  const place = graph.nodes.length;
  let from = descend(steps, graph, vector, level);
  const links = Array.from({ length: level + 1 }, (): number[] => []);
  graph.nodes.push({ id, vector, links, isRemoved: false });
  graph.places.set(id, place);
  for (let layer = Math.min(level, top); layer >= 0; layer -= 1) {
    const how = { from, ef: efConstruction, layer, isWanted: () => true };
    const near = steps.walk(steps, graph, vector, how);
    links[layer] = [...steps.select(steps, graph, near, m)];
    for (const other of links[layer] ?? []) steps.linkBack(steps, graph, other, place, layer);
    from = near.map((one) => one.place);
  }
  if (steps.becomesEntry(graph, place)) graph.entry = place;
}

export function removeNode(steps: GraphSteps, graph: Graph, id: number): void {
  const place = graph.places.get(id);
  if (place !== undefined) steps.remove(steps, graph, place);
  graph.places.delete(id);
}
