import type { Kernel } from '../../../conformance/interface/implementation.ts';
import { rowsOf } from '../../../spec/tensor.ts';
import type { Unit } from '../machine.ts';

/** A sound cut out of the table on any machine. */
export const learnedPositions =
  ({ store }: Unit): Kernel<'learnedPositions'> =>
  ({ table, length, offset }) => ({
    positions: store(
      [length, table.shape[1] ?? 0],
      rowsOf(table)
        .slice(offset, offset + length)
        .flat(),
    ),
  });
