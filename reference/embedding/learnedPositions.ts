import { learnedPositions as spec } from '../../spec/embedding/learnedPositions.ts';
import { rowsOf } from '../../spec/tensor.ts';
import { reference } from '../reference.ts';

export const learnedPositions = reference(spec, (_arithmetic, { table, length, offset }) => ({
  positions: {
    shape: [length, table.shape[1] ?? 0],
    data: rowsOf(table)
      .slice(offset, offset + length)
      .flat(),
  },
}));
