import { columnsOf } from '../../../spec/embedding/poolingInputs.ts';
import { greatestOf } from '../../../spec/extremes.ts';
import { mapped, rearranged, reversed } from '../../../spec/laws.ts';
import { roundTo } from '../../../spec/format.ts';
import { pooling as honest, pooledOn } from '../../honest/embedding/pooling.ts';
import { float32, unitOf } from '../../honest/machine.ts';
import { lastRepeated, withInput, withOutput, type Mutants } from '../mutant.ts';
import { narrow } from '../similarity/couples.ts';

const unit = unitOf(float32);
const sound = honest(unit);
type Kernel = Mutants<'pooling'>['honest'];
type Input = Parameters<Kernel>[0];
type Row = readonly number[];

/** One mode's way from a column and its mask replaced. */
const inMode =
  (mode: Input['mode'], compute: (column: Row, weights: Row) => number): Kernel =>
  (input) => ({
    output: unit.store(
      [input.hidden.shape[0] ?? 0, input.hidden.shape[2] ?? 0],
      columnsOf(input).flatMap(({ weights, columns }) =>
        columns.map((column) =>
          input.mode === mode
            ? compute(column, weights)
            : pooledOn(unit)(input.mode, column, weights),
        ),
      ),
    ),
  });

const countOf = (weights: Row): number => weights.reduce((sum, weight) => sum + weight, 0);
const masked = (column: Row, weights: Row): Row => column.map((x, t) => x * (weights[t] ?? 0));

/** Divides by the counts in another order than that of the sequences. */
const countsSorted: Kernel = withOutput(sound, ({ output }, input) => {
  if (input.mode !== 'mean') return { output };
  const counts = columnsOf(input).map(({ weights }) => countOf(weights));
  const sorted = counts.toSorted((x, y) => y - x);
  const width = input.hidden.shape[2] ?? 1;
  return {
    output: mapped(output, (x, i) => {
      const b = Math.floor(i / width);
      return Math.fround((x * (counts[b] ?? 1)) / (sorted[b] ?? 1));
    }),
  };
});

export const pooling: Mutants<'pooling'> = {
  honest: sound,
  mutants: [
    {
      id: 'mean-over-padding',
      defect: 'pooling-01',
      wrong: 'divides by all positions',
      run: inMode('mean', (column, weights) => unit.sum(masked(column, weights)) / column.length),
    },
    {
      id: 'sums-padding',
      defect: 'pooling-01',
      wrong: 'sums masked positions as well',
      run: inMode('mean', (column, weights) => unit.sum(column) / countOf(weights)),
    },
    {
      id: 'last-slot',
      defect: 'pooling-02',
      wrong: 'takes the last slot, padding or not',
      run: inMode('last', (column) => column.at(-1) ?? NaN),
    },
    {
      id: 'last-by-count',
      defect: 'pooling-02',
      wrong: 'takes the number of kept positions for the place of the last',
      run: inMode('last', (column, weights) => column[countOf(weights) - 1] ?? NaN),
    },
    {
      id: 'first-slot',
      defect: 'pooling-05',
      wrong: 'takes position 0, padding or not',
      run: inMode('first', (column) => column[0] ?? NaN),
    },
    {
      id: 'counts-sorted',
      defect: 'pooling-06',
      wrong: 'divides by the lengths in falling order, not in that of the sequences',
      run: countsSorted,
    },
    {
      id: 'maximum-with-zeros',
      defect: 'classic',
      wrong: 'sets masked positions to 0 before the maximum',
      run: inMode('max', (column, weights) => greatestOf(masked(column, weights))),
    },
    {
      id: 'maximum-from-zero',
      defect: 'classic',
      wrong: 'the running maximum starts at 0',
      run: inMode('max', (column, weights) =>
        Math.max(0, greatestOf(column.filter((_, t) => weights[t] !== 0))),
      ),
    },
    {
      id: 'maximum-over-padding',
      defect: 'classic',
      wrong: 'masked positions take part in the maximum',
      run: inMode('max', (column) => greatestOf(column)),
    },
    {
      id: 'greatest-magnitude',
      defect: 'classic',
      wrong: 'the greatest magnitude',
      run: inMode('max', (column, weights) => greatestOf(masked(column, weights).map(Math.abs))),
    },
    {
      id: 'sum',
      defect: 'classic',
      wrong: 'does not divide',
      run: inMode('mean', (column, weights) => unit.sum(masked(column, weights))),
    },
    {
      id: 'root-of-count',
      defect: 'classic',
      wrong: 'divides by the root of the count',
      run: inMode(
        'mean',
        (column, weights) => unit.sum(masked(column, weights)) / Math.sqrt(countOf(weights)),
      ),
    },
    {
      id: 'float16-sum',
      defect: 'classic',
      wrong: 'sums in float16',
      run: inMode(
        'mean',
        (column, weights) => narrow('float16').sum(masked(column, weights)) / countOf(weights),
      ),
    },
    {
      id: 'bfloat16-inputs',
      defect: 'classic',
      wrong: 'cuts the vectors to bfloat16',
      run: withInput(sound, (input) => ({
        ...input,
        hidden: mapped(input.hidden, (x) => roundTo(x, 'bfloat16')),
      })),
    },
    {
      id: 'mask-reversed',
      defect: 'classic',
      wrong: 'reads the mask from the other end',
      run: withInput(sound, (input) => ({ ...input, mask: reversed(input.mask) })),
    },
    {
      id: 'wrong-axis',
      defect: 'classic',
      wrong: 'pools over the components of square sequences',
      run: withInput(sound, (input) => {
        const [, length = 0, width = 0] = input.hidden.shape;
        if (length !== width) return input;
        const square = width * width;
        const from = (i: number) =>
          i - (i % square) + (i % width) * width + Math.floor((i % square) / width);
        return { ...input, hidden: rearranged(input.hidden, input.hidden.shape, from) };
      }),
    },
    {
      id: 'stale-last-block',
      defect: 'classic',
      wrong: 'answers the last of several blocks as the one before it: the loop does not move on',
      run: withInput(sound, (input) => ({ ...input, hidden: lastRepeated(input.hidden, -2) })),
    },
  ],
};
