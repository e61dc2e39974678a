import type { Kernel } from '../../../conformance/interface/implementation.ts';
import { rowsOf, type FloatTensor } from '../../../spec/tensor.ts';
import type { Unit } from '../machine.ts';

type Row = readonly number[];

export const columnsOf = ({ shape, data }: FloatTensor): readonly Row[] => {
  const [height = 0, width = 0] = shape;
  return Array.from({ length: width }, (_, o) =>
    Array.from({ length: height }, (_row, i) => data[i * width + o] ?? NaN),
  );
};

/** The bias added at the end, and where sums are blocked, as their first term. */
const affine =
  ({ dot, round, machine }: Unit) =>
  (row: Row, column: Row, bias: number): number =>
    typeof machine.order === 'string'
      ? round(dot(row, column) + bias)
      : dot([bias, ...row], [1, ...column]);

/** A linear map made of what one output is. */
export const linearOf =
  (unit: Unit, output = affine(unit)): Kernel<'linear'> =>
  ({ input, weight, bias }) => {
    const columns = columnsOf(weight);
    const values = rowsOf(input).flatMap((row) =>
      columns.map((column, o) => output(row, column, bias?.data[o] ?? 0)),
    );
    return { output: unit.store([...input.shape.slice(0, -1), columns.length], values) };
  };

/** A sound linear map on any machine. */
export const linear = (unit: Unit): Kernel<'linear'> => linearOf(unit);
