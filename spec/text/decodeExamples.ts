import type { Example } from '../component.ts';
import { byteCharacters, toByteCharacters } from './byteAlphabet.ts';

interface Coded {
  readonly ids: readonly number[];
  readonly vocabulary: readonly string[];
  readonly kind: 'characters' | 'bytes' | 'wordPiece' | 'unigram';
}

const fromBytes = (...bytes: readonly number[]): string =>
  bytes.map((byte) => byteCharacters[byte] ?? '').join('');

/** Tokens with the vocabulary of what they are, in code-unit order. */
const asked = (kind: Coded['kind'], tokens: readonly string[]): Coded => {
  const vocabulary = [...new Set(tokens)].toSorted();
  return { ids: tokens.map((token) => vocabulary.indexOf(token)), vocabulary, kind };
};

export const decodeExamples: readonly Example<Coded>[] = [
  {
    id: 'characters',
    why: 'tokens stand side by side, without spaces, and id 0 is an id',
    flags: ['ordinary'],
    input: asked('characters', ['low', 'est', ' ', 'low', 'er']),
  },
  {
    id: 'signs-of-others',
    why: 'signs that mean something in other kinds are characters here',
    flags: ['kind'],
    input: asked('characters', ['a', '##b', '\u2581c', '\u0120d', '\u0000', 'e', '\u0301']),
  },
  {
    id: 'character-in-two-tokens',
    why: 'each token decoded by itself: a character in two halves is lost',
    flags: ['tokenizer-decode-special-01'],
    input: asked('bytes', [
      'a',
      fromBytes(0x20, 0xf0, 0x9f),
      fromBytes(0x98, 0x80),
      fromBytes(0xe4, 0xbd),
      fromBytes(0xa0),
    ]),
  },
  {
    id: 'cut-off-sequences',
    why: 'one U+FFFD for each part of a sequence, not for each byte, and none left out',
    flags: ['utf-8'],
    input: asked('bytes', [
      fromBytes(0xf0, 0x9f, 0x98),
      'a',
      fromBytes(0xc0, 0xaf),
      'b',
      fromBytes(0xed, 0xa0, 0x80),
      fromBytes(0xe2, 0x82),
    ]),
  },
  {
    id: 'spaces-in-bytes',
    why: 'spaces before punctuation and in contractions tidied up: in bytes they stand in the text',
    flags: ['spaces', 'ends'],
    input: asked(
      'bytes',
      ['so', ' .', ' No', ' !', ' is', ' it', ' ?', ' do', " n't", ' we', " 're", '  ,', ' '].map(
        toByteCharacters,
      ),
    ),
  },
  {
    id: 'byte-order-mark',
    why: 'a decoder that swallows U+FEFF at the start',
    flags: ['utf-8', 'byte-order-mark'],
    input: asked('bytes', [toByteCharacters('\uFEFF'), 'x', toByteCharacters(' \uFEFF')]),
  },
  {
    id: 'control-tokens-are-text',
    why: 'a control token left out, or what follows it',
    flags: ['tokenizer-decode-special-03', 'control-token'],
    input: asked('bytes', ['a', '<|endoftext|>', 'b', '\u0120', '\u010A', '\u0100']),
  },
  {
    id: 'pieces-of-words',
    why: 'pieces of a word joined to it, words by a space; no spaces tidied up before a comma',
    flags: ['word-pieces'],
    input: asked('wordPiece', ['play', '##ing', ',', '[SEP]', 'happi', '##ly', '!']),
  },
  {
    id: 'sharps',
    why: 'the sign is taken away once, at the start, and not from the first token',
    flags: ['word-pieces'],
    input: asked('wordPiece', ['##ing', '####', 'a##b', '##c##d', '#', '##']),
  },
  {
    id: 'space-signs',
    why: 'every U+2581 is a space, also at the start and several in a row',
    flags: ['unigram'],
    input: asked('unigram', ['\u2581Hello', '\u2581wor', 'ld\u2581\u2581', '##!', '\u2581']),
  },
];
