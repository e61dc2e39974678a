import { tokenEmbedding as spec } from '../../spec/embedding/tokenEmbedding.ts';
import { rowsOf } from '../../spec/tensor.ts';
import { reference } from '../reference.ts';

export const tokenEmbedding = reference(spec, (_arithmetic, { table, ids }) => {
  const rows = rowsOf(table);
  return {
    output: {
      shape: [...ids.shape, table.shape[1] ?? 0],
      data: Array.from(ids.data).flatMap((id) => rows[id] ?? []),
    },
  };
});
