import type { Example } from '../component.ts';
import type { Pieces } from './wordPieceInputs.ts';

/** A vocabulary written as a row of tokens; the unknown one is not the first. */
const tokens = (row: string): readonly string[] => [...row.split(' '), '[UNK]', '[SEP]', '[CLS]'];

export const wordPieceExamples: readonly Example<Pieces>[] = [
  {
    id: 'playing-happily',
    why: 'the notes’ example: pieces within a word are looked up behind ##',
    flags: ['ordinary'],
    input: {
      text: 'playing happily!',
      vocabulary: tokens('ing ##ing play happ ##ly ! ##i ##ily ly'),
    },
  },
  {
    id: 'no-way-back',
    why: 'the longest piece is taken, even where a shorter one would have led to the end',
    flags: ['greedy'],
    input: { text: 'abcd abce', vocabulary: tokens('ab abc ##cd ##e ##c ##ce') },
  },
  {
    id: 'single-characters',
    why: 'pieces of one character are pieces',
    flags: ['tokenizer-wordpiece-02'],
    input: { text: 'eiffel a el', vocabulary: tokens('##iff e a ##el ##l') },
  },
  {
    id: 'whole-word-unknown',
    why: 'pieces that were found before are not kept; one unknown token a word, not one a character',
    flags: ['unknown'],
    input: { text: 'playzing zz play', vocabulary: tokens('play ##ing ##z ing p') },
  },
  {
    id: 'accents-and-case',
    why: 'a text that is normalised: accents taken off, characters that are in no table dropped',
    flags: ['tokenizer-wordpiece-03'],
    input: {
      text: 'Kanto\u0304 lu\u0308\u0300shi \u00C9',
      vocabulary: tokens(
        'Kant Kanto kanto ##o\u0304 lu l ##\u0308 ##u\u0308 ##shi lushi ##\u0300 \u00C9 E \u00E9',
      ),
    },
  },
  {
    id: 'control-token-as-text',
    why: 'small letters, and control tokens that a text spells',
    flags: ['tokenizer-wordpiece-04', 'control-token'],
    input: { text: 'a [SEP] B [CLS]', vocabulary: tokens('a [ ] SEP sep b B [sep] CLS') },
  },
  {
    id: 'longest-word',
    why: 'a limit one off, or in code units: an emoji is one character',
    flags: ['limit', 'astral'],
    input: {
      text: 'aaa aaaa \u{1F600}\u{1F600}\u{1F600}',
      vocabulary: tokens('a ##a \u{1F600} ##\u{1F600}'),
      maxWordLength: 3,
    },
  },
  {
    id: 'sharps-in-the-text',
    why: 'a sign in the text that looks like the prefix',
    flags: ['prefix'],
    input: { text: 'a##b ##b', vocabulary: tokens('a # ##b b') },
  },
  {
    id: 'within-a-word-only',
    why: 'within a word a token without the prefix does not do, nor at its start one with it',
    flags: ['prefix'],
    input: { text: 'ab cb b', vocabulary: tokens('a b c ##c') },
  },
  {
    id: 'other-signs',
    why: 'prefix and unknown token are those that are given',
    flags: ['prefix', 'unknown'],
    input: {
      text: 'abc xyz',
      vocabulary: tokens('a @@b @@c ##b ##c <unk>'),
      prefix: '@@',
      unknown: '<unk>',
    },
  },
  {
    id: 'no-prefix',
    why: 'an empty prefix is a prefix, not the default',
    flags: ['prefix', 'default'],
    input: { text: 'abab', vocabulary: tokens('ab a ##ab'), prefix: '' },
  },
  {
    id: 'spaces-and-signs',
    why: 'spaces and punctuation beyond ASCII, and signs of ASCII that Unicode calls symbols',
    flags: ['words', 'unicode'],
    input: {
      text: 'a\u00A0b\u3000a\u0085b\u4F60\uFF0Ca\u00ABb\u00BBa$b+a',
      vocabulary: tokens('a b \u4F60 \uFF0C \u00AB \u00BB $ +'),
    },
  },
];
