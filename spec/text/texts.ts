import fc, { type Arbitrary } from 'fast-check';
import type { Level } from '../component.ts';
import { randomStream } from '../generate.ts';

/** What breaks tokenizers: contractions in both cases, runs of digits, signs and spaces of every kind, marks, astral characters, control tokens. */
const pieces: readonly string[] = [
  ['low', 'lower', 'lowest', 'the', 'Play', 'ing', 'I', "'ll", "'LL", "'s", "'S", "'re", "'d"],
  ['1', '42', '1999', '\u00B2', '\u0663', '!', '?!', '...', ',', '--', '_', '$', '"', '(', '<|'],
  [' ', ' ', ' ', '  ', '   ', '\n', '\n\n', '\t', '\r\n', '\u00A0', '\u3000', '\u2029'],
  ['\u0085', '\uFEFF', '\u200B', '\u00AD', '\u0000', '\u0001', '\u007F', '\u0120', '\u010A'],
  ['e\u0301', '\u00E9', 'o\u0308\u0304', '\u0301', 'na\u00EFve', '\u1E9E', '\u0130'],
  ['\u{1F600}', '\u{1F468}\u200D\u{1F469}\u200D\u{1F467}', '\u{1F1E9}\u{1F1EA}', '\u2764\uFE0F'],
  ['\u05E9\u05DC\u05D5\u05DD', '\u0645\u0631\u062D\u0628\u0627', '\u202Eabc\u202C'],
  ['\u4F60\u597D', '\u65E5\u672C', '\uD55C\uAE00', '\u{20000}', '\u{10FFFF}', '\uE000'],
  ['<|endoftext|>', '[SEP]', '[UNK]', '[CLS]', '##ing', '\u2581', '$&', '\\', '\uFFFD'],
].flat();

const lone = ['\uD83D', '\uDE00', '\uDBFF', '\uDC00'] as const;

/** Texts of hard pieces. `broken`: a surrogate may have lost its partner. */
export const hardTexts = (level: Level, { broken = false } = {}): Arbitrary<string> => {
  const piece = broken
    ? fc.oneof(
        { weight: 12, arbitrary: fc.constantFrom(...pieces) },
        { weight: 1, arbitrary: fc.constantFrom(...lone) },
      )
    : fc.constantFrom(...pieces);
  const joined = (most: number, least = 0) =>
    fc.array(piece, { minLength: least, maxLength: most }).map((list) => list.join(''));
  if (level === 'core') return joined(8);
  if (level === 'scale') return fc.oneof(joined(120, 40), longTexts);
  const unit = fc.string({ unit: 'binary-ascii', maxLength: 8 });
  return fc.oneof(
    joined(5),
    unit,
    joined(3).map((text) => `  ${text}  `),
  );
};

/** Long texts without a space, of few letters. */
export const longTexts: Arbitrary<string> = fc
  .tuple(
    fc.nat(),
    fc.constantFrom(127, 128, 129, 509, 1021, 1024, 10_007),
    fc.constantFrom('a', 'ab', 'abc\u00E9', 'x\u{1F600}'),
  )
  .map(([seed, length, letters]) => wordOf(seed, length, letters));

/** A word of random letters from a seed. */
export function wordOf(seed: number, length: number, letters: string): string {
  const next = randomStream(seed);
  const all = [...letters];
  return Array.from({ length }, () => all[Math.floor(next() * all.length)] ?? '').join('');
}

/** The list in an order from a seed. */
export function shuffled<T>(items: readonly T[], next: () => number): readonly T[] {
  return items
    .map((item) => ({ item, key: next() }))
    .toSorted((x, y) => x.key - y.key)
    .map(({ item }) => item);
}
