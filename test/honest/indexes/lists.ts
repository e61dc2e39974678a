import type { Metric } from '../../../spec/bounds/ranking.ts';
import type { IvfOpening } from '../../../spec/indexes/ivfFlatIndex.ts';
import { randomStream } from '../../../spec/generate.ts';
import { rowsOf } from '../../../spec/tensor.ts';
import { distanceOf, type Row } from './graph.ts';

/** The steps of an inverted file, each of which a mutant replaces. */
export interface ListSteps {
  /** How far a vector or a query is from a centroid; less is nearer. */
  readonly distance: (metric: Metric, x: Row, centroid: Row) => number;
  readonly mean: (members: readonly Row[], centroid: Row) => Row;
  /** `previous`: the list that the vector of the same id was in, if one was. */
  readonly listOf: (
    steps: ListSteps,
    trained: Trained,
    vector: Row,
    previous: number | undefined,
  ) => number;
  readonly listsOf: (
    steps: ListSteps,
    trained: Trained,
    query: Row,
    probes: number,
  ) => readonly number[];
}

export interface Trained {
  readonly metric: Metric;
  readonly centroids: readonly Row[];
}

/** The places of the centroids, nearest first. */
export const orderOf = (
  { distance }: Pick<ListSteps, 'distance'>,
  { metric, centroids }: Trained,
  x: Row,
): readonly number[] => {
  const distances = centroids.map((centroid) => distance(metric, x, centroid));
  return distances
    .map((_, list) => list)
    .sort((i, j) => (distances[i] ?? NaN) - (distances[j] ?? NaN));
};

const meanOf = (members: readonly Row[], centroid: Row): Row =>
  members.length === 0
    ? centroid
    : centroid.map(
        (_, j) => members.reduce((sum, row) => sum + (row[j] ?? NaN), 0) / members.length,
      );

export const soundLists: ListSteps = {
  distance: distanceOf,
  mean: meanOf,
  listOf: (steps, trained, vector) => orderOf(steps, trained, vector)[0] ?? 0,
  listsOf: (steps, trained, query, probes) => orderOf(steps, trained, query).slice(0, probes),
};

const rounds = 8;

/** k-means from training vectors that are drawn without repetition; a list that gets none keeps its centroid. */
export function trained(steps: ListSteps, { lists, metric, training, seed }: IvfOpening): Trained {
  const rows = rowsOf(training);
  const next = randomStream(seed);
  const drawn = rows
    .map((row) => [next(), row] as const)
    .toSorted(([x], [y]) => x - y)
    .map(([, row]) => row);
  let centroids: readonly Row[] = drawn.slice(0, lists);
  for (let round = 0; round < rounds; round += 1) {
    const members = centroids.map((): Row[] => []);
    for (const row of rows) members[orderOf(steps, { metric, centroids }, row)[0] ?? 0]?.push(row);
    centroids = centroids.map((centroid, list) => steps.mean(members[list] ?? [], centroid));
  }
  return { metric, centroids };
}
