import { shiftRight as spec } from '../../spec/training/shiftRight.ts';
import { rowsOf, tensor } from '../../spec/tensor.ts';
import { reference } from '../reference.ts';

export const shiftRight = reference(spec, (_arithmetic, { ids, start }) => ({
  ids: tensor(
    'int32',
    ids.shape,
    rowsOf(ids).flatMap((row) => row.map((_, t) => row[t - 1] ?? start)),
  ),
}));
