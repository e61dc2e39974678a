import type { Changes } from '../../honest/indexes/ivfPq.ts';
import type { Row } from '../../honest/indexes/nearest.ts';

/** What goes wrong in a step of an inverted file of codes. */
export interface CodeFault {
  readonly id: string;
  readonly defect: string;
  readonly wrong: string;
  readonly change: Changes;
}

const sum = (row: Row): number => row.reduce((total, x) => total + x, 0);

/** Centroids that are no means of their vectors. */
export const trainingFaults: readonly CodeFault[] = [
  {
    id: 'empty-is-zero',
    defect: 'index-pq-02',
    wrong: 'a centroid without vectors becomes zero',
    change: () => ({
      move: (before, own) =>
        before.map((_, d) => sum(own.map((row) => row[d] ?? NaN)) / Math.max(1, own.length)),
    }),
  },
  {
    id: 'empty-is-nan',
    defect: 'index-pq-02',
    wrong: 'a centroid without vectors becomes 0 / 0, to which whatever is compared with it goes',
    change: () => ({
      move: (before, own) =>
        before.map((_, d) => sum(own.map((row) => row[d] ?? NaN)) / own.length),
      assign: (_row, centroids) =>
        Math.max(
          0,
          centroids.findIndex(([x = 0]) => Number.isNaN(x)),
        ),
    }),
  },
  {
    id: 'sum-for-mean',
    defect: 'index-pq-05',
    wrong: 'centroids are sums of their vectors, not means',
    change: () => ({
      move: (before, own) =>
        own.length === 0 ? before : before.map((_, d) => sum(own.map((row) => row[d] ?? NaN))),
    }),
  },
];
