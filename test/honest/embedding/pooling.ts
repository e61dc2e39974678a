import type { Kernel } from '../../../conformance/interface/implementation.ts';
import { columnsOf, type Sequences } from '../../../spec/embedding/poolingInputs.ts';
import { greatestOf } from '../../../spec/extremes.ts';
import type { Unit } from '../machine.ts';

/** The sum of products with the mask over the count, or with its reciprocal; or the sum of quotients: one for each kind of machine. */
const meanOf =
  ({ round, sum, machine }: Unit) =>
  (column: readonly number[], weights: readonly number[]): number => {
    const count = round(weights.reduce((total, weight) => total + weight, 0));
    const terms = column.map((x, t) => x * (weights[t] ?? 0));
    if (machine.order === 'sequential') return round(sum(terms) / count);
    const share = round(1 / count);
    return machine.order === 'pairwise'
      ? round(sum(terms) * share)
      : sum(terms.map((x) => round(x * share)));
  };

/** One number of a column, by its mode. */
export const pooledOn =
  (unit: Unit) =>
  (mode: Sequences['mode'], column: readonly number[], weights: readonly number[]): number => {
    if (mode === 'mean') return meanOf(unit)(column, weights);
    const kept = column.filter((_, t) => weights[t] !== 0);
    if (mode === 'max') return greatestOf(kept);
    return (mode === 'first' ? kept[0] : kept.at(-1)) ?? NaN;
  };

/** A sound pooling on any machine. */
export const pooling =
  (unit: Unit): Kernel<'pooling'> =>
  (input) => ({
    output: unit.store(
      [input.hidden.shape[0] ?? 0, input.hidden.shape[2] ?? 0],
      columnsOf(input).flatMap(({ weights, columns }) =>
        columns.map((column) => pooledOn(unit)(input.mode, column, weights)),
      ),
    ),
  });
