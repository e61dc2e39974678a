import type { Kernel } from '../../../conformance/interface/implementation.ts';
import { rowsOf } from '../../../spec/tensor.ts';
import type { Unit } from '../machine.ts';

type Row = readonly number[];

/** What becomes of the gradients of one token, in the order of their places. */
export type Gather = (gradients: readonly number[]) => number;

/** A table's gradient; each token's own are gathered. */
export const tokenEmbeddingGradientOf =
  (unit: Unit, gather: Gather = unit.sum): Kernel<'tokenEmbeddingGradient'> =>
  ({ table, ids, outputGradient }) => {
    const owned = rowsOf(table).map((): Row[] => []);
    for (const [t, g] of rowsOf(outputGradient).entries()) owned[ids.data[t] ?? NaN]?.push(g);
    const width = table.shape[1] ?? 0;
    const values = owned.flatMap((own) =>
      Array.from({ length: width }, (_, i) => gather(own.map((g) => g[i] ?? NaN))),
    );
    return { tableGradient: unit.store(table.shape, values) };
  };

/** A sound gradient of a lookup on any machine. */
export const tokenEmbeddingGradient = (unit: Unit): Kernel<'tokenEmbeddingGradient'> =>
  tokenEmbeddingGradientOf(unit);
