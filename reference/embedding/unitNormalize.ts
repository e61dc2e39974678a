import { unitNormalize as spec } from '../../spec/embedding/unitNormalize.ts';
import { mapRows, reference } from '../reference.ts';

/** x / √(x · x): exact where the squared length is a square and the quotient a binary fraction. */
export const unitNormalize = reference(
  spec,
  ({ compare, divide, dot, from, sqrt }, { input, zeroVector }) => ({
    output: mapRows(input, (row) => {
      if (row.every((x) => compare(x, from(0)) === 0))
        return row.map(() => from(zeroVector === 'zero' ? 0 : NaN));
      const length = sqrt(dot(row, row));
      return row.map((x) => divide(x, length));
    }),
  }),
);
