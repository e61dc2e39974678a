import { z } from 'zod';
import { Rejected } from '../interface/implementation.ts';

/** Vectors by id, in the order in which they came. */
export type Rows = ReadonlyMap<number, Float32Array>;

const savedSchema = z.strictObject({
  dimension: z.int().positive(),
  ids: z.array(z.int()),
  vectors: z.base64(),
});

/** Vectors by id as bytes: a text of JSON with the numbers as little-endian float32 in base64. */
export function savedRows(dimension: number, rows: Rows): Uint8Array {
  const data = new DataView(new ArrayBuffer(4 * dimension * rows.size));
  let at = 0;
  for (const row of rows.values())
    for (const x of row) {
      data.setFloat32(at, x, true);
      at += 4;
    }
  const vectors = Buffer.from(data.buffer).toString('base64');
  return Buffer.from(JSON.stringify({ dimension, ids: [...rows.keys()], vectors }));
}

/** @throws Rejected for bytes that `savedRows` did not make, or for another dimension */
export function loadedRows(dimension: number, bytes: Uint8Array): Map<number, Float32Array> {
  const saved = savedSchema.safeParse(parsed(bytes));
  if (!saved.success) throw new Rejected('bytes: expected what save answered, got others');
  const { ids, vectors } = saved.data;
  const data = Buffer.from(vectors, 'base64');
  const isWhole = data.length === 4 * dimension * ids.length && new Set(ids).size === ids.length;
  if (saved.data.dimension !== dimension || !isWhole)
    throw new Rejected(`bytes: expected vectors of ${dimension} components for ${ids.length} ids`);
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  return new Map(
    ids.map((id, i) => [
      id,
      Float32Array.from({ length: dimension }, (_, j) =>
        view.getFloat32(4 * (i * dimension + j), true),
      ),
    ]),
  );
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
}
