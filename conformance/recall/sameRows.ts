import type { Matrix } from '../data/open.ts';

/** FNV-1a over 32-bit words. */
function hashOf(words: Uint32Array, from: number, to: number): number {
  let hash = 0x811c9dc5;
  for (let i = from; i < to; i += 1) hash = Math.imul(hash ^ (words[i] ?? 0), 0x01000193);
  return hash;
}

function areEqual(words: Uint32Array, a: number, b: number, length: number): boolean {
  for (let i = 0; i < length; i += 1) if (words[a + i] !== words[b + i]) return false;
  return true;
}

const wordsOf = ({ data }: Matrix): Uint32Array =>
  new Uint32Array(data.buffer, data.byteOffset, data.byteLength / 4);

/** Whether two rows have the same bits. */
export function isSameRow(matrix: Matrix, a: number, b: number): boolean {
  const length = (matrix.columns * matrix.data.BYTES_PER_ELEMENT) / 4;
  return areEqual(wordsOf(matrix), a * length, b * length, length);
}

/** For each row the first that has the same bits: equal vectors need not be compared again and again. */
export function sameRows(matrix: Matrix): Int32Array {
  const { rows, columns, data } = matrix;
  const length = (columns * data.BYTES_PER_ELEMENT) / 4;
  const words = wordsOf(matrix);
  const known = new Map<number, number[]>();
  const first = new Int32Array(rows);
  for (let row = 0; row < rows; row += 1) {
    const hash = hashOf(words, row * length, (row + 1) * length);
    const others = known.get(hash) ?? [];
    const same = others.find((other) => areEqual(words, other * length, row * length, length));
    first[row] = same ?? row;
    if (same !== undefined) continue;
    others.push(row);
    known.set(hash, others);
  }
  return first;
}
