import { kept, type Arithmetic } from '../../spec/arithmetic.ts';
import { linearErrors, passedOn } from '../../spec/bounds/local.ts';
import { columnsOf } from '../../spec/bounds/linearGradient.ts';
import { linearGradient as spec } from '../../spec/training/linearGradient.ts';
import { rowsOf, type Grid } from '../../spec/tensor.ts';
import { linear } from '../layers/linear.ts';
import { reference } from '../reference.ts';
import { differentiate } from './differentiate.ts';

type Rows<N> = readonly (readonly N[])[];

/** The products of all rows with all columns, with what rounding does to them. */
function multiplied<N>(arithmetic: Arithmetic<N>, rows: Rows<N>, columns: Rows<N>): readonly N[] {
  const values = rows.flatMap((row) => columns.map((column) => arithmetic.dot(row, column)));
  return kept(arithmetic, values, passedOn(values, linearErrors(rows, columns, undefined)));
}

/** g Wᵀ, xᵀ g and Σ g of rows x and g. */
export function linearGradients<N>(
  arithmetic: Arithmetic<N>,
  rows: Rows<N>,
  weight: Grid<N>,
  gradients: Rows<N>,
): Readonly<Record<'input' | 'weight' | 'bias', readonly N[]>> {
  const [inputs = 0, outputs = 0] = weight.shape;
  const columns = columnsOf(gradients, outputs);
  const ones = rows.map(() => arithmetic.from(1));
  return {
    input: multiplied(arithmetic, gradients, rowsOf(weight)),
    weight: multiplied(arithmetic, columnsOf(rows, inputs), columns),
    bias: multiplied(arithmetic, [ones], columns),
  };
}

export const linearGradient = reference(
  spec,
  (arithmetic, { input, weight, bias, outputGradient }) => {
    if (bias === undefined) {
      const gradients = differentiate(
        arithmetic,
        { input, weight },
        (t, given) => linear(t, given).output,
        outputGradient,
      );
      return { inputGradient: gradients.input, weightGradient: gradients.weight };
    }
    const gradients = differentiate(
      arithmetic,
      { input, weight, bias },
      (t, given) => linear(t, given).output,
      outputGradient,
    );
    return {
      inputGradient: gradients.input,
      weightGradient: gradients.weight,
      biasGradient: gradients.bias,
    };
  },
  (arithmetic, { input, weight, bias, outputGradient }) => {
    const gradients = linearGradients(arithmetic, rowsOf(input), weight, rowsOf(outputGradient));
    return {
      inputGradient: { shape: input.shape, data: gradients.input },
      weightGradient: { shape: weight.shape, data: gradients.weight },
      ...(bias === undefined ? {} : { biasGradient: { shape: bias.shape, data: gradients.bias } }),
    };
  },
);
