import type { Kernel } from '../../../conformance/interface/implementation.ts';
import { indexOf, type Collection } from '../../../conformance/implementations/collection.ts';
import { euclideanNorm } from '../../../spec/extremes.ts';
import { roundTo } from '../../../spec/format.ts';
import type { IvfOpening } from '../../../spec/indexes/ivfFlatIndex.ts';
import { ivfFlatIndex as honest, openLists } from '../../honest/indexes/ivf.ts';
import { distanceOf, type Row } from '../../honest/indexes/graph.ts';
import { orderOf, soundLists, type ListSteps, type Trained } from '../../honest/indexes/lists.ts';
import { float32, unitOf } from '../../honest/machine.ts';
import { nearestNeighbors } from '../../honest/similarity/nearestNeighbors.ts';
import type { Mutant, Mutants } from '../mutant.ts';
import { indexFaults } from './faults.ts';

const unit = unitOf(float32);
const search = nearestNeighbors(unit);
const open = openLists(search);

type Fault = (collection: Collection, opening: IvfOpening) => Partial<Collection>;

const stepping = (changed: Partial<ListSteps>): Kernel<'ivfFlatIndex'> =>
  indexOf(openLists(search, changed));
const around = (fault: Fault): Kernel<'ivfFlatIndex'> =>
  indexOf((opening: IvfOpening) => {
    const collection = open(opening);
    return { ...collection, ...fault(collection, opening) };
  });

const lengthOf = (x: Row): number => euclideanNorm(x);
const half = (x: number): number => roundTo(x, 'float16');

/** The lists whose centroids are the nearest, by another distance. */
const probing =
  (distance: ListSteps['distance']): ListSteps['listsOf'] =>
  (_, trained, query, probes) =>
    orderOf({ distance }, trained, query).slice(0, probes);

/** ‖x‖² + ‖c‖ − 2 x·c, in place of ‖c‖². */
const rootOfNorm: ListSteps['distance'] = (metric, x, centroid) =>
  metric === 'euclidean'
    ? lengthOf(x) ** 2 + lengthOf(centroid) + 2 * distanceOf('dot', x, centroid)
    : distanceOf(metric, x, centroid);

/** Whether a list got none of the training vectors. */
const isEmpty = ({ centroids }: Trained, list: number): boolean =>
  centroids.findIndex((centroid) => centroid.every((x, j) => x === centroids[list]?.[j])) < list;

const own: readonly Mutant<'ivfFlatIndex'>[] = [
  {
    id: 'offsets-of-32-bits',
    defect: 'index-ivf-flat-04',
    wrong: 'keeps id · dimension in 32 bits',
    run: around(({ search: sound }, { dimension }) => ({
      search: async (question) => {
        const found = await sound(question);
        const ids = found.ids.map((list) => list.map((id) => ((id * dimension) | 0) / dimension));
        return { ...found, ids };
      },
    })),
  },
  {
    id: 'norm-for-its-square',
    defect: 'index-ivf-flat-05',
    wrong: 'probes the lists with the least ‖q‖² + ‖c‖ − 2 q·c',
    run: stepping({ listsOf: probing(rootOfNorm) }),
  },
  {
    id: 'sums-of-16-bits',
    defect: 'index-ivf-flat-07',
    wrong: 'sums centroids in float16, and vectors get into no list where that overflows',
    run: stepping({
      mean: (members, centroid) =>
        members.length === 0
          ? centroid
          : centroid.map(
              (_, j) =>
                members.reduce((sum, row) => half(sum + (row[j] ?? NaN)), 0) / members.length,
            ),
      listOf: (steps, trained, vector) => {
        const [list = -1] = orderOf(steps, trained, vector);
        return trained.centroids[list]?.every(Number.isFinite) === true ? list : -1;
      },
    }),
  },
  {
    id: 'drops-empty-lists',
    defect: 'index-ivf-flat-08',
    wrong: 'keeps only lists that got training vectors, and numbers them as before',
    run: stepping({
      listsOf: (steps, trained, query, probes) => {
        const kept = trained.centroids.filter((_, list) => !isEmpty(trained, list)).length;
        return soundLists.listsOf(steps, trained, query, probes).filter((list) => list < kept);
      },
      listOf: (_, trained, vector) =>
        orderOf({ distance: distanceOf }, trained, vector).findLast(
          (list, place, order) =>
            place === 0 ||
            trained.centroids[list]?.every((x, j) => x === trained.centroids[order[0] ?? 0]?.[j]),
        ) ?? 0,
    }),
  },
  {
    id: 'one-probe-too-few',
    defect: 'classic',
    wrong: 'looks at one list less than it is asked for',
    run: stepping({
      listsOf: (steps, trained, query, probes) =>
        soundLists.listsOf(steps, trained, query, Math.min(probes, trained.centroids.length) - 1),
    }),
  },
  {
    id: 'farthest-lists',
    defect: 'classic',
    wrong: 'looks at the lists whose centroids are farthest',
    run: stepping({
      listsOf: (steps, trained, query, probes) => orderOf(steps, trained, query).slice(-probes),
    }),
  },
  {
    id: 'second-nearest-list',
    defect: 'classic',
    wrong: 'sorts a vector into the list of the second nearest centroid',
    run: stepping({
      listOf: (steps, trained, vector) => {
        const [first = 0, second = first] = orderOf(steps, trained, vector);
        return second;
      },
    }),
  },
  {
    id: 'lists-by-dot',
    defect: 'classic',
    wrong: 'sorts by dot product, and probes by the metric',
    run: stepping({
      listOf: (_, trained, vector) =>
        orderOf({ distance: (_m, x, c) => distanceOf('dot', x, c) }, trained, vector)[0] ?? 0,
    }),
  },
  {
    id: 'stays-in-its-list',
    defect: 'classic',
    wrong: 'leaves a vector that is added again in the list of the old one',
    run: stepping({
      listOf: (steps, trained, vector, previous) =>
        previous ?? soundLists.listOf(steps, trained, vector, previous),
    }),
  },
];

/**
 * Left out: index-ivf-flat-04 as reported (46,341 lists, squared) needs more lists than a test has; and lists by Euclidean distance that are probed by dot
 * product, which find enough of what they should that not every run is sure of it.
 */
export const ivfFlatIndex: Mutants<'ivfFlatIndex'> = {
  honest: honest(unit),
  mutants: [...indexFaults<'ivfFlatIndex', IvfOpening>(open, indexOf), ...own],
};
