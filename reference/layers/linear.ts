import { linear as spec } from '../../spec/layers/linear.ts';
import { rowsOf } from '../../spec/tensor.ts';
import { reference } from '../reference.ts';

export const linear = reference(spec, ({ add, dot, from }, { input, weight, bias }) => {
  const [inputs = 0, outputs = 0] = weight.shape;
  const zero = from(0);
  const columns = Array.from({ length: outputs }, (_, o) =>
    Array.from({ length: inputs }, (_row, i) => weight.data[i * outputs + o] ?? zero),
  );
  return {
    output: {
      shape: [...input.shape.slice(0, -1), outputs],
      data: rowsOf(input).flatMap((row) =>
        columns.map((column, o) => add(dot(row, column), bias?.data[o] ?? zero)),
      ),
    },
  };
});
