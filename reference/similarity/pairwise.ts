import { rowsOf, type Grid } from '../../spec/tensor.ts';

/** One number for each row of a and the row of b in the same place. */
export function pairwise<N>(
  a: Grid<N>,
  b: Grid<N>,
  compute: (x: readonly N[], y: readonly N[], index: number) => N,
): Grid<N> {
  const others = rowsOf(b);
  return {
    shape: a.shape.slice(0, -1),
    data: rowsOf(a).map((row, i) => compute(row, others[i] ?? [], i)),
  };
}
