import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { MalformedFile } from '../../conformance/data/malformedFile.ts';
import { openMatrix } from '../../conformance/data/open.ts';
import { scratch } from '../cli/call.ts';
import { floats, fvecs, npy, npyHeader, safetensors, written } from './bytes.ts';

const folder = scratch();
let count = 0;
const file = (ending: string, bytes: Buffer): string => {
  count += 1;
  return written(folder, `${count}.${ending}`, bytes);
};

/** The message with which a path is refused. */
async function refusal(path: string): Promise<string> {
  try {
    await (await openMatrix(path)).read();
  } catch (error) {
    if (error instanceof MalformedFile) return error.message.replaceAll(`${folder}/`, '');
    throw error;
  }
  throw new Error(`${path} was read`);
}

const data = [1, -2.5, 0, 2 ** -149];
const pairs = [data.slice(0, 2), data.slice(2)];
const good = npyHeader('<f4', '(2, 2)');
const tensor = { dtype: 'F32', shape: [2, 2], data_offsets: [0, 16] };

describe('what is refused, and how', () => {
  test.each<readonly [string, string, Buffer, RegExp]>([
    [
      'empty',
      'fvecs',
      Buffer.alloc(0),
      /byte 0: expected the length of a row of 4 bytes, got the end/,
    ],
    [
      'cut off in a row',
      'fvecs',
      fvecs(pairs).subarray(0, 20),
      /byte 12: expected a row of 12 bytes \(4 for its length, 2 float32\), got 8 bytes and the end of the file; it is cut off/,
    ],
    [
      'a length of 0',
      'fvecs',
      fvecs([[], [1]]),
      /byte 0: expected the length of a row, an int32 from 1 to 16777216, got 0/,
    ],
    [
      'a negative length',
      'ivecs',
      Buffer.from([255, 255, 255, 255]),
      /got -1; is it of this format/,
    ],
    ['a huge length', 'fvecs', Buffer.from([255, 255, 255, 127, 0, 0, 0, 0]), /got 2147483647/],
    [
      'rows of several lengths',
      'fvecs',
      fvecs([[1, 2, 3], [1], [2]]),
      /byte 16: expected 3 numbers in row 1, as in row 0, got 1/,
    ],
    [
      'NaN',
      'fvecs',
      fvecs([
        [1, 2],
        [3, NaN],
      ]),
      /byte 20: expected a finite number in row 1, column 1, got NaN; nothing is near or far/,
    ],
    [
      'an infinity',
      'npy',
      npy(good, floats([1, -Infinity, 0, 0])),
      /expected a finite number in row 0, column 1, got -Infinity/,
    ],
    [
      'an int64 that no double holds',
      'npy',
      npy(npyHeader('<i8', '(1, 1)'), Buffer.from(BigInt64Array.of(2n ** 53n + 1n).buffer)),
      /expected an integer within 2\^53 in row 0, column 0, got 9007199254740992; beyond that doubles leave some out/,
    ],
    ['no .npy', 'npy', fvecs(pairs), /byte 0: expected \\x93NUMPY, got other bytes/],
    [
      'only its beginning',
      'npy',
      Buffer.from([0x93, 0x4e]),
      /byte 0: expected the first bytes of a \.npy of 8 bytes, got the end/,
    ],
    ['version 9', 'npy', npy(good, floats(data), 9), /byte 6: expected version 1, 2 or 3, got 9/],
    [
      'a header longer than the file',
      'npy',
      npy(good, floats(data)).subarray(0, 40),
      /byte 10: expected a header of \d+ bytes, got the end of the file after 40 bytes/,
    ],
    [
      'a header of gigabytes',
      'npy',
      Buffer.concat([npy('', Buffer.alloc(0), 2).subarray(0, 8), Buffer.from([0, 0, 0, 255])]),
      /byte 8: expected a header of at most 1048576 bytes, got 4278190080/,
    ],
    [
      'another header',
      'npy',
      npy('{}', floats(data)),
      /byte 10: expected a header with 'descr', 'fortran_order' and 'shape', got \{\}/,
    ],
    [
      'columns first',
      'npy',
      npy(npyHeader('<f4', '(2, 2)', 'True'), floats(data)),
      /got columns \(fortran_order\); write it with numpy\.save\(path, numpy\.ascontiguousarray/,
    ],
    [
      'big-endian numbers',
      'npy',
      npy(npyHeader('>f4', '(2, 2)'), floats(data)),
      /expected numbers of <f8, .*, got >f4; convert them: array\.astype/,
    ],
    [
      'a structured type',
      'npy',
      npy("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2, 2), }", floats(data)),
      /got a structured type/,
    ],
    [
      'one axis',
      'npy',
      npy(npyHeader('<f4', '(4,)'), floats(data)),
      /expected two axes, \[rows, columns\], got \[4\]; a single row is \[1, columns\]/,
    ],
    [
      'no rows',
      'npy',
      npy(npyHeader('<f4', '(0, 4)'), Buffer.alloc(0)),
      /expected at least one row and one column, got \[0, 4\]/,
    ],
    [
      'too few bytes',
      'npy',
      npy(good, floats([1, 2, 3])),
      /expected 2 × 2 numbers of 4 bytes \(float32\), 16 bytes in all, got 12; it is cut off/,
    ],
    [
      'too many bytes',
      'npy',
      npy(good, floats([1, 2, 3, 4, 5])),
      /16 bytes in all, got 20; its header is wrong, or something stands behind/,
    ],
    [
      'terabytes claimed',
      'npy',
      npy(npyHeader('<f4', '(1000000000, 4096)'), floats(data)),
      /16384000000000 bytes in all, got 16/,
    ],
    [
      'lengths beyond all',
      'npy',
      npy(npyHeader('<f4', '(99999999999999999999, 4)'), floats(data)),
      /expected lengths that a file can have/,
    ],
    [
      'no .safetensors',
      'safetensors',
      fvecs(pairs),
      /byte 0: expected a header of at most 100000000 bytes, got \d+/,
    ],
    [
      'a header that is no JSON',
      'safetensors',
      safetensors('nonsense', floats(data)),
      /byte 8: expected a header of JSON that begins with \{, got "nonsense"/,
    ],
    [
      'several tensors',
      'safetensors',
      safetensors(
        { a: tensor, b: { ...tensor, data_offsets: [16, 32] } },
        floats([...data, ...data]),
      ),
      /expected one tensor, got 2; name one as \d+\.safetensors#NAME: it has a, b/,
    ],
    ['no tensor', 'safetensors', safetensors({}, Buffer.alloc(0)), /expected one tensor, got 0/],
    [
      'an unknown type',
      'safetensors',
      safetensors({ a: { ...tensor, dtype: 'U32' } }, floats(data)),
      /expected a to be of F64, F32, .*, got U32/,
    ],
    [
      'no offsets',
      'safetensors',
      safetensors({ a: { dtype: 'F32', shape: [2, 2] } }, floats(data)),
      /expected dtype, shape and both data_offsets of "a" before, got "\}"/,
    ],
    [
      'offsets that are not its size',
      'safetensors',
      safetensors({ a: { ...tensor, data_offsets: [0, 12] } }, floats(data)),
      /expected 16 bytes of "a", F32 \[2, 2\], got 12/,
    ],
    [
      'offsets beyond the end',
      'safetensors',
      safetensors({ a: tensor }, floats([1, 2])),
      /expected "a" up to offset 16, got the end of the file after 8 bytes of data; it is cut off/,
    ],
  ])('%s (.%s)', async (_why, ending, bytes, wanted) => {
    expect(await refusal(file(ending, bytes))).toMatch(wanted);
  });

  test('a tensor that is not there, with the one that was meant', async () => {
    const path = file('safetensors', safetensors({ vectors: tensor }, floats(data)));
    expect(await refusal(`${path}#vektors`)).toMatch(
      /expected the name of a tensor after #, got vektors; did you mean vectors\?/,
    );
  });

  test('another ending, no file, a folder', async () => {
    expect(await refusal(join(folder, 'a.csv'))).toBe(
      'a.csv: expected a file whose name ends in .fvecs, .ivecs, .bvecs, .npy, .safetensors, got .csv',
    );
    expect(await refusal(join(folder, 'none'))).toMatch(/got none of them$/);
    expect(await refusal(join(folder, 'none.npy'))).toBe(
      'none.npy: could not be read: ENOENT: no such file or directory',
    );
    mkdirSync(join(folder, 'sub.npy'));
    expect(await refusal(join(folder, 'sub.npy'))).toMatch(/expected a file, got a folder/);
  });
});
