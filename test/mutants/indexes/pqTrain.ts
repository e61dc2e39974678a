import { reversed } from '../../../spec/laws.ts';
import { countOf, meanOf, type Column } from '../../honest/indexes/kMeansStep.ts';
import { placeOfLeast } from '../../honest/indexes/nearest.ts';
import { pqTrain as honest, trainingOf } from '../../honest/indexes/pqTrain.ts';
import { withInput, withOutput, type Mutants } from '../mutant.ts';
import { narrow } from '../similarity/couples.ts';
import { squared, unit } from './measures.ts';

const sound = honest(unit);
const total = ({ weights, values }: Column): number => unit.dot(weights, values);
const moving = (move: (column: Column) => number) =>
  trainingOf(unit, { move: (column) => (countOf(column) === 0 ? column.before : move(column)) });
const empty = (value: number) =>
  trainingOf(unit, { move: (column) => (countOf(column) === 0 ? value : meanOf(unit)(column)) });

let calls = 0;

export const pqTrain: Mutants<'pqTrain'> = {
  honest: sound,
  mutants: [
    {
      id: 'sum-for-mean',
      defect: 'index-pq-05',
      wrong: 'centroids are sums of their vectors, not means',
      run: moving(total),
    },
    {
      id: 'one-less',
      defect: 'classic',
      wrong: 'divides by n − 1',
      run: moving((column) => total(column) / Math.max(1, countOf(column) - 1)),
    },
    {
      id: 'one-more',
      defect: 'classic',
      wrong: 'divides by n + 1, so as not to divide by 0',
      run: moving((column) => total(column) / (countOf(column) + 1)),
    },
    {
      id: 'empty-is-zero',
      defect: 'index-pq-02',
      wrong: 'a centroid without vectors becomes zero',
      run: empty(0),
    },
    {
      id: 'empty-is-nan',
      defect: 'index-pq-02',
      wrong: 'a centroid without vectors becomes 0 / 0',
      run: empty(NaN),
    },
    {
      id: 'drops-the-last',
      defect: 'index-pq-01',
      wrong: 'leaves the last vector out of means',
      run: moving((column) => {
        const weights = column.weights.map((w, n) => (n === column.weights.length - 1 ? 0 : w));
        return weights.includes(1) ? meanOf(unit)({ ...column, weights }) : column.before;
      }),
    },
    {
      id: 'one-codebook',
      defect: 'classic',
      wrong: 'trains every codebook on the first subvectors',
      run: trainingOf(unit, { place: () => 0 }),
    },
    {
      id: 'codebooks-reversed',
      defect: 'classic',
      wrong: 'gives the codebooks from the last to the first',
      run: withOutput(sound, ({ codebooks }) => ({ codebooks: reversed(codebooks, -3) })),
    },
    {
      id: 'interleaved',
      defect: 'classic',
      wrong: 'deals components out in turn in place of runs',
      run: trainingOf(unit, {
        cut: (row, { subvectors }) =>
          Array.from({ length: subvectors }, (_, m) =>
            row.filter((_value, d) => d % subvectors === m),
          ),
      }),
    },
    {
      id: 'no-steps',
      defect: 'classic',
      wrong: 'gives the centroids that it starts with',
      run: trainingOf(unit, { steps: () => 0 }),
    },
    {
      id: 'one-step',
      defect: 'classic',
      wrong: 'stops after one step',
      run: trainingOf(unit, { steps: ({ iterations }) => Math.min(1, iterations) }),
    },
    {
      id: 'farthest',
      defect: 'classic',
      wrong: 'assigns vectors to the farthest centroid',
      run: trainingOf(unit, {
        assign: (row, centroids) => placeOfLeast(centroids.map((c) => -squared(row, c))),
      }),
    },
    {
      id: 'starts-at-zero',
      defect: 'classic',
      wrong: 'starts with zeros, all but one of which stay',
      run: trainingOf(unit, {
        start: (rows, { centroids }) =>
          Array.from({ length: centroids }, () => (rows[0] ?? []).map(() => 0)),
      }),
    },
    {
      id: 'unseeded',
      defect: 'classic',
      wrong: 'starts somewhere else every time',
      run: withInput(sound, (input) => {
        calls += 1;
        return { ...input, seed: input.seed + calls };
      }),
    },
    {
      id: 'float16-sum',
      defect: 'index-ivf-flat-07',
      wrong: 'sums in float16, over 65504 too',
      run: trainingOf(unit, {
        move: (column) =>
          countOf(column) === 0 ? column.before : meanOf(narrow('float16'))(column),
      }),
    },
    {
      id: 'truncated',
      defect: 'classic',
      wrong: 'rounds means to integers',
      run: moving((column) => Math.trunc(meanOf(unit)(column))),
    },
  ],
};
