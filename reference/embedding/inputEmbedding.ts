import { kept } from '../../spec/arithmetic.ts';
import { embeddingErrors } from '../../spec/bounds/embedding.ts';
import { passedOn } from '../../spec/bounds/local.ts';
import { inputEmbedding as spec } from '../../spec/embedding/inputEmbedding.ts';
import { rowsOf } from '../../spec/tensor.ts';
import { reference } from '../reference.ts';

/** scale · token + position + segment: a segment that is left out is the first, where there is a table. */
export const inputEmbedding = reference(spec, (arithmetic, input) => {
  const { tokenTable, positionTable, segmentTable, ids, segments, scale } = input;
  const [batch = 0, length = 0] = ids.shape;
  const width = tokenTable.shape[1] ?? 0;
  const factor = arithmetic.from(scale);
  const missing = arithmetic.from(NaN);
  const [tokens, positions] = [rowsOf(tokenTable), rowsOf(positionTable)];
  const kinds = segmentTable && rowsOf(segmentTable);
  const terms = Array.from(ids.data).flatMap((id, at) => {
    const token = tokens[id];
    const others = [positions[at % length], kinds?.[segments?.data[at] ?? 0]];
    return Array.from({ length: width }, (_, d) => [
      arithmetic.multiply(factor, token?.[d] ?? missing),
      ...others.flatMap((row) => (row === undefined ? [] : row.slice(d, d + 1))),
    ]);
  });
  const values = terms.map(arithmetic.sum);
  const errors = embeddingErrors(terms, values, scale);
  return {
    output: {
      shape: [batch, length, width],
      data: kept(arithmetic, values, passedOn(values, errors)),
    },
  };
});
