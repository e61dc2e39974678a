import { inside, kept, named, type Arithmetic } from '../../spec/arithmetic.ts';
import { linearErrors, passedOn } from '../../spec/bounds/local.ts';
import { linear as spec } from '../../spec/layers/linear.ts';
import { columnsOf, rowsOf, type Grid } from '../../spec/tensor.ts';
import { reference } from '../reference.ts';

/** x·W + b for each row; a bias that is left out is 0. */
export function project<N>(
  arithmetic: Arithmetic<N>,
  rows: readonly (readonly N[])[],
  weight: Grid<N>,
  bias: Grid<N> | undefined,
): readonly (readonly N[])[] {
  const { add, dot, from } = arithmetic;
  const outputs = weight.shape[1] ?? 0;
  const zero = from(0);
  const columns = columnsOf(weight);
  const values = rows.flatMap((row) =>
    columns.map((column, o) => add(dot(row, column), bias?.data[o] ?? zero)),
  );
  const errors = linearErrors(rows, columns, bias?.data);
  return rowsOf({
    shape: [rows.length, outputs],
    data: kept(arithmetic, values, passedOn(values, errors)),
  });
}

const projectedRows: typeof project = (arithmetic, rows, weight, bias) => {
  const projected = project(arithmetic, rows, weight, bias);
  projected.forEach((row, i) => inside(arithmetic, 'row', i, () => named(arithmetic, 'y_o', row)));
  return projected;
};

export const linear = reference(spec, (arithmetic, { input, weight, bias }) => ({
  output: {
    shape: [...input.shape.slice(0, -1), weight.shape[1] ?? 0],
    data: projectedRows(arithmetic, rowsOf(input), weight, bias).flat(),
  },
}));
