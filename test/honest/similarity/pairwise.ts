import { rowsOf, type FloatTensor } from '../../../spec/tensor.ts';
import type { Unit } from '../machine.ts';

type Row = readonly number[];

/** One stored number for each row of a and the row of b in the same place. */
export function pairwise(
  { store }: Unit,
  { a, b }: { readonly a: FloatTensor; readonly b: FloatTensor },
  compute: (x: Row, y: Row) => number,
): FloatTensor {
  const others = rowsOf(b);
  return store(
    a.shape.slice(0, -1),
    rowsOf(a).map((row, i) => compute(row, others[i] ?? [])),
  );
}
