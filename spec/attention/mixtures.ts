import { readAll, type Arithmetic } from '../arithmetic.ts';
import { meanErrors } from '../bounds/attention.ts';
import { dotBound } from '../bounds/dot.ts';
import type { Rounding } from '../numerics.ts';
import type { FloatTensor } from '../tensor.ts';
import { attentionRows, geometryOf, type AttentionInput } from './rows.ts';

/** The columns of a block of values; made once for each block that is asked for. */
function columnsBy(value: FloatTensor, keyLength: number) {
  const width = value.shape.at(-1) ?? 1;
  const made = new Map<number, readonly Float64Array[]>();
  return (block: number): readonly Float64Array[] => {
    const known = made.get(block);
    if (known !== undefined) return known;
    const columns = Array.from({ length: width }, (_, c) => {
      const column = new Float64Array(keyLength);
      for (let j = 0; j < keyLength; j += 1)
        column[j] = value.data[(block * keyLength + j) * width + c] ?? NaN;
      return column;
    });
    made.set(block, columns);
    return columns;
  };
}

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
  const columnsOf = columnsBy(input.value, keyLength);
  return attentionRows(a, rounding, input, ({ block, keys, weights }, row) => {
    if (keys.length === 0) return new Array<N>(width).fill(a.from(0));
    const isWhole = keys.length === keyLength;
    const columns = columnsOf(block).map((values, c) => ({
      values,
      mean: exact[row * width + c] ?? a.from(NaN),
      exactSum: () => isSumExact(rounding, isWhole ? values : keys.map((j) => values[j] ?? NaN)),
    }));
    return readAll(a, meanErrors(a, rounding, weights, columns, isWhole ? undefined : keys));
  });
}

const isSumExact = (rounding: Rounding, column: ArrayLike<number>): boolean =>
  dotBound(rounding, new Float64Array(column.length).fill(1), column).error === 0;
