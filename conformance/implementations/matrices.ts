import { roundTo } from '../../spec/format.ts';
import { sizeOf, type BooleanTensor, type Elements, type FloatTensor } from '../../spec/tensor.ts';

/** The place of a block of a tensor whose leading axes are broadcast to others: an axis of 1 repeats what it has. */
function placeOf(own: readonly number[], leading: readonly number[], block: number): number {
  let [rest, place, stride] = [block, 0, 1];
  for (let back = 1; back <= leading.length; back += 1) {
    const length = leading.at(-back) ?? 1;
    const ownLength = back <= own.length ? (own.at(-back) ?? 1) : 1;
    if (ownLength > 1) place += (rest % length) * stride;
    stride *= ownLength;
    rest = Math.floor(rest / length);
  }
  return place;
}

/** The same memory where it is a typed array. */
export const elementsBetween = (data: Elements, from: number, to: number): Elements =>
  ArrayBuffer.isView(data) ? data.subarray(from, to) : data.slice(from, to);

/** One row for all queries, or one key for all, or as many as there are. */
export interface MaskMatrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: Elements;
}

/** What a mask, broadcast to [...leading, Lq, Lk], says of one block. */
export function maskOf(
  { shape, data }: BooleanTensor,
  leading: readonly number[],
  block: number,
): MaskMatrix {
  const [rows, columns] = [shape.at(-2) ?? 1, shape.at(-1) ?? 1];
  const first = placeOf(shape.slice(0, -2), leading, block) * rows * columns;
  return { rows, columns, data: elementsBetween(data, first, first + rows * columns) };
}

/** So many of the matrices that a tensor is a list of, one after another. */
export function matricesOf(
  { shape, dtype, data }: FloatTensor,
  first: number,
  count: number,
): FloatTensor {
  const matrix = shape.slice(-2);
  const size = sizeOf(matrix);
  const part = elementsBetween(data, first * size, (first + count) * size);
  return { dtype, shape: [count, ...matrix], data: part };
}

/** What was computed in float32, in the format that the input came in, where that is shorter. */
export function storedLike(
  { dtype }: FloatTensor,
  shape: readonly number[],
  data: Float32Array,
): FloatTensor {
  if (dtype === 'float64' || dtype === 'float32') return { dtype: 'float32', shape, data };
  for (let i = 0; i < data.length; i += 1) data[i] = roundTo(data[i] ?? NaN, dtype);
  return { dtype, shape, data };
}
