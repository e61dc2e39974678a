import { fromBits } from '../../spec/format.ts';

/** What one number of a file is, little-endian. */
export interface Element {
  readonly name: string;
  readonly bytes: number;
  readonly isFloat: boolean;
  /** Whether a float32 holds each of its values. */
  readonly fitsFloat32: boolean;
  readonly read: (view: DataView, at: number) => number;
}

/** Every value of a 16-bit format by its bits: decoding one by one takes ten times as long. */
function halves(format: 'float16' | 'bfloat16'): Element['read'] {
  let table: Float32Array | undefined;
  return (view, at) => {
    table ??= Float32Array.from({ length: 2 ** 16 }, (_, bits) => fromBits(bits, format));
    return table[view.getUint16(at, true)] ?? NaN;
  };
}

/** Beyond 2^53 this is a rounded value, which no safe integer is. */
const int64 = (view: DataView, at: number): number =>
  view.getInt32(at + 4, true) * 2 ** 32 + view.getUint32(at, true);

const element = (
  name: string,
  bytes: number,
  read: Element['read'],
  kind: 'float' | 'integer',
  fitsFloat32: boolean,
): Element => ({ name, bytes, isFloat: kind === 'float', fitsFloat32, read });

export const elements = {
  float64: element('float64', 8, (view, at) => view.getFloat64(at, true), 'float', false),
  float32: element('float32', 4, (view, at) => view.getFloat32(at, true), 'float', true),
  float16: element('float16', 2, halves('float16'), 'float', true),
  bfloat16: element('bfloat16', 2, halves('bfloat16'), 'float', true),
  int64: element('int64', 8, int64, 'integer', false),
  int32: element('int32', 4, (view, at) => view.getInt32(at, true), 'integer', false),
  int8: element('int8', 1, (view, at) => view.getInt8(at), 'integer', true),
  uint8: element('uint8', 1, (view, at) => view.getUint8(at), 'integer', true),
} as const satisfies Readonly<Record<string, Element>>;

/** Whether a number is one to compute with: no NaN, no infinity, no integer that a double does not hold. */
export const isSound = ({ isFloat }: Element, value: number): boolean =>
  isFloat ? Number.isFinite(value) : Number.isSafeInteger(value);
