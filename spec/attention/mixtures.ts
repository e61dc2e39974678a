import { readAll, type Arithmetic } from '../arithmetic.ts';
import { meanErrors } from '../bounds/attention.ts';
import { dotBound } from '../bounds/dot.ts';
import type { Rounding } from '../numerics.ts';
import type { FloatTensor } from '../tensor.ts';
import { attentionRows, geometryOf, type AttentionInput } from './rows.ts';

/** A column of one block of values: as stored, read, and in magnitude. */
interface ValueColumn<N> {
  readonly stored: Float64Array;
  readonly values: readonly N[];
  readonly magnitudes: readonly N[];
  readonly isFinite: boolean;
}

/** The columns of a block of values; made once for each block that is asked for. */
function columnsBy<N>(a: Arithmetic<N>, value: FloatTensor, keyLength: number) {
  const width = value.shape.at(-1) ?? 1;
  const made = new Map<number, readonly ValueColumn<N>[]>();
  return (block: number): readonly ValueColumn<N>[] => {
    const known = made.get(block);
    if (known !== undefined) return known;
    const columns = Array.from({ length: width }, (_, c) => {
      const stored = new Float64Array(keyLength);
      let total = 0;
      for (let j = 0; j < keyLength; j += 1) {
        const x = value.data[(block * keyLength + j) * width + c] ?? NaN;
        stored[j] = x;
        total += Math.abs(x);
      }
      const magnitudes = readAll(a, stored.map(Math.abs));
      return { stored, values: readAll(a, stored), magnitudes, isFinite: total < Infinity };
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
  const columnsOf = columnsBy(a, input.value, keyLength);
  return attentionRows(a, rounding, input, ({ block, keys, weights }, row) => {
    if (keys.length === 0) return new Array<N>(width).fill(a.from(0));
    const columns = columnsOf(block);
    const isWhole = keys.length === keyLength;
    const isSpread = !isWhole && columns.every(({ isFinite }) => isFinite);
    const chosen = columns.map(({ stored, values, magnitudes }, c) => ({
      values:
        isWhole || isSpread
          ? values
          : readAll(
              a,
              keys.map((j) => stored[j] ?? NaN),
            ),
      ...(isWhole || isSpread ? { magnitudes } : {}),
      errors: undefined,
      mean: exact[row * width + c] ?? a.from(NaN),
      exactSum: () => isSumExact(rounding, isWhole ? stored : keys.map((j) => stored[j] ?? NaN)),
    }));
    return meanErrors(a, rounding, weights, chosen, isSpread ? keys : undefined);
  });
}

const isSumExact = (rounding: Rounding, column: ArrayLike<number>): boolean =>
  dotBound(rounding, new Float64Array(column.length).fill(1), column).error === 0;
