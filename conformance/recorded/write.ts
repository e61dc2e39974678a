import type { ElementType } from '../../spec/artifacts/elementTypes.ts';
import { writeSafetensors, type Held } from '../../spec/artifacts/file.ts';
import { leavesOf } from '../../spec/leaves.ts';
import { isTensor } from '../../spec/schema.ts';
import { sizeOf, type Dtype, type Tensor } from '../../spec/tensor.ts';
import { packElements } from '../interface/bytes.ts';
import { toWire } from '../interface/wire.ts';
import type { Ending } from './recording.ts';
import { stored } from './store.ts';

const safetensorsNames: Readonly<Record<Dtype, ElementType>> = {
  float64: 'F64',
  float32: 'F32',
  float16: 'F16',
  bfloat16: 'BF16',
  int64: 'I64',
  int32: 'I32',
  uint8: 'U8',
  bool: 'BOOL',
};
const npyNames: Readonly<Record<Dtype, string>> = {
  float64: '<f8',
  float32: '<f4',
  float16: '<f2',
  bfloat16: '<V2',
  int64: '<i8',
  int32: '<i4',
  uint8: '|u1',
  bool: '|b1',
};

const bytesOf = (tensor: Tensor): Uint8Array => Buffer.from(packElements(tensor), 'base64');

type Plain = string | number | boolean;
const isPlain = (value: unknown): value is Plain =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

/** Fields that no tensor holds, by path, as text. */
const remarksOf = (fields: object) =>
  leavesOf(fields, isPlain).map(([key, value]) => ({ key, value: String(value) }));

function safetensorsOf(fields: object): Uint8Array {
  const tensors = leavesOf(fields, isTensor).map(([name, tensor]): Held => {
    const { dtype, shape } = tensor;
    return { name, dtype: safetensorsNames[dtype], shape, bytes: bytesOf(tensor) };
  });
  const others = Object.entries(fields).filter(
    ([, value]) => leavesOf(value, isTensor).length === 0,
  );
  return writeSafetensors({ tensors, metadata: remarksOf(Object.fromEntries(others)) });
}

/** NEP 1, version 1.0, its header filled up to a multiple of 64 bytes. */
function npyBytes(descr: string, shape: readonly number[], body: Uint8Array): Uint8Array {
  const lengths = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${lengths}), }`;
  const padded = text.padEnd(Math.ceil((text.length + 11) / 64) * 64 - 11);
  const header = Buffer.from(`\u0093NUMPY\u0001\u0000\u0000\u0000${padded}\n`, 'latin1');
  header.writeUInt16LE(padded.length + 1, 8);
  return Buffer.concat([header, body]);
}

/** A value as the .npy that numpy would write of it. */
export function npyOf(value: Tensor | Plain): Uint8Array {
  if (isTensor(value)) return npyBytes(npyNames[value.dtype], value.shape, bytesOf(value));
  if (typeof value === 'string') {
    const points = Array.from(value, (one) => one.codePointAt(0) ?? 0);
    const body = Buffer.alloc(4 * Math.max(1, points.length));
    points.forEach((point, i) => body.writeUInt32LE(point, 4 * i));
    return npyBytes(`<U${Math.max(1, points.length)}`, [], body);
  }
  const dtype = typeof value === 'boolean' ? 'bool' : 'float64';
  return npyOf({ dtype, shape: [], data: [Number(value)] });
}

/** Fields as a file of tensors by path, in the form that an ending of its name means. A .npy holds one tensor. */
export function writtenAs(ending: Ending, fields: object): Uint8Array {
  switch (ending) {
    case 'safetensors':
      return safetensorsOf(fields);
    case 'npz': {
      const isHeld = (value: unknown): value is Tensor | Plain => isTensor(value) || isPlain(value);
      return stored(
        leavesOf(fields, isHeld).map(([name, value]) => ({
          name: `${name}.npy`,
          bytes: npyOf(value),
        })),
      );
    }
    case 'npy': {
      const [only, ...others] = leavesOf(fields, isTensor);
      if (only === undefined || others.length > 0)
        throw new RangeError('expected one tensor for a .npy, which holds no more');
      return npyOf(only[1]);
    }
    case 'json':
      return Buffer.from(`${JSON.stringify(toWire(fields, 'readable'))}\n`);
  }
}

/** How many elements a case has in all. */
export const elementCount = (fields: object): number =>
  leavesOf(fields, isTensor).reduce((sum, [, { shape }]) => sum + sizeOf(shape), 0);
