import type { Arithmetic } from '../../spec/arithmetic.ts';
import { pooling as spec } from '../../spec/embedding/pooling.ts';
import type { Sequences } from '../../spec/embedding/poolingInputs.ts';
import { rowsOf } from '../../spec/tensor.ts';
import { reference } from '../reference.ts';

/** One component of the vectors of the positions that count, made into one number. */
function pooled<N>(
  { divide, from, max, sum }: Arithmetic<N>,
  mode: Sequences['mode'],
  column: readonly N[],
): N {
  const missing = from(NaN);
  switch (mode) {
    case 'mean':
      return divide(sum(column), from(column.length));
    case 'max':
      return max(column);
    case 'first':
      return column[0] ?? missing;
    case 'last':
      return column.at(-1) ?? missing;
  }
}

export const pooling = reference(spec, (arithmetic, { hidden, mask, mode }) => {
  const [batch = 0, length = 0, width = 0] = hidden.shape;
  const vectors = rowsOf(hidden);
  const data = rowsOf(mask).flatMap((kept, b) => {
    const those = vectors.slice(b * length, (b + 1) * length).filter((_, t) => kept[t] !== 0);
    return Array.from({ length: width }, (_, d) =>
      pooled(
        arithmetic,
        mode,
        those.flatMap((vector) => vector.slice(d, d + 1)),
      ),
    );
  });
  return { output: { shape: [batch, width], data } };
});
