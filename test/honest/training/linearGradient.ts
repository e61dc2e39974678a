import type { Kernel } from '../../../conformance/interface/implementation.ts';
import { columnsOf } from '../../../spec/bounds/linearGradient.ts';
import { rowsOf, type FloatTensor } from '../../../spec/tensor.ts';
import type { Unit } from '../machine.ts';

type Rows = readonly (readonly number[])[];

/** How the gradients of the parameters are added up over rows. */
export interface Sums {
  readonly weight: (x: readonly number[], g: readonly number[]) => number;
  readonly bias: (g: readonly number[]) => number;
}

export const sumsOf = ({ dot, sum }: Unit): Sums => ({ weight: dot, bias: sum });

/** The gradients of a linear map; the weights of g Wᵀ are given by rows. */
export const linearGradientOf =
  (
    unit: Unit,
    { weight: ofWeight, bias: ofBias }: Sums = sumsOf(unit),
    weightRows: (weight: FloatTensor) => Rows = rowsOf,
  ): Kernel<'linearGradient'> =>
  ({ input, weight, bias, outputGradient }) => {
    const [inputs = 0, outputs = 0] = weight.shape;
    const gradients = rowsOf(outputGradient);
    const columns = columnsOf(gradients, outputs);
    const rows = weightRows(weight);
    const inputGradient = gradients.flatMap((g) => rows.map((row) => unit.dot(g, row)));
    const weightGradient = columnsOf(rowsOf(input), inputs).flatMap((x) =>
      columns.map((column) => ofWeight(x, column)),
    );
    return {
      inputGradient: unit.store(input.shape, inputGradient),
      weightGradient: unit.store(weight.shape, weightGradient),
      ...(bias === undefined ? {} : { biasGradient: unit.store(bias.shape, columns.map(ofBias)) }),
    };
  };

/** Sound gradients of a linear map on any machine. */
export const linearGradient = (unit: Unit): Kernel<'linearGradient'> => linearGradientOf(unit);
