import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { packElements, widthOf } from '../conformance/interface/bytes.ts';
import { parseJson } from '../conformance/interface/json.ts';
import { fromWire, holds, MalformedTensor, toWire } from '../conformance/interface/wire.ts';
import {
  exponentOf,
  formats,
  fromBits,
  largestFinite,
  lowestBit,
  roundTo,
  smallestPositive,
  toBits,
} from '../spec/format.ts';
import { randomStream } from '../spec/generate.ts';
import { broadcasts, instantiate, noDimensions, unify } from '../spec/shape.ts';
import { dtypes, floatDtypes, isFloatDtype, tensor, type Dtype } from '../spec/tensor.ts';

/** One element as a DataView writes it. */
function bytesOf(dtype: Dtype, value: number): Buffer {
  const view = new DataView(new ArrayBuffer(widthOf[dtype]));
  if (dtype === 'float64') view.setFloat64(0, value, true);
  else if (dtype === 'float32') view.setFloat32(0, value, true);
  else if (dtype === 'float16' || dtype === 'bfloat16')
    view.setUint16(0, toBits(value, dtype), true);
  else if (dtype === 'int64') view.setBigInt64(0, BigInt(value), true);
  else if (dtype === 'int32') view.setInt32(0, value, true);
  else view.setUint8(0, value);
  return Buffer.from(view.buffer);
}

const doubles = fc.double({ noNaN: true, noDefaultInfinity: true });

describe.each(floatDtypes)('rounding to %s', (dtype) => {
  test('is idempotent, monotone, and never further than half a unit away', () => {
    fc.assert(
      fc.property(doubles, doubles, (x, y) => {
        const rounded = roundTo(x, dtype);
        expect(roundTo(rounded, dtype)).toBe(rounded);
        if (x <= y) expect(rounded).toBeLessThanOrEqual(roundTo(y, dtype));
        if (!Number.isFinite(rounded) || x === 0) return;
        const { precision, minExponent } = formats[dtype];
        const unit = 2 ** (Math.max(exponentOf(x), minExponent) - precision + 1);
        expect(Math.abs(x - rounded)).toBeLessThanOrEqual(unit / 2);
      }),
    );
  });
  test('overflows halfway past the largest number, and keeps the sign of zero', () => {
    expect(roundTo(largestFinite(dtype), dtype)).toBe(largestFinite(dtype));
    if (dtype !== 'float64')
      expect(roundTo(largestFinite(dtype) * (1 + 2 ** -formats[dtype].precision), dtype)).toBe(
        Infinity,
      );
    expect(Object.is(roundTo(-smallestPositive(dtype) / 4, dtype), -0)).toBe(
      dtype !== 'float64' || smallestPositive(dtype) / 4 === 0,
    );
  });
});

test('ties go to even: 1 + 2^-8 is 1 in bfloat16, 1 + 3·2^-8 is 1 + 2^-6', () => {
  expect(roundTo(1 + 2 ** -8, 'bfloat16')).toBe(1);
  expect(roundTo(1 + 3 * 2 ** -8, 'bfloat16')).toBe(1 + 2 ** -6);
  expect(roundTo(65519, 'float16')).toBe(65504);
  expect(roundTo(65520, 'float16')).toBe(Infinity);
});

test.each(['float16', 'bfloat16'] as const)(
  'every bit pattern of %s is read and written back',
  (dtype) => {
    for (let bits = 0; bits < 65536; bits += 1) {
      const value = fromBits(bits, dtype);
      if (Number.isNaN(value))
        expect(Number.isNaN(fromBits(toBits(value, dtype), dtype))).toBe(true);
      else expect(toBits(value, dtype)).toBe(bits);
    }
  },
);

test('the lowest bit of x divides x an odd number of times', () => {
  fc.assert(
    fc.property(
      doubles.filter((x) => x !== 0),
      (x) => {
        const quantum = lowestBit(x);
        const scaled = quantum < -1000 ? (x * 2 ** 100) / 2 ** (quantum + 100) : x / 2 ** quantum;
        expect(Math.abs(scaled) % 2).toBe(1);
      },
    ),
  );
});

/** The fewest digits that float32 finds a number by. */
const shortest = (x: number): string =>
  Array.from({ length: 9 }, (_, i) => x.toPrecision(i + 1)).find(
    (text) => Math.fround(Number(text)) === x,
  ) ?? 'none';

describe('the wire', () => {
  test('carries every dtype there and back, packed and readable', () => {
    const values = [0, 1, 1, 0, 1];
    for (const dtype of dtypes)
      for (const elements of ['packed', 'readable'] as const) {
        const sent = { nested: [tensor(dtype, [5], values)], text: 'NaN', number: 2 };
        expect(fromWire(JSON.parse(JSON.stringify(toWire(sent, elements))))).toEqual(sent);
      }
  });
  test('a decimal is the number of the format that it rounds to', () => {
    const decimals = [0.19625834, 0.1, 1.1754944e-38, -3.4028235e38, 1e-46, 16777217];
    for (const dtype of ['float32', 'bfloat16'] as const) {
      const data = decimals.filter((x) => Number.isFinite(roundTo(x, dtype)));
      expect(fromWire({ dtype, shape: [data.length], data })).toEqual(
        tensor(
          dtype,
          [data.length],
          data.map((x) => roundTo(x, dtype)),
        ),
      );
    }
  });
  test('every float32 is found again from its shortest decimal', () => {
    const next = randomStream(7);
    const bits = Uint32Array.from({ length: 20_000 }, () => next() * 2 ** 32);
    const data = new Float32Array(bits.buffer).filter(Number.isFinite);
    const decimals = Array.from(data, (x) => Number(shortest(x)));
    expect(fromWire({ dtype: 'float32', shape: [data.length], data: decimals })).toEqual(
      tensor('float32', [data.length], data),
    );
  });
  test('carries what JSON cannot say', () => {
    const held = tensor('float32', [4], [NaN, Infinity, -Infinity, -0]);
    expect(fromWire(JSON.parse(JSON.stringify(toWire(held, 'readable'))))).toEqual(held);
    expect(packElements(tensor('float32', [1], [1]))).toBe('AACAPw==');
  });
  const edges = [0, 1, -1, 255, 65504, 2 ** 31 - 1, -(2 ** 31), 2 ** 32, -(2 ** 32), 2 ** 53 - 1];
  const fractions = [-0, NaN, Infinity, -Infinity, 5e-324, 2 ** -149, 2 ** -24, -0.1, 1e308];
  test.each(dtypes)('writes the bytes of %s one by one as DataView does', (dtype) => {
    const held = [...edges, ...(isFloatDtype(dtype) ? fractions : [])]
      .map((x) => (isFloatDtype(dtype) ? roundTo(x, dtype) : x))
      .filter((x) => holds(x, dtype));
    expect(held.length).toBeGreaterThan(1);
    const one = tensor(dtype, [held.length], held);
    const expected = Buffer.concat(held.map((x) => bytesOf(dtype, x))).toString('base64');
    expect(packElements(one)).toBe(expected);
    expect(packElements({ ...one, data: held })).toBe(expected);
    expect(fromWire({ dtype, shape: [held.length], data: expected })).toEqual(one);
  });
  test.each([
    [{ dtype: 'float33', shape: [1], data: [1] }, /dtype: expected one of/],
    [{ dtype: 'float32', shape: [-1], data: [] }, /shape: expected a list of integers/],
    [{ dtype: 'float32', shape: [2], data: [1] }, /data: expected base64 text or 2 numbers/],
    [{ dtype: 'float32', shape: [2], data: 'AACAPw==' }, /data: expected 8 bytes/],
    [{ dtype: 'float32', shape: [1], data: [1e39] }, /1e\+39 is beyond float32/],
    [{ dtype: 'float16', shape: [1], data: [65520] }, /65520 is beyond float16/],
    [{ dtype: 'bool', shape: [1], data: [2] }, /2 is not a bool/],
    [{ dtype: 'int32', shape: [1], data: [1.5] }, /1\.5 is not a int32/],
  ])('refuses %j', (value, message) => {
    expect(() => fromWire(value)).toThrow(MalformedTensor);
    expect(() => fromWire(value)).toThrow(message);
  });
});

describe('parseJson', () => {
  const quotes = String.raw`"\"NaN\" NaN"`;
  test.each([
    ['[NaN,Infinity,-Infinity,-1e5]', [NaN, Infinity, -Infinity, -1e5]],
    [
      String.raw`{"a":NaN,"b":"-Infinity \\" ,"c":[ NaN ]}`,
      { a: NaN, b: '-Infinity \\', c: [NaN] },
    ],
    [`[${quotes},NaN,"\\u0001NaN"]`, ['"NaN" NaN', NaN, '\u0001NaN']],
    ['{"NaN":1}', { NaN: 1 }],
  ])('reads %s', (text, value) => {
    expect(parseJson(text)).toEqual(value);
  });
  test.each(['[nan]', '[NaN', 'NaNs', '[+Infinity]', '{NaN:1}', '"NaN', ''])(
    'refuses %s',
    (text) => {
      expect(() => parseJson(text)).toThrow(SyntaxError);
    },
  );
});

describe('shapes', () => {
  test('a letter means one length throughout, and ... the same leading axes', () => {
    const known = noDimensions();
    expect(unify('[..., L, D]', [2, 3, 4], known)).toBeUndefined();
    expect(unify('[..., D]', [2, 4], known)).toBeUndefined();
    expect(unify('[D]', [5], known)).toBe('expected D = 4 as elsewhere, got 5 in [5]');
    expect(unify('[..., L]', [3, 3], known)).toMatch(/expected leading axes \[2\] as elsewhere/);
    expect(unify('[L, D, E]', [3], known)).toBe('expected shape [L, D, E], got [3]');
    expect(instantiate('[..., D, L]', known)).toEqual([2, 4, 3]);
    expect(instantiate('[X]', known)).toBeUndefined();
  });
  test('broadcasting aligns at the end', () => {
    const known = noDimensions();
    unify('[..., L, S]', [2, 3, 4], known);
    for (const shape of [[2, 3, 4], [1, 4], [3, 1], [4], [2, 1, 1], []])
      expect(broadcasts('[..., L, S]', shape, known)).toBeUndefined();
    for (const shape of [[3], [2, 4], [1, 2, 3, 4]])
      expect(broadcasts('[..., L, S]', shape, known)).toMatch(
        /expected a shape that broadcasts to \[2, 3, 4\]/,
      );
  });
  test('a pattern that is none is refused', () => {
    expect(() => unify('B, L', [1, 2], noDimensions())).toThrow(SyntaxError);
    expect(() => unify('[B, ?]', [1, 2], noDimensions())).toThrow(SyntaxError);
  });
});
