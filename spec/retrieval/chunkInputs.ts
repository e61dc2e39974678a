import fc, { type Arbitrary } from 'fast-check';
import type { Level } from '../component.ts';
import { randomStream } from '../generate.ts';
import { hardTexts } from '../text/texts.ts';
import type { Cutting } from './chunks.ts';

/** What a splitter may trip over where it cuts: spaces, line ends, marks, joined emoji, surrogates on their own, and letters that repeat. */
const alphabets: readonly (readonly string[])[] = [
  ['a'],
  ['a', 'b', ' '],
  ['a', '.', ' ', '\n'],
  ['\r', '\n', '\r\n', '\t', '\u00A0', ' '],
  ['x', '\u{1F600}', '\u{10FFFF}'],
  ['e', '\u0301', '\u00E9', '\u{1F468}', '\u200D', '\u{1F1E9}', '\u{1F1EA}'],
  ['\u05D0', '\u0645', '\u202E', '\u4F60', '\u{20000}'],
  ['\u0000', '\uFEFF', '\uFFFD', '\u200B', 'z'],
  ['\uD83D', 'a', '\u{1F600}', '\uDE00'],
];

/** So many characters of an alphabet. Halves of a pair that meet are one character: another takes the place of the second. */
function drawn(seed: number, length: number, alphabet: readonly string[]): string {
  const next = randomStream(seed);
  const characters: string[] = [];
  while (characters.length < length) {
    const piece = [...(alphabet[Math.floor(next() * alphabet.length)] ?? 'a')];
    const isHalf = /^[\uDC00-\uDFFF]$/.test(piece[0] ?? '');
    if (isHalf && /^[\uD800-\uDBFF]$/.test(characters.at(-1) ?? '')) characters.push('a');
    else for (const one of piece) characters.push(one);
  }
  return characters.slice(0, length).join('');
}

/** A chunk's size, and the overlap as a part of it: none, a little, half, all but a little, all but one. */
function overlaps(size: number): Arbitrary<number> {
  const some = [0, 0, 1, size >> 2, size >> 1, size - 2, size - 1];
  return fc.constantFrom(...some.map((overlap) => Math.min(size - 1, Math.max(0, overlap))));
}

const sizesOf = (level: Level): Arbitrary<number> => {
  if (level === 'core') return fc.integer({ min: 1, max: 12 });
  if (level === 'edge') return fc.constantFrom(1, 1, 2, 2, 3, 4, 8, 1000, 2 ** 31, 2 ** 53 - 1);
  return fc.constantFrom(1, 63, 64, 65, 127, 128, 129, 500, 512);
};

/** A text that ends where a chunk does, or one character off. */
function measured(level: Level): Arbitrary<Cutting> {
  const chunks = level === 'scale' ? 9 : 4;
  return sizesOf(level)
    .chain((size) => fc.tuple(fc.constant(size), overlaps(size)))
    .chain(([size, overlap]) => {
      const whole = (count: number) => Math.min(2000, overlap + count * (size - overlap));
      return fc
        .tuple(
          fc.nat(),
          fc.integer({ min: 0, max: chunks }),
          fc.constantFrom(-1, 0, 0, 1),
          fc.constantFrom(...alphabets),
        )
        .map(([seed, count, off, alphabet]) => ({
          text: drawn(seed, Math.max(0, whole(count) + off), alphabet),
          size,
          overlap,
        }));
    });
}

/** Any text, cut anyhow. */
const anyhow = (level: Level): Arbitrary<Cutting> =>
  sizesOf(level)
    .chain((size) =>
      fc.tuple(
        hardTexts(level, { broken: level === 'edge' }),
        fc.constant(size),
        level === 'scale' ? fc.constantFrom(0, size >> 3, size >> 1) : overlaps(size),
      ),
    )
    .map(([text, size, overlap]) => ({ text, size, overlap }));

export const chunkInputs = (level: Level): Arbitrary<Cutting> =>
  fc.oneof(measured(level), anyhow(level));
