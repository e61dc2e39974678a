import type { BooleanTensor } from '../../../spec/tensor.ts';
import { maskOf, matricesOf } from '../matrices.ts';
import type { Attended, Shapes } from './attend.ts';
import type { Shape } from './rows.ts';
import type { Result } from './runtime.ts';

/** The operator on one input. */
export type AttendOnce = (input: Attended, shapes: Shapes) => Promise<readonly Result[]>;

/** What a mask says of so many heads, in its full size. */
function maskOfHeads(
  mask: BooleanTensor,
  leading: readonly number[],
  first: number,
  [, heads, length]: Shape,
  keys: number,
): BooleanTensor {
  const data = new Uint8Array(heads * length * keys);
  for (let head = 0; head < heads; head += 1) {
    const { rows, columns, data: given } = maskOf(mask, leading, first + head);
    for (let i = 0; i < length; i += 1)
      for (let j = 0; j < keys; j += 1) {
        const at = (rows === 1 ? 0 : i * columns) + (columns === 1 ? 0 : j);
        data[(head * length + i) * keys + j] = given[at] ?? 0;
      }
  }
  return { dtype: 'bool', shape: [1, heads, length, keys], data };
}

/** The queries of the heads that share a head of keys, and those keys. */
function partOf(input: Attended, shapes: Shapes, part: number): readonly [Attended, Shapes] {
  const { query, key, value, mask } = input;
  const [, , keys, width] = shapes.key;
  const [, heads, length] = shapes.query;
  const shared = heads / shapes.key[1];
  const sizes: Shapes = {
    query: [1, shared, length, width],
    key: [1, 1, keys, width],
    value: [1, 1, keys, shapes.value[3]],
  };
  const first = part * shared;
  const leading = query.shape.slice(0, -2);
  return [
    {
      ...input,
      query: { ...matricesOf(query, first, shared), shape: sizes.query },
      key: { ...matricesOf(key, part, 1), shape: sizes.key },
      value: { ...matricesOf(value, part, 1), shape: sizes.value },
      mask: mask && maskOfHeads(mask, leading, first, sizes.query, keys),
    },
    sizes,
  ];
}

/** The numbers that the operator would give of all heads at once. */
export async function attendInParts(
  once: AttendOnce,
  input: Attended,
  shapes: Shapes,
): Promise<readonly Result[]> {
  const [batch, groups] = shapes.key;
  const joined: Float32Array[] = [];
  for (let part = 0; part < batch * groups; part += 1)
    for (const [i, { data }] of (await once(...partOf(input, shapes, part))).entries()) {
      const all = joined[i] ?? new Float32Array(data.length * batch * groups);
      all.set(data, part * data.length);
      joined[i] = all;
    }
  return joined.map((data) => ({ shape: [data.length], data }));
}
