import type { Kernel } from '../../../conformance/interface/implementation.ts';
import { rowsOf } from '../../../spec/tensor.ts';
import type { Unit } from '../machine.ts';

/** A sound lookup on any machine. */
export const tokenEmbedding =
  ({ store }: Unit): Kernel<'tokenEmbedding'> =>
  ({ table, ids }) => {
    const rows = rowsOf(table);
    return {
      output: store(
        [...ids.shape, table.shape[1] ?? 0],
        Array.from(ids.data).flatMap((id) => rows[id] ?? []),
      ),
    };
  };
