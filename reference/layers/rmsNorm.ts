import { rmsNorm as spec } from '../../spec/layers/rmsNorm.ts';
import { mapRows, reference } from '../reference.ts';

export const rmsNorm = reference(
  spec,
  ({ add, divide, dot, from, multiply, sqrt }, { input, gain, epsilon }) => ({
    output: mapRows(input, (row) => {
      const meanSquare = divide(dot(row, row), from(row.length));
      const root = sqrt(add(meanSquare, from(epsilon)));
      return row.map((x, i) => multiply(gain.data[i] ?? from(NaN), divide(x, root)));
    }),
  }),
);
