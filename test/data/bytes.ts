import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

type Rows = readonly (readonly number[])[];

/** How a row's numbers are written. */
type Writer = (view: DataView, at: number, value: number) => void;
const float32: Writer = (view, at, value) => view.setFloat32(at, value, true);
const int32: Writer = (view, at, value) => view.setInt32(at, value, true);

function bytesOf(values: readonly number[], width: number, write: Writer): Buffer {
  const view = new DataView(new ArrayBuffer(values.length * width));
  for (const [i, value] of values.entries()) write(view, i * width, value);
  return Buffer.from(view.buffer);
}

const vecs = (rows: Rows, write: Writer): Buffer =>
  Buffer.concat(rows.flatMap((row) => [bytesOf([row.length], 4, int32), bytesOf(row, 4, write)]));
export const fvecs = (rows: Rows): Buffer => vecs(rows, float32);
export const ivecs = (rows: Rows): Buffer => vecs(rows, int32);
export const floats = (values: readonly number[]): Buffer => bytesOf(values, 4, float32);
export const doubles = (values: readonly number[]): Buffer =>
  bytesOf(values, 8, (view, at, value) => view.setFloat64(at, value, true));

/** A .npy file with any header. */
export function npy(header: string, body: Buffer, version = 1): Buffer {
  const length = Buffer.alloc(version === 1 ? 2 : 4);
  if (version === 1) length.writeUInt16LE(header.length);
  else length.writeUInt32LE(header.length);
  const magic = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0]);
  return Buffer.concat([magic, length, Buffer.from(header), body]);
}

export const npyHeader = (descr: string, shape: string, fortran = 'False'): string =>
  `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': ${shape}, }\n`;

/** A .safetensors file with any header. */
export function safetensors(header: unknown, body: Buffer): Buffer {
  const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, body]);
}

/** Writes a file into a folder, and says where. */
export function written(folder: string, name: string, bytes: Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}
