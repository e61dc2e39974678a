import { fromBits, toBits } from '../format.ts';
import { sizeOf, tensor, type Dtype, type Tensor } from '../tensor.ts';
import { elementBits, type ElementType } from './elementTypes.ts';
import type { Held } from './file.ts';

/** How the elements of a dtype of touchstone stand in a file. */
interface Form {
  readonly type: ElementType;
  readonly read: (view: DataView, at: number) => number;
  readonly write: (view: DataView, at: number, value: number) => void;
}

const sixteen = (type: ElementType, dtype: 'float16' | 'bfloat16'): Form => ({
  type,
  read: (view, at) => fromBits(view.getUint16(at, true), dtype),
  write: (view, at, value) => view.setUint16(at, toBits(value, dtype), true),
});
const byte = (type: ElementType): Form => ({
  type,
  read: (view, at) => view.getUint8(at),
  write: (view, at, value) => view.setUint8(at, value),
});

const forms: Readonly<Record<Dtype, Form>> = {
  float64: {
    type: 'F64',
    read: (view, at) => view.getFloat64(at, true),
    write: (view, at, value) => view.setFloat64(at, value, true),
  },
  float32: {
    type: 'F32',
    read: (view, at) => view.getFloat32(at, true),
    write: (view, at, value) => view.setFloat32(at, value, true),
  },
  float16: sixteen('F16', 'float16'),
  bfloat16: sixteen('BF16', 'bfloat16'),
  int64: {
    type: 'I64',
    read: (view, at) => Number(view.getBigInt64(at, true)),
    write: (view, at, value) => view.setBigInt64(at, BigInt(value), true),
  },
  int32: {
    type: 'I32',
    read: (view, at) => view.getInt32(at, true),
    write: (view, at, value) => view.setInt32(at, value, true),
  },
  uint8: byte('U8'),
  bool: byte('BOOL'),
};

/** The dtype of touchstone whose values are those of a dtype of the format; nothing where there is none. */
const dtypeOf = (type: ElementType): Dtype | undefined =>
  (['float64', 'float32', 'float16', 'bfloat16', 'int64', 'int32', 'uint8', 'bool'] as const).find(
    (dtype) => forms[dtype].type === type,
  );

/**
 * A tensor as a file holds it. Reading it back gives the same numbers, bit for bit but for the payloads of NaN.
 *
 * @example
 * heldOf('a', tensor('float16', [1], [1])).bytes // → Uint8Array [0, 60]
 */
export function heldOf(name: string, { dtype, shape, data }: Tensor): Held {
  const { type, write } = forms[dtype];
  const width = elementBits[type] / 8;
  const bytes = new Uint8Array(data.length * width);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < data.length; i += 1) write(view, i * width, data[i] ?? NaN);
  return { name, dtype: type, shape, bytes };
}

/**
 * The numbers of a tensor of a file.
 *
 * @throws RangeError for a dtype that touchstone's tensors do not have, an int64 beyond 2^53, and a bool that is neither 0 nor 1
 */
export function tensorOf({ name, dtype: type, shape, bytes }: Held): Tensor {
  const dtype = dtypeOf(type);
  if (dtype === undefined)
    throw new RangeError(
      `${name}: expected F64, F32, F16, BF16, I64, I32, U8 or BOOL, got ${type}; convert it`,
    );
  const width = elementBits[type] / 8;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const values = Float64Array.from({ length: sizeOf(shape) }, (_, i) =>
    forms[dtype].read(view, i * width),
  );
  const wrong = values.find(
    (value) =>
      (dtype === 'int64' && !Number.isSafeInteger(value)) || (dtype === 'bool' && value > 1),
  );
  if (wrong !== undefined)
    throw new RangeError(
      `${name}: expected ${dtype === 'bool' ? '0 or 1' : 'integers within 2^53'}, got ${wrong}`,
    );
  return tensor(dtype, shape, values);
}
