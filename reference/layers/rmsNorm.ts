import { inside, named } from '../../spec/arithmetic.ts';
import { rmsNorm as spec } from '../../spec/layers/rmsNorm.ts';
import { mapRows, reference } from '../reference.ts';

export const rmsNorm = reference(spec, (arithmetic, { input, gain, epsilon }) => {
  const { add, divide, dot, from, multiply, sqrt } = arithmetic;
  const normalized = (row: readonly (typeof gain.data)[number][]) => {
    const meanSquare = divide(dot(row, row), from(row.length));
    named(arithmetic, '1/D Σ_j x_j²', meanSquare);
    const root = sqrt(add(meanSquare, from(epsilon)));
    named(arithmetic, '√(1/D Σ_j x_j² + ε)', root);
    const values = row.map((x, i) => multiply(gain.data[i] ?? from(NaN), divide(x, root)));
    return named(arithmetic, 'y_i', values);
  };
  return {
    output: mapRows(input, (row, i) => inside(arithmetic, 'row', i, () => normalized(row))),
  };
});
