import { fromBits, toBits } from '../../spec/format.ts';
import { elementsOf, type Dtype, type Elements, type Tensor } from '../../spec/tensor.ts';

/** Bytes an element takes on the wire. */
export const widthOf: Readonly<Record<Dtype, number>> = {
  float64: 8,
  float32: 4,
  float16: 2,
  bfloat16: 2,
  int64: 8,
  int32: 4,
  uint8: 1,
  bool: 1,
};

const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** The bytes of elements with the low one first: turned about, in place, on a machine that has them the other way. */
function lowFirst(bytes: Buffer, width: number): Buffer {
  if (isLittleEndian || width === 1) return bytes;
  if (width === 2) return bytes.swap16();
  return width === 4 ? bytes.swap32() : bytes.swap64();
}

/** The elements of a tensor as what is written of each, in an array of its own where bytes would have to be turned about. */
function written({ dtype, data }: Tensor): ArrayBufferView {
  if (dtype === 'float16' || dtype === 'bfloat16') {
    const bits = new Uint16Array(data.length);
    for (let i = 0; i < bits.length; i += 1) bits[i] = toBits(data[i] ?? NaN, dtype);
    return bits;
  }
  if (dtype === 'int64') {
    const numbers = new BigInt64Array(data.length);
    const halves = new Int32Array(numbers.buffer);
    const [low, high] = isLittleEndian ? [0, 1] : [1, 0];
    for (let i = 0; i < numbers.length; i += 1) {
      const value = data[i] ?? NaN;
      if (Number.isSafeInteger(value)) {
        halves[2 * i + low] = value;
        halves[2 * i + high] = Math.floor(value / 2 ** 32);
      } else numbers[i] = BigInt(value);
    }
    return numbers;
  }
  const own = elementsOf(dtype, []);
  const isAsWritten = isLittleEndian && data.constructor === own.constructor;
  const values = isAsWritten ? data : elementsOf(dtype, data);
  return ArrayBuffer.isView(values) ? values : new Float64Array(values);
}

/** A tensor's elements as base64 text of little-endian bytes. */
export function packElements(tensor: Tensor): string {
  const { buffer, byteOffset, byteLength } = written(tensor);
  const bytes = Buffer.from(buffer, byteOffset, byteLength);
  return lowFirst(bytes, widthOf[tensor.dtype]).toString('base64');
}

const tables = new Map<Dtype, Float32Array>();

/** The value of every bit pattern of a 16-bit format; made where the format is first met. */
function valuesOf(dtype: 'float16' | 'bfloat16'): Float32Array {
  const known = tables.get(dtype);
  if (known !== undefined) return known;
  const made = Float32Array.from({ length: 2 ** 16 }, (_, bits) => fromBits(bits, dtype));
  tables.set(dtype, made);
  return made;
}

/** The elements that little-endian bytes stand for, as many as there are whole ones. */
export function elementsIn(bytes: Uint8Array, dtype: Dtype): Elements {
  const { buffer } = new Uint8Array(bytes);
  lowFirst(Buffer.from(buffer), widthOf[dtype]);
  switch (dtype) {
    case 'float64':
      return new Float64Array(buffer);
    case 'float32':
      return new Float32Array(buffer);
    case 'int32':
      return new Int32Array(buffer);
    case 'uint8':
    case 'bool':
      return new Uint8Array(buffer);
    case 'int64': {
      const halves = new Int32Array(buffer);
      const [low, high] = isLittleEndian ? [0, 1] : [1, 0];
      const values = new Float64Array(halves.length / 2);
      for (let i = 0; i < values.length; i += 1)
        values[i] = (halves[2 * i + high] ?? NaN) * 2 ** 32 + ((halves[2 * i + low] ?? NaN) >>> 0);
      return values;
    }
    case 'float16':
    case 'bfloat16': {
      const known = valuesOf(dtype);
      const bits = new Uint16Array(buffer);
      const values = new Float32Array(bits.length);
      for (let i = 0; i < values.length; i += 1) values[i] = known[bits[i] ?? 0] ?? NaN;
      return values;
    }
  }
}
