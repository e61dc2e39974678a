import { logSoftmax as spec } from '../../spec/sampling/logSoftmax.ts';
import { mapRows, reference } from '../reference.ts';

export const logSoftmax = reference(spec, (arithmetic, { logits }) => ({
  logProbabilities: mapRows(logits, (row) => {
    const shift = arithmetic.max(row);
    const shifted = row.map((x) => arithmetic.subtract(x, shift));
    const logTotal = arithmetic.log(arithmetic.sum(shifted.map(arithmetic.exp)));
    return shifted.map((x) => arithmetic.subtract(x, logTotal));
  }),
}));
