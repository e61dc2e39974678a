import type { Arithmetic } from '../../spec/arithmetic.ts';
import type { Lifted } from '../../spec/component.ts';
import { mapLeaves } from '../../spec/leaves.ts';
import type { Grid } from '../../spec/tensor.ts';
import { isGrid } from '../evaluate.ts';

/** A value of the same form with other tensors in it, perhaps of another arithmetic. */
export function withGrids<T, N, M>(
  arithmetic: Arithmetic<N>,
  value: Lifted<T, N>,
  replace: (grid: Grid<N>, path: string) => Grid<M>,
): Lifted<T, M>;
export function withGrids<N>(
  arithmetic: Arithmetic<N>,
  value: unknown,
  replace: (grid: Grid<N>, path: string) => unknown,
): unknown {
  return mapLeaves(value, (leaf): leaf is Grid<N> => isGrid(arithmetic, leaf), replace);
}
