import type { Input } from '../../../spec/index.ts';
import { mapped } from '../../../spec/laws.ts';
import { roundTo } from '../../../spec/format.ts';
import { rowsOf, tensor, type FloatTensor } from '../../../spec/tensor.ts';
import { linear as honest, linearOf } from '../../honest/layers/linear.ts';
import { float32, unitOf } from '../../honest/machine.ts';
import { withInput, withOutput, type Mutants } from '../mutant.ts';

const unit = unitOf(float32);
const { dot, round } = unit;
const sound = honest(unit);
const narrow = (accumulate: 'float16' | 'bfloat16') => unitOf({ ...float32, accumulate });

/** The elements of [I, O] taken for those of [O, I]: x Wᵀ of what is in memory. */
const misread = (weight: FloatTensor): FloatTensor => {
  const [inputs = 0, outputs = 0] = weight.shape;
  return tensor(
    'float32',
    weight.shape,
    Array.from(
      weight.data,
      (_, at) => weight.data[(at % outputs) * inputs + Math.floor(at / outputs)] ?? NaN,
    ),
  );
};

const withBias = (
  change: (bias: number, row: number, output: number, input: Input<'linear'>) => number,
): Mutants<'linear'>['honest'] =>
  withOutput(
    ({ input, weight }) => sound({ input, weight }),
    ({ output }, input) => {
      const width = output.shape.at(-1) ?? 1;
      return {
        output: mapped(output, (y, at) =>
          input.bias === undefined
            ? y
            : round(
                y +
                  change(
                    input.bias.data[at % width] ?? NaN,
                    Math.floor(at / width),
                    at % width,
                    input,
                  ),
              ),
        ),
      };
    },
  );

export const linear: Mutants<'linear'> = {
  honest: sound,
  mutants: [
    {
      id: 'transposed',
      defect: 'classic',
      wrong: 'takes the weights for [outputs, inputs]',
      run: withInput(sound, (input) => ({ ...input, weight: misread(input.weight) })),
    },
    { id: 'without-bias', defect: 'classic', wrong: 'forgets the bias', run: withBias(() => 0) },
    {
      id: 'bias-by-row',
      defect: 'classic',
      wrong: 'adds the bias by row where there are as many rows as outputs',
      run: withBias((bias, row, _output, { input, bias: all }) =>
        rowsOf(input).length === all?.data.length ? (all.data[row] ?? NaN) : bias,
      ),
    },
    {
      id: 'first-bias',
      defect: 'classic',
      wrong: 'adds the first bias to every output',
      run: withBias((bias, _row, _output, { bias: all }) => all?.data[0] ?? bias),
    },
    {
      id: 'bias-twice',
      defect: 'classic',
      wrong: 'adds the bias twice',
      run: withBias((bias) => 2 * bias),
    },
    {
      id: 'bias-subtracted',
      defect: 'classic',
      wrong: 'subtracts the bias',
      run: withBias((bias) => -bias),
    },
    {
      id: 'float16-sum',
      defect: 'classic',
      wrong: 'sums in float16',
      run: linearOf({ ...narrow('float16'), store: unit.store }),
    },
    {
      id: 'bfloat16-sum',
      defect: 'classic',
      wrong: 'sums in bfloat16',
      run: linearOf({ ...narrow('bfloat16'), store: unit.store }),
    },
    {
      id: 'bfloat16-weights',
      defect: 'classic',
      wrong: 'cuts the weights to bfloat16',
      run: withInput(sound, (input) => ({
        ...input,
        weight: mapped(input.weight, (w) => roundTo(w, 'bfloat16')),
      })),
    },
    {
      id: 'bfloat16-inputs',
      defect: 'classic',
      wrong: 'cuts the inputs to bfloat16',
      run: withInput(sound, (input) => ({
        ...input,
        input: mapped(input.input, (x) => roundTo(x, 'bfloat16')),
      })),
    },
    {
      id: 'drops-last',
      defect: 'classic',
      wrong: 'the loop over the inputs stops one short',
      run: linearOf(unit, (row, column, bias) => round(dot(row.slice(0, -1), column) + bias)),
    },
    {
      id: 'drops-remainder',
      defect: 'classic',
      wrong: 'leaves out inputs that do not fill a tile of four',
      run: linearOf(unit, (row, column, bias) =>
        round(dot(row.slice(0, row.length - (row.length % 4)), column) + bias),
      ),
    },
    {
      id: 'first-row-for-all',
      defect: 'classic',
      wrong: 'gives every row the output of the first',
      run: withOutput(sound, ({ output }) => ({
        output: mapped(output, (_, at) => output.data[at % (output.shape.at(-1) ?? 1)] ?? NaN),
      })),
    },
    {
      id: 'clipped',
      defect: 'classic',
      wrong: 'applies relu',
      run: withOutput(sound, ({ output }) => ({ output: mapped(output, (y) => (y < 0 ? 0 : y)) })),
    },
    {
      id: 'skips-zeros',
      defect: 'classic',
      wrong: 'skips zero inputs, whose product with infinity is NaN',
      run: linearOf(unit, (row, column, bias) =>
        round(unit.sum(row.map((x, i) => (x === 0 ? 0 : round(x * (column[i] ?? NaN))))) + bias),
      ),
    },
  ],
};
