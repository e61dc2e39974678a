import { roundTo } from '../../../spec/format.ts';
import { mapped, reversed } from '../../../spec/laws.ts';
import { rowsOf, tensor } from '../../../spec/tensor.ts';
import {
  countOf,
  kMeansStep as honest,
  meanOf,
  stepOf,
  type Column,
} from '../../honest/indexes/kMeansStep.ts';
import { nearestBy, placeOfLeast } from '../../honest/indexes/nearest.ts';
import { narrow } from '../similarity/couples.ts';
import { withOutput, type Mutants } from '../mutant.ts';
import { squared, unit, wrongMeasures } from './measures.ts';

type Kernel = Mutants<'kMeansStep'>['honest'];
const sound = honest(unit);
const { dot, round } = unit;
const mean = meanOf(unit);
const total = ({ weights, values }: Column): number => dot(weights, values);

/** A step that moves the centroids of clusters with vectors otherwise. */
const moving = (move: (column: Column) => number): Kernel =>
  stepOf(unit, { move: (column) => (countOf(column) === 0 ? column.before : move(column)) });

/** A step that moves the centroids of clusters without vectors otherwise. */
const emptied = (move: (column: Column) => number): Kernel =>
  stepOf(unit, { move: (column) => (countOf(column) === 0 ? move(column) : mean(column)) });

/** Every centroid is the mean so far, from the first vector that is assigned to it. */
const online: Kernel = ({ vectors, centroids }) => {
  const now = rowsOf(centroids).map((row) => ({ mean: row, count: 0 }));
  const assigned = rowsOf(vectors).map((x) => {
    const at = nearestBy(squared)(
      x,
      now.map((cluster) => cluster.mean),
    );
    const cluster = now[at];
    if (cluster !== undefined) {
      cluster.count += 1;
      const { count } = cluster;
      cluster.mean = cluster.mean.map((m, d) => round(m + round(round((x[d] ?? NaN) - m) / count)));
    }
    return at;
  });
  return {
    assignments: tensor('int32', [assigned.length], assigned),
    centroids: tensor(
      'float32',
      centroids.shape,
      now.flatMap((cluster) => cluster.mean),
    ),
  };
};

/** Says which of the new centroids is nearest. */
const assignedAfter: Kernel = withOutput(sound, ({ centroids }, { vectors }) => ({
  assignments: tensor(
    'int32',
    [vectors.shape[0] ?? 0],
    rowsOf(vectors).map((x) => nearestBy(squared)(x, rowsOf(centroids))),
  ),
  centroids,
}));

const twice: Kernel = async (input) => {
  const { centroids } = await sound(input);
  return sound({ vectors: input.vectors, centroids });
};

export const kMeansStep: Mutants<'kMeansStep'> = {
  honest: sound,
  mutants: [
    ...Object.entries(wrongMeasures).map(([id, { measure, ...reason }]) => ({
      id,
      ...reason,
      run: stepOf(unit, { assign: nearestBy(measure) }),
    })),
    {
      id: 'sum-not-mean',
      defect: 'index-pq-05',
      wrong: 'does not divide by the number of vectors',
      run: moving(total),
    },
    {
      id: 'float16-sums-of-vectors',
      defect: 'index-ivf-flat-07',
      wrong: 'sums the vectors of a cluster in float16, which a large one overflows',
      run: moving((column) =>
        round(narrow('float16').dot(column.weights, column.values) / countOf(column)),
      ),
    },
    {
      id: 'clamped-float16-sums',
      defect: 'index-ivf-flat-07',
      wrong: 'sums the vectors in wide enough numbers and keeps the sum in float16',
      run: moving((column) => round(roundTo(total(column), 'float16') / countOf(column))),
    },
    {
      id: 'bfloat16-sums-of-vectors',
      defect: 'classic',
      wrong: 'sums the vectors of a cluster in bfloat16',
      run: moving((column) =>
        round(narrow('bfloat16').dot(column.weights, column.values) / countOf(column)),
      ),
    },
    {
      id: 'empty-is-zero',
      defect: 'classic',
      wrong: 'puts the centroid of an empty cluster at zero',
      run: emptied(() => 0),
    },
    {
      id: 'empty-is-nan',
      defect: 'classic',
      wrong: 'divides the sum of an empty cluster by 0',
      run: emptied(() => NaN),
    },
    {
      id: 'empty-is-the-mean',
      defect: 'classic',
      wrong: 'puts the centroid of an empty cluster at the mean of all vectors',
      run: emptied(({ values }) => mean({ values, weights: values.map(() => 1), before: 0 })),
    },
    {
      id: 'over-all',
      defect: 'classic',
      wrong: 'divides by the number of all vectors',
      run: moving((column) => round(total(column) / column.values.length)),
    },
    {
      id: 'one-more',
      defect: 'classic',
      wrong: 'counts the old centroid as a vector of its cluster',
      run: moving((column) => round(round(total(column) + column.before) / (countOf(column) + 1))),
    },
    {
      id: 'half-way',
      defect: 'classic',
      wrong: 'moves only half way to the mean',
      run: moving((column) => round((mean(column) + column.before) / 2)),
    },
    {
      id: 'online',
      defect: 'classic',
      wrong: 'uses the new centroids while it moves them',
      run: online,
    },
    {
      id: 'assigned-after',
      defect: 'classic',
      wrong: 'gives the assignments to the new centroids',
      run: assignedAfter,
    },
    { id: 'two-steps', defect: 'classic', wrong: 'takes two steps', run: twice },
    {
      id: 'does-not-move',
      defect: 'classic',
      wrong: 'assigns, and leaves the centroids where they are',
      run: withOutput(sound, ({ assignments }, { centroids }) => ({ assignments, centroids })),
    },
    {
      id: 'farthest',
      defect: 'classic',
      wrong: 'assigns to the farthest centroid',
      run: stepOf(unit, {
        assign: (x, centroids) => placeOfLeast(centroids.map((c) => -squared(x, c))),
      }),
    },
    {
      id: 'one-centroid-short',
      defect: 'classic',
      wrong: 'assigns nothing to the last of several centroids',
      run: stepOf(unit, {
        assign: (x, centroids) =>
          nearestBy(squared)(x, centroids.length > 1 ? centroids.slice(0, -1) : centroids),
      }),
    },
    {
      id: 'last-vector-left-out',
      defect: 'classic',
      wrong: 'does not add the last of several vectors',
      run: moving((column) => {
        const all = column.weights.length;
        const weights = column.weights.map((w, n) => (all > 1 && n === all - 1 ? 0 : w));
        return weights.includes(1) ? mean({ ...column, weights }) : column.before;
      }),
    },
    {
      id: 'truncated-mean',
      defect: 'classic',
      wrong: 'rounds the means to integers',
      run: moving((column) => Math.trunc(mean(column))),
    },
    {
      id: 'centroids-sorted',
      defect: 'classic',
      wrong: 'gives the centroids in the opposite order',
      run: withOutput(sound, ({ assignments, centroids }) => ({
        assignments,
        centroids: reversed(centroids, -2),
      })),
    },
    {
      id: 'counts-from-one',
      defect: 'classic',
      wrong: 'numbers the clusters from 1',
      run: withOutput(sound, ({ assignments, centroids }) => ({
        assignments: mapped(assignments, (k) => Math.min(k + 1, (centroids.shape[0] ?? 1) - 1)),
        centroids,
      })),
    },
  ],
};
