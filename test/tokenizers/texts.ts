import fc, { type Arbitrary } from 'fast-check';
import { hardTexts } from '../../spec/text/texts.ts';

const pick = (items: readonly (readonly string[])[]): Arbitrary<string> =>
  fc.array(fc.constantFrom(...items.flat()), { maxLength: 30 }).map((list) => list.join(''));

const prose = pick([
  ['the ', 'of ', "don't ", "WE'LL ", "it's ", 'token', 'ization ', 'model', 'ing ', 'un'],
  ['Believ', 'able', 'Strasse ', 'str', '. ', ', ', '; ', '\n', '  ', '"', ' (', ') ', '-'],
]);

const code = pick([
  ['function ', 'const ', 'x', 'i', '_id', ' = ', '=>', '===', '()', '{', '}', ';', '\n'],
  ['\r\n', '    ', '\t', '\t\t', '// ', '/* ', ' */', '#include <', '0x1F', '1e-9', '"\\n"'],
  ['$1', '::', 'camelCase', 'snake_case', 'return', '&&', '||', '!=', '[0]', '<div>', '@', '%'],
]);

const digits = pick([
  ['0', '7', '12', '345', '9999', ',', '.', ' ', '-'],
  ['\u00BD', '\u0669', '\u0968', '\uFF11', '\u2167'],
]);

const control = pick([
  ['<|endoftext|>', '<|fim_prefix|>', '<|', '|>', 'endoftext', ' ', 'a', '\n'],
]);

/** First and last code point of some scripts, signs and pictures. */
const blocks = [
  [0x20, 0x7e],
  [0xa0, 0x24f],
  [0x300, 0x36f],
  [0x370, 0x3ff],
  [0x400, 0x52f],
  [0x591, 0x5f4],
  [0x600, 0x6ff],
  [0x900, 0x97f],
  [0xe00, 0xe7f],
  [0x2000, 0x206f],
  [0x20a0, 0x20bf],
  [0x3040, 0x30ff],
  [0x4e00, 0x9fff],
  [0xac00, 0xd7a3],
  [0xfe00, 0xfe0f],
  [0xff00, 0xffef],
  [0x1f300, 0x1f6ff],
  [0x1f900, 0x1f9ff],
  [0x20000, 0x2a6df],
] as const;

const scripts = fc
  .array(
    fc.constantFrom(...blocks).chain(([first, last]) => fc.integer({ min: first, max: last })),
    { maxLength: 40 },
  )
  .map((points) => points.map((point) => String.fromCodePoint(point)).join(''));

/** Any UTF-16, surrogates without a partner included. */
const codeUnits = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 20 })
  .map((units) => units.map((unit) => String.fromCharCode(unit)).join(''));

const runs = fc
  .tuple(
    fc.constantFrom(...'a \n\t0=-.\u00E9\u{1F600}\u4F60', 'ab', '\uD83D'),
    fc.integer({ min: 1, max: 300 }),
    fc.constantFrom('', 'x', ' ', '\n', '!'),
  )
  .map(([unit, count, behind]) => unit.repeat(count) + behind);

/** Texts of every kind that tokenizers find hard; a few are some thousand characters long. */
const anyText: Arbitrary<string> = fc.oneof(
  { weight: 14, arbitrary: hardTexts('core', { broken: true }) },
  { weight: 10, arbitrary: hardTexts('edge', { broken: true }) },
  { weight: 2, arbitrary: hardTexts('scale', { broken: true }) },
  ...[prose, code, digits, scripts, codeUnits, runs].map((arbitrary) => ({
    weight: 12,
    arbitrary,
  })),
  { weight: 4, arbitrary: control },
);

/** The same texts for the same seed. */
export const textsOf = (count: number, seed: number): readonly string[] =>
  fc.sample(anyText, { numRuns: count, seed });
