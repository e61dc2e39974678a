import { describe, expect, test } from 'vitest';
import { drawOf, measuring } from '../../spec/draw.ts';

const plain = (seed: number) => drawOf({ seed, storage: 'float64' });

describe('numbers by counter', () => {
  test('an element is a function of seed, field and place alone', () => {
    const few = plain(3).floats('x', [5]);
    const many = plain(3).floats('x', [100, 7]);
    expect(Array.from(many.data.slice(0, 5))).toEqual(Array.from(few.data));
    expect(plain(4).floats('x', [5]).data).not.toEqual(few.data);
    expect(plain(3).floats('y', [5]).data).not.toEqual(few.data);
  });

  test('about normal, of the mean and deviation that are asked for', () => {
    const { data } = drawOf({ seed: 1, storage: 'float64', scale: 2 }).floats('x', [200_000], {
      mean: 5,
      deviation: 3,
    });
    const mean = Array.from(data).reduce((sum, x) => sum + x, 0) / data.length;
    const square = Array.from(data).reduce((sum, x) => sum + (x - mean) ** 2, 0) / data.length;
    expect(mean).toBeCloseTo(5, 1);
    expect(Math.sqrt(square)).toBeCloseTo(6, 1);
  });

  test('integers are below their end, and reach both', () => {
    const { data } = plain(1).integers('x', [1000], { from: -2, below: 3 });
    expect(new Set(Array.from(data))).toEqual(new Set([-2, -1, 0, 1, 2]));
  });

  test('a masked row keeps a number, and finite rows are finite', () => {
    const draw = drawOf({ seed: 9, storage: 'float32', textured: true });
    const masked = draw.floats('x', [400, 6], { holds: 'masked' });
    const rows = Array.from({ length: 400 }, (_, row) =>
      Array.from(masked.data.slice(6 * row, 6 * row + 6)),
    );
    expect(rows.some((row) => row.includes(-Infinity))).toBe(true);
    expect(rows.every((row) => row.some(Number.isFinite))).toBe(true);
    expect(Array.from(draw.floats('x', [400, 6]).data).every(Number.isFinite)).toBe(true);
    const any = Array.from(draw.floats('x', [400, 6], { holds: 'any' }).data);
    expect(any.some(Number.isNaN) && any.includes(Infinity)).toBe(true);
  });

  test('is rounded to what is stored', () => {
    const { dtype, data } = drawOf({ seed: 1, storage: 'bfloat16' }).floats('x', [50]);
    expect(dtype).toBe('bfloat16');
    expect(
      Array.from(data).every(
        (x) => (new Uint32Array(Float32Array.of(x).buffer)[0] ?? 1) % 65_536 === 0,
      ),
    ).toBe(true);
  });

  test('takes no more memory than it may', () => {
    const small = drawOf({ seed: 1, storage: 'float32', mostBytes: 100 });
    expect(small.floats('x', [20]).data.length).toBe(20);
    expect(() => small.floats('y', [6])).toThrow(
      /y: expected tensors of 100 bytes at most, got 104/,
    );
    const { draw } = measuring(plain(1), 2 ** 20);
    expect(() => draw.floats('x', [2 ** 30, 2 ** 20])).toThrow(/a part of the memory that is free/);
  });
});
