import type { Example } from '../component.ts';
import type { Cutting } from './chunks.ts';

const cut = (text: string, size: number, overlap: number): Cutting => ({ text, size, overlap });

export const chunkExamples: readonly Example<Cutting>[] = [
  {
    id: 'sentence',
    why: 'overlaps that are words in part, and a last chunk that is shorter',
    flags: ['ordinary'],
    input: cut('A vector is a list of numbers.', 12, 4),
  },
  {
    id: 'no-overlap',
    why: 'slice(-0) is the whole chunk before',
    flags: ['rag-chunking-01', 'no-overlap'],
    input: cut('abcdefgh', 3, 0),
  },
  {
    id: 'long-overlap',
    why: 'an overlap that is set in front of a chunk that is full without it',
    flags: ['rag-chunking-03'],
    input: cut('one two six ten', 5, 4),
  },
  {
    id: 'spaces-where-it-cuts',
    why: 'the overlap is lost where a chunk that is full ends between two words; spaces taken off',
    flags: ['rag-chunking-04', 'spaces'],
    input: cut('to be or not to be', 6, 2),
  },
  {
    id: 'ends-with-a-chunk',
    why: 'one more chunk, of nothing but the overlap, where the last is full',
    flags: ['last-chunk'],
    input: cut('abcdefgh', 4, 2),
  },
  {
    id: 'one-character-more',
    why: 'a short rest left out, joined to the chunk before, or filled up from it',
    flags: ['last-chunk'],
    input: cut('abcdefghi', 4, 2),
  },
  {
    id: 'shorter-than-the-overlap',
    why: 'a text that is shorter than the overlap is one chunk',
    flags: ['last-chunk'],
    input: cut('abc', 5, 4),
  },
  {
    id: 'as-long-as-the-size',
    why: 'a text of just the size is one chunk, not one and its overlap',
    flags: ['last-chunk'],
    input: cut('abcde', 5, 4),
  },
  {
    id: 'astral',
    why: 'code units counted for characters, and a pair cut in two',
    flags: ['astral'],
    input: cut('a\u{1F600}\u{1F601}b\u{1F602}c\u{20000}', 2, 1),
  },
  {
    id: 'offsets-behind-astral',
    why: 'chunks that are right with offsets in code units, or in bytes',
    flags: ['astral', 'offsets'],
    input: cut('\u{1F600}\u00E9\u4F60abcdef', 4, 1),
  },
  {
    id: 'marks-and-joined-emoji',
    why: 'characters are code points: a mark may be cut from its letter, a family in its parts; nothing is composed',
    flags: ['grapheme'],
    input: cut(
      'e\u0301e\u0301\u{1F468}\u200D\u{1F469}\u200D\u{1F467}\u{1F1E9}\u{1F1EA}o\u0308',
      3,
      1,
    ),
  },
  {
    id: 'lone-surrogates',
    why: 'half a pair counts as one character, and stays what it is',
    flags: ['utf-16'],
    input: cut('a\uD83Db\uDE00\u{1F600}\uDC00c', 3, 1),
  },
  {
    id: 'repeated-text',
    why: 'a chunk looked up by its text is found too early',
    flags: ['offsets', 'repeated'],
    input: cut('aaabaaabaaab', 3, 1),
  },
  {
    id: 'controls-and-line-ends',
    why: 'a text that ends at NUL; line ends, spaces and byte order marks that are changed or taken off',
    flags: ['control-character', 'spaces'],
    input: cut('\uFEFF a\r\n\r\nb\u0000c \u00A0\n', 4, 2),
  },
  {
    id: 'one-character-each',
    why: 'the smallest size',
    flags: ['smallest'],
    input: cut('ab \u{1F600}', 1, 0),
  },
  {
    id: 'empty',
    why: 'no text has no chunks, not one of nothing',
    flags: ['empty'],
    input: cut('', 4, 1),
  },
];
