import { kept, type Arithmetic } from '../../spec/arithmetic.ts';
import { passedOn, sumErrors } from '../../spec/bounds/local.ts';
import { addAndNorm as spec } from '../../spec/layers/addAndNorm.ts';
import type { Grid } from '../../spec/tensor.ts';
import { reference } from '../reference.ts';
import { normalizedRows } from './layerNorm.ts';

/** x + s, element by element: a residual connection. */
export function added<N>(arithmetic: Arithmetic<N>, input: Grid<N>, sublayer: Grid<N>): Grid<N> {
  const { add, from } = arithmetic;
  const values = input.data.map((x, i) => add(x, sublayer.data[i] ?? from(NaN)));
  return {
    shape: input.shape,
    data: kept(arithmetic, values, passedOn(values, sumErrors(values))),
  };
}

export const addAndNorm = reference(spec, (arithmetic, { input, sublayer, ...affine }) => ({
  output: normalizedRows(arithmetic, added(arithmetic, input, sublayer), affine),
}));
