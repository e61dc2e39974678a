import type { Arithmetic } from '../arithmetic.ts';
import { meanError } from '../bounds/attention.ts';
import { dotBound } from '../bounds/dot.ts';
import type { Rounding } from '../numerics.ts';
import { rowsOf, type FloatTensor } from '../tensor.ts';
import { attentionRows, geometryOf, type AttentionInput } from './rows.ts';

/**
 * How far each element of an attention's output may be from the exact one: every query mixes the
 * columns of its values.
 */
export function mixtureErrors<N>(
  a: Arithmetic<N>,
  rounding: Rounding,
  input: AttentionInput & { readonly value: FloatTensor },
  exact: readonly N[],
): readonly N[] {
  const { keyLength } = geometryOf(input);
  const width = input.value.shape.at(-1) ?? 1;
  const stored = rowsOf(input.value);
  return attentionRows(a, rounding, input).flatMap(({ block, keys, weights }, row) => {
    const ones = keys.map(() => 1);
    return Array.from({ length: width }, (_, c) => {
      if (keys.length === 0) return a.from(0);
      const column = keys.map((j) => stored[block * keyLength + j]?.[c] ?? NaN);
      return meanError(a, rounding, weights, {
        values: column.map(a.from),
        errors: undefined,
        mean: exact[row * width + c] ?? a.from(NaN),
        exactSum: dotBound(rounding, ones, column).error === 0,
      });
    });
  });
}
