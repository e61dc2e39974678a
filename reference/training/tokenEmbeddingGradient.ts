import { tokenEmbeddingGradient as spec } from '../../spec/training/tokenEmbeddingGradient.ts';
import { rowsOf } from '../../spec/tensor.ts';
import { tokenEmbedding } from '../embedding/tokenEmbedding.ts';
import { mapRows, reference } from '../reference.ts';
import { differentiate } from './differentiate.ts';

export const tokenEmbeddingGradient = reference(
  spec,
  (arithmetic, { table, ids, outputGradient }) => {
    const gradients = differentiate(
      arithmetic,
      { table },
      (t, given) => tokenEmbedding(t, { ...given, ids }).output,
      outputGradient,
    );
    return { tableGradient: gradients.table };
  },
  (arithmetic, { table, ids, outputGradient }) => {
    const gradients = rowsOf(outputGradient);
    return {
      tableGradient: mapRows(table, (row, id) => {
        const own = gradients.filter((_, t) => ids.data[t] === id);
        return row.map((_, i) => arithmetic.sum(own.flatMap((g) => g.slice(i, i + 1))));
      }),
    };
  },
);
