import type { Arithmetic } from '../spec/arithmetic.ts';
import type { Component, Lifted } from '../spec/component.ts';
import { flatMapRows, type Grid } from '../spec/tensor.ts';

/**
 * How a component is computed, in any arithmetic. `chosen` holds the discrete outputs of an implementation under test where the spec
 * admitted them: the float outputs are then the exact ones given that choice.
 */
export type Computation<I, O> = <N>(
  arithmetic: Arithmetic<N>,
  input: Lifted<I, N>,
  chosen?: Partial<O>,
) => Lifted<O, N>;

/** A computation that may have a second: the form in which textbooks give it and implementations compute it, which composed bounds follow. */
export type Reference<I, O> = Computation<I, O> & { readonly closedForm?: Computation<I, O> };

/** Ties a computation to the spec whose input and output it has. */
export const reference = <I, O, R>(
  _component: Component<I, O, R>,
  compute: Computation<I, O>,
  closedForm?: Computation<I, O>,
): Reference<I, O> =>
  closedForm === undefined ? compute : Object.assign(compute.bind(undefined), { closedForm });

/** Maps each row to a row of the same length. */
export const mapRows = <N>(
  grid: Grid<N>,
  compute: (row: readonly N[], index: number) => readonly N[],
): Grid<N> => ({
  shape: grid.shape,
  data: flatMapRows(grid, compute),
});
