import { temperature as spec } from '../../spec/sampling/temperature.ts';
import { mapRows, reference } from '../reference.ts';
import { greatest } from './greatest.ts';
import { normalizedExponentials } from './normalizedExponentials.ts';

export const temperature = reference(spec, (arithmetic, { logits, temperature: degree }) => ({
  probabilities: mapRows(logits, (row) => {
    if (degree === 0) {
      const chosen = greatest(arithmetic, row);
      return row.map((_, j) => arithmetic.from(j === chosen ? 1 : 0));
    }
    const divisor = arithmetic.from(degree);
    return normalizedExponentials(arithmetic, row.map((x) => arithmetic.divide(x, divisor)), 'nan');
  }),
}));
