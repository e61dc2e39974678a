import type { Entries, Entry } from '../../interface/implementation.ts';
import { ieee } from './numerics.ts';
import { applied, floats, rows } from './rows.ts';
import type { Operation, Runtime } from './runtime.ts';

const tokenEmbedding = (runtime: Runtime): Entry<'tokenEmbedding'> => ({
  run: async ({ table, ids }) => {
    const shape = [...ids.shape, table.shape[1] ?? 0];
    const places = { kind: 'int32', shape: ids.shape, data: ids.data } as const;
    return {
      output: await applied(runtime, { operator: 'Gather' }, [floats(table), places], shape),
    };
  },
});

const unitNormalize = (runtime: Runtime): Entry<'unitNormalize'> => ({
  numerics: ieee,
  options: { zeroVector: ['zero'] },
  run: async ({ input }) => {
    const operation: Operation = {
      operator: 'LpNormalization',
      attributes: { axis: { integer: -1 }, p: { integer: 2 } },
    };
    return { output: await applied(runtime, operation, [rows(input)], input.shape) };
  },
});

export const embedding = (runtime: Runtime): Entries => ({
  tokenEmbedding: tokenEmbedding(runtime),
  unitNormalize: unitNormalize(runtime),
});
