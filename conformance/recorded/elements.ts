import type { ElementType } from '../../spec/artifacts/elementTypes.ts';
import { isTensor } from '../../spec/schema.ts';
import { sizeOf, type Dtype, type Elements, type Tensor } from '../../spec/tensor.ts';
import { malformed, type Source } from '../data/layout.ts';
import { elementsIn, widthOf } from '../interface/bytes.ts';

/** What one element of a file is, and the dtype that holds it: integers of other widths go into the next one that we have. */
export interface Kind {
  readonly dtype: Dtype;
  readonly bytes: number;
  readonly read?: (view: DataView, at: number) => number;
}

const plain = (dtype: Dtype): Kind => ({ dtype, bytes: widthOf[dtype] });
const widened = (dtype: Dtype, bytes: number, read: Required<Kind>['read']): Kind => ({
  dtype,
  bytes,
  read,
});

const kinds = {
  float64: plain('float64'),
  float32: plain('float32'),
  float16: plain('float16'),
  bfloat16: plain('bfloat16'),
  int64: plain('int64'),
  int32: plain('int32'),
  uint8: plain('uint8'),
  bool: plain('bool'),
  int16: widened('int32', 2, (view, at) => view.getInt16(at, true)),
  int8: widened('int32', 1, (view, at) => view.getInt8(at)),
  uint16: widened('int32', 2, (view, at) => view.getUint16(at, true)),
  uint32: widened('int64', 4, (view, at) => view.getUint32(at, true)),
} as const;

/** By the names of safetensors. */
export const safetensorsKinds: Readonly<Partial<Record<ElementType, Kind>>> = {
  F64: kinds.float64,
  F32: kinds.float32,
  F16: kinds.float16,
  BF16: kinds.bfloat16,
  I64: kinds.int64,
  I32: kinds.int32,
  I16: kinds.int16,
  I8: kinds.int8,
  U32: kinds.uint32,
  U16: kinds.uint16,
  U8: kinds.uint8,
  BOOL: kinds.bool,
};

/** By the names of numpy. It has no bfloat16: ml_dtypes writes two bytes without a meaning, V2, and that is what they are taken for. */
export const npyKinds: Readonly<Record<string, Kind>> = {
  '<f8': kinds.float64,
  '<f4': kinds.float32,
  '<f2': kinds.float16,
  '|V2': kinds.bfloat16,
  '<V2': kinds.bfloat16,
  '<i8': kinds.int64,
  '<i4': kinds.int32,
  '<i2': kinds.int16,
  '|i1': kinds.int8,
  '<u4': kinds.uint32,
  '<u2': kinds.uint16,
  '|u1': kinds.uint8,
  '|b1': kinds.bool,
};

/** Where the bytes of a tensor are from, for messages. */
interface Place {
  readonly source: Pick<Source, 'path'>;
  readonly start: number;
  readonly name: string;
}

/**
 * The tensor that bytes stand for.
 *
 * @throws MalformedFile for an integer that no double holds, and a bool that is neither 0 nor 1
 */
export function tensorOf(
  bytes: Uint8Array,
  { dtype, bytes: width, read }: Kind,
  shape: readonly number[],
  { source, start, name }: Place,
): Tensor {
  const data = read === undefined ? elementsIn(bytes, dtype) : widenedElements(bytes, width, read);
  const stray = strayIn(data, dtype);
  if (stray !== undefined)
    throw malformed(
      source,
      start + stray * width,
      dtype === 'bool'
        ? `expected 0 or 1 in ${name}, got ${data[stray]}; write it again`
        : `expected an integer within 2^53 in ${name}, got one beyond; doubles leave some out there`,
    );
  const tensor = { dtype, shape: [...shape], data };
  if (isTensor(tensor)) return tensor;
  throw malformed(
    source,
    start,
    `expected ${sizeOf(shape)} elements of ${name}, got ${data.length}`,
  );
}

function widenedElements(
  bytes: Uint8Array,
  width: number,
  read: Required<Kind>['read'],
): Float64Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float64Array.from({ length: bytes.length / width }, (_, i) => read(view, i * width));
}

/** Where an element is none of its dtype. */
function strayIn(data: Elements, dtype: Dtype): number | undefined {
  if (dtype !== 'bool' && dtype !== 'int64') return undefined;
  const isStray = dtype === 'bool' ? (x: number) => x > 1 : (x: number) => !Number.isSafeInteger(x);
  for (let i = 0; i < data.length; i += 1) if (isStray(data[i] ?? NaN)) return i;
  return undefined;
}
