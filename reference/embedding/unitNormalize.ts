import { inside, named } from '../../spec/arithmetic.ts';
import { unitNormalize as spec } from '../../spec/embedding/unitNormalize.ts';
import { mapRows, reference } from '../reference.ts';

/** x / √(x · x): exact where the squared length is a square and the quotient a binary fraction. */
export const unitNormalize = reference(spec, (arithmetic, { input, zeroVector }) => ({
  output: mapRows(input, (row, i) =>
    inside(arithmetic, 'row', i, () => {
      const { compare, divide, dot, from, sqrt } = arithmetic;
      if (row.every((x) => compare(x, from(0)) === 0))
        return row.map(() => from(zeroVector === 'zero' ? 0 : NaN));
      const length = named(arithmetic, '‖x‖', sqrt(dot(row, row)));
      return named(
        arithmetic,
        'y = x / ‖x‖',
        row.map((x) => divide(x, length)),
      );
    }),
  ),
}));
