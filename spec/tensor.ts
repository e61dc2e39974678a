/** The float formats that an implementation may store its numbers in. */
export const floatDtypes = ['float64', 'float32', 'float16', 'bfloat16'] as const;
export type FloatDtype = (typeof floatDtypes)[number];

export const integerDtypes = ['int64', 'int32', 'uint8'] as const;
export type IntegerDtype = (typeof integerDtypes)[number];

export type Dtype = FloatDtype | IntegerDtype | 'bool';
export const dtypes: readonly Dtype[] = [...floatDtypes, ...integerDtypes, 'bool'];

/** What holds a tensor's elements: any array of numbers. float16 and bfloat16 values are held in a Float32Array, bool as 0 and 1. */
export type Elements = Float64Array | Float32Array | Int32Array | Uint8Array | readonly number[];

/** A row-major array of numbers. `data.length` is the product of `shape`; a scalar has shape `[]`. */
export interface Tensor<D extends Dtype = Dtype> {
  readonly dtype: D;
  readonly shape: readonly number[];
  readonly data: Elements;
}
export type FloatTensor = Tensor<FloatDtype>;
export type IntegerTensor = Tensor<IntegerDtype>;
export type BooleanTensor = Tensor<'bool'>;

/** A tensor whose elements are numbers of some arithmetic. */
export interface Grid<N> {
  readonly shape: readonly number[];
  readonly data: readonly N[];
}

export const sizeOf = (shape: readonly number[]): number =>
  shape.reduce((product, length) => product * length, 1);

export const isFloatDtype = (dtype: Dtype): dtype is FloatDtype =>
  dtype === 'float64' || dtype === 'float32' || dtype === 'float16' || dtype === 'bfloat16';

/** The typed array that a dtype's elements live in. */
export function elementsOf(dtype: Dtype, values: ArrayLike<number>): Elements {
  switch (dtype) {
    case 'float64':
    case 'int64':
      return new Float64Array(values);
    case 'float32':
    case 'float16':
    case 'bfloat16':
      return new Float32Array(values);
    case 'int32':
      return new Int32Array(values);
    case 'uint8':
    case 'bool':
      return new Uint8Array(values);
  }
}

/**
 * Makes a tensor of plain numbers.
 *
 * @example
 * tensor('float32', [2, 2], [1, 2, 3, 4]).data.length // → 4
 * @throws RangeError when the shape does not count the values
 */
export function tensor<D extends Dtype>(
  dtype: D,
  shape: readonly number[],
  values: ArrayLike<number>,
): Tensor<D> {
  if (sizeOf(shape) !== values.length)
    throw new RangeError(
      `tensor: expected ${sizeOf(shape)} elements for shape [${shape.join(', ')}], got ${values.length}`,
    );
  return { dtype, shape, data: elementsOf(dtype, values) };
}

/** The rows of the last axis, in order, whatever the elements are. An empty axis gives as many empty rows as there are. */
export function rowsOf<T>(source: {
  readonly shape: readonly number[];
  readonly data: ArrayLike<T>;
}): readonly (readonly T[])[] {
  const width = source.shape.at(-1) ?? 1;
  const { data } = source;
  return Array.from({ length: sizeOf(source.shape.slice(0, -1)) }, (_, row) =>
    sliced(data, row * width, width),
  );
}

/** So many elements from a place on, as a list. */
function sliced<T>(data: ArrayLike<T>, start: number, count: number): readonly T[] {
  if (Array.isArray(data)) return data.slice(start, start + count);
  const made = new Array<T>(count);
  for (let i = 0; i < count; i += 1) {
    const x = data[start + i];
    if (x !== undefined) made[i] = x;
  }
  return made;
}

/** What follows from each row of the last axis, one after the other. */
export function flatMapRows<T, U>(
  source: { readonly shape: readonly number[]; readonly data: ArrayLike<T> },
  compute: (row: readonly T[], index: number) => readonly U[],
): readonly U[] {
  const width = source.shape.at(-1) ?? 1;
  const count = sizeOf(source.shape.slice(0, -1));
  const made: U[] = [];
  for (let row = 0; row < count; row += 1)
    for (const value of compute(sliced(source.data, row * width, width), row)) made.push(value);
  return made;
}

/** The columns of a matrix [R, C], whatever the elements are. Taken in bands of rows, so that what is read and written stays near. */
export function columnsOf<T>({
  shape,
  data,
}: {
  readonly shape: readonly number[];
  readonly data: ArrayLike<T>;
}): readonly (readonly T[])[] {
  const [rows = 0, width = 0] = shape;
  const columns = Array.from({ length: width }, () => new Array<T>(rows));
  for (let band = 0; band < rows; band += 32) {
    const end = Math.min(rows, band + 32);
    for (const [c, column] of columns.entries())
      for (let r = band; r < end; r += 1) {
        const x = data[r * width + c];
        if (x !== undefined) column[r] = x;
      }
  }
  return columns;
}
