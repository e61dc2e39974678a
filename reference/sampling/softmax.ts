import { inside } from '../../spec/arithmetic.ts';
import { softmax as spec } from '../../spec/sampling/softmax.ts';
import { mapRows, reference } from '../reference.ts';
import { normalizedExponentials } from './normalizedExponentials.ts';

export const softmax = reference(spec, (arithmetic, { logits, emptyRow }) => ({
  probabilities: mapRows(logits, (row, i) =>
    inside(arithmetic, 'row', i, () => normalizedExponentials(arithmetic, row, emptyRow)),
  ),
}));
