import { expect, test } from 'vitest';
import { heldOf, tensorOf } from '../../spec/artifacts/numbers.ts';
import { tensor, type Tensor } from '../../spec/tensor.ts';

test.each<readonly [string, Tensor]>([
  ['F64', tensor('float64', [3], [1 / 3, -0, Infinity])],
  ['F32', tensor('float32', [2, 2], [Math.fround(0.1), -Infinity, 2 ** -149, -0])],
  ['F16', tensor('float16', [3], [65504, 2 ** -24, -1.5])],
  ['BF16', tensor('bfloat16', [1, 2], [2 ** 127, -(2 ** -133)])],
  ['I64', tensor('int64', [2], [2 ** 53 - 1, -(2 ** 53 - 1)])],
  ['I32', tensor('int32', [2], [2 ** 31 - 1, -(2 ** 31)])],
  ['U8', tensor('uint8', [], [255])],
  ['BOOL', tensor('bool', [2, 0], [])],
])('%s keeps its numbers', (type, source) => {
  const held = heldOf('a', source);
  expect(held.dtype).toBe(type);
  expect(tensorOf(held)).toEqual(source);
  expect(heldOf('a', tensorOf(held))).toEqual(held);
});

test('little-endian', () => {
  expect([...heldOf('a', tensor('int32', [1], [258])).bytes]).toEqual([2, 1, 0, 0]);
  expect([...heldOf('a', tensor('float16', [1], [1])).bytes]).toEqual([0, 60]);
});

test('what touchstone’s tensors do not hold is refused', () => {
  const held = { name: 'a', shape: [1], bytes: new Uint8Array(8).fill(127) };
  expect(() => tensorOf({ ...held, dtype: 'U64' })).toThrow(/a: expected F64, .*, got U64/);
  expect(() => tensorOf({ ...held, dtype: 'I64' })).toThrow(/a: expected integers within 2\^53/);
  expect(() => tensorOf({ ...held, dtype: 'BOOL', bytes: Uint8Array.of(2) })).toThrow(/0 or 1/);
});
