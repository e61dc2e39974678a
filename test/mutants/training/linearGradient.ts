import { staleLastGradient } from '../classics.ts';
import { roundTo } from '../../../spec/format.ts';
import { mapped, rearranged } from '../../../spec/laws.ts';
import { rowsOf, tensor, type FloatTensor } from '../../../spec/tensor.ts';
import { columnsOf } from '../../honest/layers/linear.ts';
import { float32, unitOf } from '../../honest/machine.ts';
import { linearGradientOf, sumsOf } from '../../honest/training/linearGradient.ts';
import { withInput, withOutput, type Mutants } from '../mutant.ts';

const f = Math.fround;
const unit = unitOf(float32);
const sums = sumsOf(unit);
const sound = linearGradientOf(unit);

const narrow = (terms: readonly number[]): number =>
  terms.reduce((total, x) => roundTo(total + x, 'float16'), 0);

const squareTransposed = (matrix: FloatTensor): FloatTensor => {
  const [rows = 0, columns = 0] = matrix.shape;
  return rows === columns
    ? rearranged(matrix, matrix.shape, (i) => (i % columns) * rows + Math.floor(i / columns))
    : matrix;
};

/** Blocks of two rows that are full. */
const fullBlocks = (terms: readonly number[]): readonly number[] =>
  terms.length < 2 ? terms : terms.slice(0, terms.length - (terms.length % 2));

const firstAxis = (source: FloatTensor): FloatTensor => {
  const rows = source.shape[0] ?? 1;
  return source.shape.length < 3
    ? source
    : tensor(source.dtype, [rows, source.shape.at(-1) ?? 1], rowsOf(source).slice(0, rows).flat());
};

export const linearGradient: Mutants<'linearGradient'> = {
  honest: sound,
  mutants: [
    {
      id: 'untransposed',
      defect: 'classic',
      wrong: 'g W instead of g Wᵀ where W is square',
      run: linearGradientOf(unit, sums, (weight) =>
        weight.shape[0] === weight.shape[1] ? columnsOf(weight) : rowsOf(weight),
      ),
    },
    {
      id: 'weights-transposed',
      defect: 'classic',
      wrong: 'gᵀ x instead of xᵀ g where the weights are square',
      run: withOutput(sound, (output) => ({
        ...output,
        weightGradient: squareTransposed(output.weightGradient),
      })),
    },
    {
      id: 'drops-last-block',
      defect: 'gradients-02',
      wrong: 'adds up the full blocks of rows only',
      run: linearGradientOf(unit, {
        weight: (x, g) => unit.dot(fullBlocks(x), fullBlocks(g)),
        bias: (g) => unit.sum(fullBlocks(g)),
      }),
    },
    {
      id: 'rows-of-the-first-axis',
      defect: 'gradients-01',
      wrong: 'counts rows along the first axis, though there are more axes before the last',
      run: async (input) => {
        const parameters = await sound({
          ...input,
          input: firstAxis(input.input),
          outputGradient: firstAxis(input.outputGradient),
        });
        const { inputGradient } = await sound(input);
        return { ...parameters, inputGradient };
      },
    },
    {
      id: 'bias-of-the-last-row',
      defect: 'classic',
      wrong: 'the bias gradient of the last row alone',
      run: linearGradientOf(unit, { ...sums, bias: (g) => g.at(-1) ?? 0 }),
    },
    {
      id: 'weight-overwritten',
      defect: 'classic',
      wrong: 'overwrites the weight gradient for each row instead of adding to it',
      run: linearGradientOf(unit, {
        ...sums,
        weight: (x, g) => f((x.at(-1) ?? 0) * (g.at(-1) ?? 0)),
      }),
    },
    {
      id: 'mean-over-rows',
      defect: 'classic',
      wrong: 'divides the gradients of the parameters by the number of rows',
      run: linearGradientOf(unit, {
        weight: (x, g) => (x.length === 0 ? 0 : f(unit.dot(x, g) / x.length)),
        bias: (g) => (g.length === 0 ? 0 : f(unit.sum(g) / g.length)),
      }),
    },
    {
      id: 'no-bias-gradient',
      defect: 'classic',
      wrong: 'gives no bias gradient although there is a bias',
      run: withOutput(sound, ({ inputGradient, weightGradient }) => ({
        inputGradient,
        weightGradient,
      })),
    },
    {
      id: 'bias-gradient-of-no-bias',
      defect: 'classic',
      wrong: 'gives a bias gradient although there is no bias',
      run: withInput(sound, (input) => ({
        ...input,
        bias:
          input.bias ??
          tensor('float32', input.weight.shape.slice(1), rowsOf(input.weight)[0] ?? []),
      })),
    },
    {
      id: 'skips-zeros',
      defect: 'classic',
      wrong: 'skips zeros of the gradient, though 0 · ∞ is NaN',
      run: async (input) => {
        const output = await sound(input);
        const rows = rowsOf(input.weight);
        const values = rowsOf(input.outputGradient).flatMap((g) =>
          rows.map((row) => unit.sum(g.map((x, o) => (x === 0 ? 0 : f(x * (row[o] ?? NaN)))))),
        );
        return { ...output, inputGradient: unit.store(input.input.shape, values) };
      },
    },
    {
      id: 'float16-sum',
      defect: 'classic',
      wrong: 'adds the rows up in float16',
      run: linearGradientOf(unit, {
        weight: (x, g) => narrow(x.map((v, i) => f(v * (g[i] ?? NaN)))),
        bias: narrow,
      }),
    },
    {
      id: 'adds-the-weights',
      defect: 'classic',
      wrong: 'adds a weight decay that nobody asked for',
      run: withOutput(sound, (output, { weight }) => ({
        ...output,
        weightGradient: unit.store(
          weight.shape,
          Array.from(output.weightGradient.data, (g, i) =>
            f(g + f(0.01 * (weight.data[i] ?? NaN))),
          ),
        ),
      })),
    },
    {
      id: 'decay-of-the-bias',
      defect: 'classic',
      wrong: 'adds weight decay to the gradient of the bias',
      run: withOutput(sound, (output, { bias }) => ({
        ...output,
        biasGradient:
          output.biasGradient &&
          mapped(output.biasGradient, (g, i) => f(g + f(0.01 * (bias?.data[i] ?? NaN)))),
      })),
    },
    staleLastGradient(sound),
  ],
};
