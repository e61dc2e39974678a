import { inside, told } from '../../spec/arithmetic.ts';
import { temperature as spec } from '../../spec/sampling/temperature.ts';
import { mapRows, reference } from '../reference.ts';
import { tempered } from './filters.ts';
import { greatest } from './greatest.ts';
import { normalizedExponentials, type StepNames } from './normalizedExponentials.ts';

const names: StepNames = {
  exponentials: 'e^((x_j − max x) / T)',
  total: 'Σ_i e^((x_i − max x) / T)',
  probabilities: 'p_j',
};

export const temperature = reference(spec, (arithmetic, { logits, temperature: degree }) => ({
  probabilities: mapRows(logits, (row, i) =>
    inside(arithmetic, 'row', i, () => {
      if (degree > 0)
        return normalizedExponentials(arithmetic, tempered(arithmetic, row, degree), 'nan', names);
      const chosen = greatest(arithmetic, row);
      told(arithmetic, 'argmax_j x_j', () => new Set([chosen]));
      return row.map((_, j) => arithmetic.from(j === chosen ? 1 : 0));
    }),
  ),
}));
