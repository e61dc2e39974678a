/** The order of two texts by code points, which is that of their UTF-8 bytes; that of UTF-16 puts U+1F600 before U+FF5E. */
export function byCodePoints(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i += 1) {
    const [left, right] = [a.charCodeAt(i), b.charCodeAt(i)];
    if (left === right) continue;
    return isSurrogate(left) || isSurrogate(right) ? byEachCodePoint(a, b) : left - right;
  }
  return a.length - b.length;
}

const isSurrogate = (unit: number): boolean => unit >= 0xd800 && unit < 0xe000;

function byEachCodePoint(a: string, b: string): number {
  const [left, right] = [Array.from(a, codeOf), Array.from(b, codeOf)];
  const at = left.findIndex((code, i) => code !== right[i]);
  return at === -1 ? left.length - right.length : (left[at] ?? 0) - (right[at] ?? -1);
}

const codeOf = (character: string): number => character.codePointAt(0) ?? 0;

/** Whether a text has a UTF-8 form: no half of a surrogate pair stands alone. */
export const isWellFormed = (text: string): boolean => !/\p{Surrogate}/u.test(text);
