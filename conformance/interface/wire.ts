import { largestFinite, roundTo } from '../../spec/format.ts';
import { isTensor, readNumber, writeNumber } from '../../spec/schema.ts';
import {
  dtypes,
  elementsOf,
  isFloatDtype,
  sizeOf,
  type Dtype,
  type FloatDtype,
  type Tensor,
} from '../../spec/tensor.ts';
import { elementsIn, packElements, widthOf } from './bytes.ts';

/** How a value is written as JSON: tensors with packed elements, or with readable ones. */
export function toWire(value: unknown, elements: 'packed' | 'readable' = 'packed'): unknown {
  if (isTensor(value))
    return {
      dtype: value.dtype,
      shape: value.shape,
      data: elements === 'packed' ? packElements(value) : Array.from(value.data, writeNumber),
    };
  if (typeof value === 'number') return writeNumber(value);
  if (Array.isArray(value)) return value.map((item) => toWire(item, elements));
  if (typeof value !== 'object' || value === null) return value;
  const present = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(present.map(([key, item]) => [key, toWire(item, elements)]));
}

/** Why a value in the form of a tensor is not one. */
export class MalformedTensor extends TypeError {
  override readonly name = 'MalformedTensor';
}

const hasTensorForm = (value: object): value is { dtype: unknown; shape: unknown; data: unknown } =>
  'dtype' in value && 'shape' in value && 'data' in value && Object.keys(value).length === 3;

const isShape = (shape: unknown): shape is number[] =>
  Array.isArray(shape) && shape.every((length) => Number.isSafeInteger(length) && length >= 0);

function readTensor({
  dtype: name,
  shape,
  data,
}: {
  dtype: unknown;
  shape: unknown;
  data: unknown;
}): Tensor {
  const dtype = dtypes.find((known) => known === name);
  if (dtype === undefined)
    throw new MalformedTensor(
      `dtype: expected one of ${dtypes.join(', ')}, got ${JSON.stringify(name)}`,
    );
  if (!isShape(shape))
    throw new MalformedTensor(
      `shape: expected a list of integers ≥ 0, got ${JSON.stringify(shape)}`,
    );
  const size = sizeOf(shape);
  if (typeof data !== 'string')
    return { dtype, shape, data: elementsOf(dtype, readList(data, size, dtype)) };
  const bytes = Buffer.from(data, 'base64');
  if (bytes.length !== size * widthOf[dtype])
    throw new MalformedTensor(
      `data: expected ${size * widthOf[dtype]} bytes for ${dtype} [${shape.join(', ')}], got ${bytes.length}`,
    );
  const elements = elementsIn(bytes, dtype);
  const isAnyPattern = dtype !== 'bool' && dtype !== 'int64';
  return { dtype, shape, data: isAnyPattern ? elements : checked(elements, dtype) };
}

function readList(data: unknown, size: number, dtype: Dtype): number[] {
  if (!Array.isArray(data) || data.length !== size)
    throw new MalformedTensor(
      `data: expected base64 text or ${size} numbers, got ${Array.isArray(data) ? `${data.length} of them` : typeof data}`,
    );
  const values = data.map((item: unknown) => {
    const number = dtype === 'bool' && typeof item === 'boolean' ? Number(item) : readNumber(item);
    if (number === undefined)
      throw new MalformedTensor(`data: expected a number, got ${JSON.stringify(item)}`);
    return isFloatDtype(dtype) ? nearestIn(number, dtype) : number;
  });
  return checked(values, dtype);
}

/**
 * The number of a format that a decimal stands for: shortest decimals (of Rust, numpy, JavaScript) are seldom numbers of the format themselves. They come as
 * the nearest double, so that one within 2^-54 of halfway between two numbers may be taken for the even one.
 */
function nearestIn(value: number, dtype: FloatDtype): number {
  const rounded = roundTo(value, dtype);
  if (Number.isFinite(value) && !Number.isFinite(rounded))
    throw new MalformedTensor(
      `data: ${value} is beyond ${dtype}, whose largest number is ${largestFinite(dtype)}`,
    );
  return rounded;
}

/** Elements that their dtype can hold. */
function checked<T extends ArrayLike<number>>(values: T, dtype: Dtype): T {
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i] ?? NaN;
    if (!holds(value, dtype)) throw new MalformedTensor(`data: ${value} is not a ${dtype}`);
  }
  return values;
}

export function holds(value: number, dtype: Dtype): boolean {
  switch (dtype) {
    case 'float64':
      return true;
    case 'float32':
      return Object.is(Math.fround(value), value);
    case 'float16':
    case 'bfloat16':
      return Number.isNaN(value) || Object.is(roundTo(value, dtype), value);
    case 'int64':
      return Number.isSafeInteger(value);
    case 'int32':
      return Object.is(value | 0, value);
    case 'uint8':
      return Number.isInteger(value) && value >= 0 && value <= 255;
    case 'bool':
      return value === 0 || value === 1;
  }
}

/**
 * Reads what `toWire` wrote: objects in the form of a tensor become tensors; texts stay texts, number names included.
 *
 * @throws MalformedTensor
 */
export function fromWire(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fromWire);
  if (typeof value !== 'object' || value === null) return value;
  if (hasTensorForm(value)) return readTensor(value);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fromWire(item)]));
}
