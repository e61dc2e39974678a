import { inside, named } from '../../spec/arithmetic.ts';
import { logSoftmax as spec } from '../../spec/sampling/logSoftmax.ts';
import { mapRows, reference } from '../reference.ts';

export const logSoftmax = reference(spec, (arithmetic, { logits }) => ({
  logProbabilities: mapRows(logits, (row, i) =>
    inside(arithmetic, 'row', i, () => {
      const shift = named(arithmetic, 'max x', arithmetic.max(row));
      const shifted = row.map((x) => arithmetic.subtract(x, shift));
      named(arithmetic, 'x_j − max x', shifted);
      const weights = named(arithmetic, 'e^(x_j − max x)', shifted.map(arithmetic.exp));
      const logTotal = arithmetic.log(arithmetic.sum(weights));
      named(arithmetic, 'log Σ_i e^(x_i − max x)', logTotal);
      return named(
        arithmetic,
        'y_j',
        shifted.map((x) => arithmetic.subtract(x, logTotal)),
      );
    }),
  ),
}));
