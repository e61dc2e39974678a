import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { openMatrix } from '../../conformance/data/open.ts';
import { scratch } from '../cli/call.ts';
import { doubles, floats, fvecs, ivecs, npy, npyHeader, safetensors, written } from './bytes.ts';

const folder = scratch();
let count = 0;
const file = (ending: string, bytes: Buffer): string => {
  count += 1;
  return written(folder, `${count}.${ending}`, bytes);
};

async function read(path: string) {
  const open = await openMatrix(path);
  const { rows, columns, data } = await open.read();
  expect({ rows, columns }).toEqual({ rows: open.rows, columns: open.columns });
  return { rows, columns, isFloat: open.isFloat, kind: data.constructor.name, data: [...data] };
}

const narrow = { rows: 2, columns: 2, isFloat: true, kind: 'Float32Array' } as const;
const wide = { rows: 2, columns: 2, isFloat: false, kind: 'Float64Array' } as const;
const data = [1, -2.5, 0, 2 ** -149];
const pairs = [
  [1, -2.5],
  [0, 2 ** -149],
];

describe('what is read', () => {
  test('.fvecs, .ivecs, .bvecs', async () => {
    expect(await read(file('fvecs', fvecs(pairs)))).toEqual({ ...narrow, data });
    const ids = [
      [7, -1],
      [2 ** 31 - 1, 0],
    ];
    expect(await read(file('ivecs', ivecs(ids)))).toEqual({ ...wide, data: ids.flat() });
    const bytes = Buffer.from([2, 0, 0, 0, 255, 1, 2, 0, 0, 0, 0, 3]);
    expect(await read(file('bvecs', bytes))).toEqual({
      ...narrow,
      isFloat: false,
      data: [255, 1, 0, 3],
    });
  });

  test.each([1, 2, 3])('.npy, version %i', async (version) => {
    const bytes = npy(npyHeader('<f4', '(2, 2)'), floats(data), version);
    expect(await read(file('npy', bytes))).toEqual({ ...narrow, data });
  });

  test.each([
    ['<f8', doubles([0.1, 2, 3, 4]), [0.1, 2, 3, 4], 'Float64Array', true],
    [
      '<f2',
      Buffer.from([0, 0x3c, 0, 0xc0, 1, 0, 0xff, 0x7b]),
      [1, -2, 2 ** -24, 65504],
      'Float32Array',
      true,
    ],
    [
      '<i4',
      Buffer.from(Int32Array.of(1, -1, 2 ** 30 + 1, 0).buffer),
      [1, -1, 2 ** 30 + 1, 0],
      'Float64Array',
      false,
    ],
    [
      '<i8',
      Buffer.from(BigInt64Array.of(1n, -1n, -(2n ** 40n) - 3n, 0n).buffer),
      [1, -1, -(2 ** 40) - 3, 0],
      'Float64Array',
      false,
    ],
    ['|u1', Buffer.from([0, 255, 7, 1]), [0, 255, 7, 1], 'Float32Array', false],
    ['|i1', Buffer.from([0, 255, 127, 128]), [0, -1, 127, -128], 'Float32Array', false],
  ] as const)('.npy of %s', async (descr, body, values, kind, isFloat) => {
    const path = file('npy', npy(npyHeader(descr, '(2, 2)'), body));
    expect(await read(path)).toEqual({ rows: 2, columns: 2, isFloat, kind, data: [...values] });
  });

  test('.safetensors: the only tensor, or the one that is named', async () => {
    const tensor = { dtype: 'F32', shape: [2, 2], data_offsets: [0, 16] };
    const one = file(
      'safetensors',
      safetensors({ __metadata__: { a: 'b' }, tensor }, floats(data)),
    );
    expect(await read(one)).toEqual({ ...narrow, data });
    const second = { dtype: 'BF16', shape: [1, 2], data_offsets: [16, 20] };
    const body = Buffer.concat([floats(data), Buffer.from([0x80, 0x3f, 0, 0xc0])]);
    const two = file('safetensors', safetensors({ tensor, 'a.b#c': second }, body));
    expect(await read(`${two}#tensor`)).toEqual({ ...narrow, data });
    expect(await read(`${two}#a.b#c`)).toEqual({ ...narrow, rows: 1, data: [1, -2] });
  });

  test('more rows than are read at once, each in its place', async () => {
    const rows = Array.from({ length: 3000 }, (_, i) =>
      Array.from({ length: 700 }, (_item, j) => i * 1024 + j),
    );
    const { data: all } = await read(file('fvecs', fvecs(rows)));
    expect(all).toEqual(rows.flat());
  });

  test('the place of an element is the byte where it begins', async () => {
    const path = file(
      'ivecs',
      ivecs([
        [1, 2],
        [3, 99],
      ]),
    );
    const { place } = await openMatrix(path);
    expect(place(1, 1)).toBe(`${path}, byte 20 (row 1, column 1)`);
    expect(readFileSync(path).readInt32LE(20)).toBe(99);
  });
});
