import { temperature as spec } from '../../spec/sampling/temperature.ts';
import { mapRows, reference } from '../reference.ts';
import { tempered } from './filters.ts';
import { greatest } from './greatest.ts';
import { normalizedExponentials } from './normalizedExponentials.ts';

export const temperature = reference(spec, (arithmetic, { logits, temperature: degree }) => ({
  probabilities: mapRows(logits, (row) => {
    if (degree > 0)
      return normalizedExponentials(arithmetic, tempered(arithmetic, row, degree), 'nan');
    const chosen = greatest(arithmetic, row);
    return row.map((_, j) => arithmetic.from(j === chosen ? 1 : 0));
  }),
}));
