import type { Kernel } from '../../../conformance/interface/implementation.ts';
import { mapRows, type Unit } from '../machine.ts';

type Row = readonly number[];

/** By a root and quotients, by a reciprocal root, or by a root and its reciprocal: one for each kind of machine. */
export const unitOfRow =
  ({ round, dot, machine }: Unit) =>
  (row: Row): Row => {
    const square = dot(row, row);
    const length = round(Math.sqrt(square));
    if (machine.order === 'sequential') return row.map((x) => round(x / length));
    const scale = machine.order === 'pairwise' ? round(1 / Math.sqrt(square)) : round(1 / length);
    return row.map((x) => round(x * scale));
  };

/** A sound normalisation on any machine. */
export const unitNormalize =
  (unit: Unit): Kernel<'unitNormalize'> =>
  ({ input, zeroVector }) => ({
    output: mapRows(unit, input, (row) =>
      row.every((x) => x === 0)
        ? row.map(() => (zeroVector === 'zero' ? 0 : NaN))
        : unitOfRow(unit)(row),
    ),
  });
