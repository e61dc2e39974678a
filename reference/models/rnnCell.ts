import { rnnCell as spec } from '../../spec/models/rnnCell.ts';
import { rowsOf } from '../../spec/tensor.ts';
import { mapRows, reference } from '../reference.ts';
import { preactivation, tanhOf } from './gates.ts';

export const rnnCell = reference(spec, (arithmetic, { input, state, weights }) => {
  const inputs = rowsOf(input);
  return {
    state: mapRows(state, (row, i) =>
      tanhOf(arithmetic, preactivation(arithmetic, inputs[i] ?? [], row, weights)),
    ),
  };
});
