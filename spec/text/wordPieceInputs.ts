import fc, { type Arbitrary } from 'fast-check';
import type { Level } from '../component.ts';
import { randomStream } from '../generate.ts';
import { hardTexts, shuffled, wordOf } from './texts.ts';
import { wordsOf } from './words.ts';

export interface Pieces {
  readonly text: string;
  readonly vocabulary: readonly string[];
  readonly prefix?: string | undefined;
  readonly unknown?: string | undefined;
  readonly maxWordLength?: number | undefined;
}

/** Pieces of a word, cut at random; now and then one is left out, in small letters, or not marked as going on. */
function piecesOf(word: string, prefix: string, next: () => number): readonly string[] {
  const characters = [...word];
  const pieces: string[] = [];
  for (let start = 0; start < characters.length;) {
    const end = start + 1 + Math.floor(next() * (next() < 0.5 ? 2 : 5));
    const piece = characters.slice(start, end).join('');
    if (next() < 0.9) pieces.push((start > 0 && next() < 0.95 ? prefix : '') + piece);
    if (next() < 0.1) pieces.push(piece.toLowerCase());
    start = end;
  }
  return pieces;
}

const controls = ['[PAD]', '[CLS]', '[SEP]', '[MASK]', '<|endoftext|>'];

export function piecesFrom(
  seed: number,
  text: string,
  { prefix, unknown, maxWordLength }: Omit<Pieces, 'text' | 'vocabulary'>,
): Pieces {
  const next = randomStream(seed);
  const mark = prefix ?? '##';
  const tokens = new Set([unknown ?? '[UNK]']);
  for (const control of controls) if (next() < 0.5) tokens.add(control);
  for (const word of wordsOf(text)) {
    for (const piece of piecesOf(word, mark, next)) tokens.add(piece);
    if (next() < 0.2) tokens.add(word);
    if (next() < 0.3) for (const one of word) tokens.add(one).add(mark + one);
  }
  return {
    text,
    vocabulary: shuffled([...tokens], next),
    ...(prefix === undefined ? {} : { prefix }),
    ...(unknown === undefined ? {} : { unknown }),
    ...(maxWordLength === undefined ? {} : { maxWordLength }),
  };
}

/** Words of few letters, so that pieces are met again. */
const sentences = (level: Level): Arbitrary<string> =>
  fc
    .tuple(
      fc.nat(),
      fc.constantFrom('ab', 'abc', 'Aab', 'e\u0301\u00E9x', '\u{1F600}a', 'ab,'),
      level === 'scale' ? fc.constantFrom(65, 257, 1021) : fc.integer({ min: 0, max: 24 }),
    )
    .map(([seed, letters, length]) => wordOf(seed, length, `${letters}${letters} `));

const settings = (level: Level): Arbitrary<Omit<Pieces, 'text' | 'vocabulary'>> =>
  fc.record({
    prefix: fc.constantFrom(undefined, undefined, '##', '@@', ...(level === 'edge' ? [''] : [])),
    unknown: fc.constantFrom(undefined, undefined, '<unk>'),
    maxWordLength:
      level === 'core' ? fc.constantFrom(undefined, 4) : fc.constantFrom(undefined, 1, 2, 5, 101),
  });

export const pieceInputs = (level: Level): Arbitrary<Pieces> =>
  fc
    .tuple(fc.nat(), fc.oneof(hardTexts(level), sentences(level)), settings(level))
    .map(([seed, text, chosen]) => piecesFrom(seed, text, chosen));
