import { float32, unitOf } from '../../honest/machine.ts';
import { dotProduct as honest } from '../../honest/similarity/dotProduct.ts';
import { withInput, withOutput, type Mutants } from '../mutant.ts';
import { tensor } from '../../../spec/tensor.ts';
import { cut, narrow, ofRows, transposed, wholeGroups, type Row } from './couples.ts';

const unit = unitOf(float32);
const sound = honest(unit);

const kernel =
  (compute: (x: Row, y: Row) => number): Mutants<'dotProduct'>['honest'] =>
  (input) => ({ similarity: ofRows(input, compute) });

const flush = (x: number): number => (Math.abs(x) < 2 ** -126 ? 0 : x);

export const dotProduct: Mutants<'dotProduct'> = {
  honest: sound,
  mutants: [
    {
      id: 'float16-sum',
      defect: 'classic',
      wrong: 'sums in float16',
      run: kernel(narrow('float16').dot),
    },
    {
      id: 'bfloat16-sum',
      defect: 'classic',
      wrong: 'sums in bfloat16',
      run: kernel(narrow('bfloat16').dot),
    },
    {
      id: 'bfloat16-inputs',
      defect: 'classic',
      wrong: 'cuts the inputs to bfloat16',
      run: kernel((x, y) => unit.dot(cut(x, 'bfloat16'), cut(y, 'bfloat16'))),
    },
    {
      id: 'flushes-subnormals',
      defect: 'numerics-subnormal-01',
      wrong: 'flushes products below 2^-126 to zero without saying so',
      run: kernel((x, y) =>
        unit.sum(x.map((value, i) => flush(unit.round(value * (y[i] ?? NaN))))),
      ),
    },
    {
      id: 'drops-last',
      defect: 'classic',
      wrong: 'the loop stops one short',
      run: kernel((x, y) => unit.dot(x.slice(0, -1), y)),
    },
    {
      id: 'drops-remainder',
      defect: 'classic',
      wrong: 'leaves out what does not fill a group of four',
      run: kernel((x, y) => unit.dot(wholeGroups(x, 4), y)),
    },
    {
      id: 'magnitude',
      defect: 'classic',
      wrong: 'gives the magnitude',
      run: kernel((x, y) => Math.abs(unit.dot(x, y))),
    },
    {
      id: 'mean',
      defect: 'classic',
      wrong: 'divides by the number of components',
      run: kernel((x, y) => unit.round(unit.dot(x, y) / x.length)),
    },
    {
      id: 'adds',
      defect: 'classic',
      wrong: 'adds the components instead of multiplying them',
      run: kernel((x, y) => unit.sum(x.map((value, i) => unit.round(value + (y[i] ?? NaN))))),
    },
    {
      id: 'wrong-axis',
      defect: 'classic',
      wrong: 'sums over the first axis of a square batch',
      run: withInput(sound, ({ a, b }) => ({ a: transposed(a), b: transposed(b) })),
    },
    {
      id: 'whole-tensor',
      defect: 'classic',
      wrong: 'gives every pair the sum over all',
      run: withOutput(sound, ({ similarity }) => ({
        similarity: tensor(
          'float32',
          similarity.shape,
          Array.from(similarity.data, () => unit.sum(Array.from(similarity.data))),
        ),
      })),
    },
    {
      id: 'stored-in-bfloat16',
      defect: 'classic',
      wrong: 'keeps one of the two in bfloat16, as a store does',
      run: kernel((x, y) => unit.dot(x, cut(y, 'bfloat16'))),
    },
  ],
};
