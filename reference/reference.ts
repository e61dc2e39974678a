import type { Arithmetic } from '../spec/arithmetic.ts';
import type { Component, Lifted } from '../spec/component.ts';
import { rowsOf, type Grid } from '../spec/tensor.ts';

/**
 * How a component is computed, in any arithmetic. `chosen` holds the discrete outputs of an implementation under test where the spec
 * admitted them: the float outputs are then the exact ones given that choice.
 */
export type Reference<I, O> = <N>(
  arithmetic: Arithmetic<N>,
  input: Lifted<I, N>,
  chosen?: Partial<O>,
) => Lifted<O, N>;

/** Ties a computation to the spec whose input and output it has. */
export const reference = <I, O, R>(
  _component: Component<I, O, R>,
  compute: Reference<I, O>,
): Reference<I, O> => compute;

/** Maps each row to a row of the same length. */
export const mapRows = <N>(
  grid: Grid<N>,
  compute: (row: readonly N[], index: number) => readonly N[],
): Grid<N> => ({
  shape: grid.shape,
  data: rowsOf(grid).flatMap(compute),
});
