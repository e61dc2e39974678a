import type { Lifted } from '../spec/component.ts';
import { leavesOf, mapLeaves } from '../spec/leaves.ts';
import type { Rounding } from '../spec/numerics.ts';
import type { Grid } from '../spec/tensor.ts';
import { deviating, Wandering } from './arithmetics/deviating.ts';
import type { Enclosing } from './arithmetics/enclosing.ts';
import { isGrid, lift } from './evaluate.ts';
import type { Reference } from './reference.ts';

/** The float tensors of a lifted output, by path. */
export const gridsOf = <N>(
  arithmetic: Pick<Enclosing<N>, 'from'>,
  output: unknown,
): ReadonlyMap<string, Grid<N>> =>
  new Map(leavesOf(output, (value): value is Grid<N> => isGrid(arithmetic, value)));

/** An output with its float tensors left out. */
export const discreteOf = <N>(
  arithmetic: Pick<Enclosing<N>, 'from'>,
  output: unknown,
): ReadonlyMap<string, unknown> => {
  const isNumbers = (value: unknown): value is Grid<N> => isGrid(arithmetic, value);
  return new Map(
    Object.entries(output ?? {}).map(([field, value]) => [
      field,
      mapLeaves(value, isNumbers, () => null),
    ]),
  );
};

/** The exact output of a composition, its discrete part apart, and its composed bounds, by the path of the tensor. */
export interface Composed<N> {
  readonly discrete: ReadonlyMap<string, unknown>;
  readonly exact: ReadonlyMap<string, Grid<N>>;
  readonly bounds: ReadonlyMap<string, readonly N[]>;
}

/**
 * The bound that follows from how a component is put together: each part may be off by its own local error, and the arithmetic carries that to
 * the output. The parts are those of the reference, or of its closed form where it has one. Infinite where a decision on the way may go either way.
 */
export function composed<I, O, N>(
  arithmetic: Enclosing<N>,
  reference: Reference<I, O>,
  input: I,
  rounding: Rounding,
  chosen: Partial<O>,
): Composed<N> {
  const exactly = () => {
    const found: Lifted<O, N> = reference(arithmetic, lift(arithmetic, input), chosen);
    return { exact: gridsOf(arithmetic, found), discrete: discreteOf(arithmetic, found) };
  };
  const deviations = deviating(arithmetic, rounding);
  const inParts = reference.closedForm ?? reference;
  try {
    const found = inParts(deviations, lift(deviations, input), chosen);
    const parts = gridsOf(deviations, found);
    const values = () => ({
      exact: new Map(
        [...parts].map(([path, { shape, data }]) => [
          path,
          { shape, data: data.map(({ value }) => value) },
        ]),
      ),
      discrete: discreteOf(deviations, found),
    });
    return {
      ...(reference.closedForm === undefined ? values() : exactly()),
      bounds: new Map(
        [...parts].map(([path, { data }]) => [
          path,
          data.map((value) => arithmetic.from(deviations.radius(value))),
        ]),
      ),
    };
  } catch (error) {
    if (!(error instanceof Wandering)) throw error;
    const found = exactly();
    const nothing = arithmetic.from(Infinity);
    return {
      ...found,
      bounds: new Map([...found.exact].map(([path, { data }]) => [path, data.map(() => nothing)])),
    };
  }
}
