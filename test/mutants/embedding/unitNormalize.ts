import { greatestOf } from '../../../spec/extremes.ts';
import { rowsOf, tensor } from '../../../spec/tensor.ts';
import { unitNormalize as honest } from '../../honest/embedding/unitNormalize.ts';
import { float32, unitOf } from '../../honest/machine.ts';
import { float32Rows, withInput, withOutput, type Mutants } from '../mutant.ts';
import {
  cut,
  longSums,
  narrow,
  overflowing,
  transposed,
  wholeGroups,
  type Row,
} from '../similarity/couples.ts';

const unit = unitOf(float32);
const { round, dot, sum } = unit;
const sound = honest(unit);
type Kernel = Mutants<'unitNormalize'>['honest'];

/** Divides by what is taken for the length. */
const dividedBy =
  (lengthOf: (row: Row) => number): Kernel =>
  ({ input, zeroVector }) => ({
    output: float32Rows(input, (row) => {
      const length = lengthOf(row);
      const isZero = row.every((x) => x === 0);
      return row.map((x) => (isZero ? (zeroVector === 'zero' ? 0 : NaN) : x / length));
    }),
  });

const length = (row: Row): number => round(Math.sqrt(dot(row, row)));

export const unitNormalize: Mutants<'unitNormalize'> = {
  honest: sound,
  options: { zeroVector: ['zero', 'nan'] },
  mutants: [
    {
      id: 'divides-by-zero',
      defect: 'similarity-metrics-01',
      wrong: '0/0 for a zero vector where 0 is declared',
      options: { zeroVector: ['zero'] },
      run: (input) => sound({ ...input, zeroVector: 'nan' }),
    },
    {
      id: 'float32-products',
      defect: 'classic',
      wrong: 'declares sums of float64, and makes products that overflow float32',
      numerics: longSums,
      run: dividedBy((row) => Math.sqrt(overflowing(row, row))),
    },
    {
      id: 'squared-length',
      defect: 'classic',
      wrong: 'forgets the root',
      run: dividedBy((row) => dot(row, row)),
    },
    {
      id: 'sum-of-magnitudes',
      defect: 'classic',
      wrong: 'divides by Σ|x|',
      run: dividedBy((row) => sum(row.map(Math.abs))),
    },
    {
      id: 'greatest-magnitude',
      defect: 'classic',
      wrong: 'divides by the greatest component',
      run: dividedBy((row) => greatestOf(row.map(Math.abs))),
    },
    {
      id: 'root-mean-square',
      defect: 'classic',
      wrong: 'divides by the root of the mean square',
      run: dividedBy((row) => round(Math.sqrt(round(dot(row, row) / row.length)))),
    },
    {
      id: 'epsilon',
      defect: 'classic',
      wrong: 'adds 1e-8 to the length',
      run: dividedBy((row) => round(length(row) + 1e-8)),
    },
    {
      id: 'clamped-length',
      defect: 'classic',
      wrong: 'divides by 1e-6 at least',
      run: dividedBy((row) => Math.max(length(row), 1e-6)),
    },
    {
      id: 'whole-batch',
      defect: 'classic',
      wrong: 'divides by the length of all vectors together',
      run: ({ input, zeroVector }) => {
        const all = length(Array.from(input.data));
        const own = dividedBy(() => all);
        return own({ input, zeroVector });
      },
    },
    {
      id: 'wrong-axis',
      defect: 'classic',
      wrong: 'divides by the length of the columns of a square batch',
      run: withOutput(
        withInput(sound, (input) => ({ ...input, input: transposed(input.input) })),
        ({ output }) => ({ output: transposed(output) }),
      ),
    },
    {
      id: 'float16-sum',
      defect: 'classic',
      wrong: 'sums the squares in float16',
      run: dividedBy((row) => round(Math.sqrt(narrow('float16').dot(row, row)))),
    },
    {
      id: 'bfloat16-inputs',
      defect: 'classic',
      wrong: 'cuts the inputs to bfloat16',
      run: withInput(sound, (input) => ({
        ...input,
        input: tensor(
          'float32',
          input.input.shape,
          rowsOf(input.input).flatMap((row) => cut(row, 'bfloat16')),
        ),
      })),
    },
    {
      id: 'drops-remainder',
      defect: 'classic',
      wrong: 'the length leaves out what does not fill a group of four',
      run: dividedBy((row) => length(wholeGroups(row, 4))),
    },
    {
      id: 'magnitudes',
      defect: 'classic',
      wrong: 'loses the signs',
      run: withOutput(sound, ({ output }) => ({
        output: float32Rows(output, (row) => row.map(Math.abs)),
      })),
    },
  ],
};
