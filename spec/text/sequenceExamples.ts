import type { Example } from '../component.ts';
import type { Sequences } from './sequenceInputs.ts';

/** Ids that count up from one. */
const from = (start: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, i) => start + i);

export const sequenceExamples: readonly Example<Sequences>[] = [
  {
    id: 'pair',
    why: 'two texts, their separators, and padding: segment 1 ends with the second separator',
    flags: ['ordinary'],
    input: { first: [7592, 2088], second: [2129, 2024, 2017], maxLength: 12 },
  },
  {
    id: 'single',
    why: 'one text has one separator, and no segment 1',
    flags: ['ordinary'],
    input: { first: [7592, 2088, 999], maxLength: 8 },
  },
  {
    id: 'single-cut',
    why: 'a row cut at its end without its separator, or a text cut at its start',
    flags: ['truncation'],
    input: { first: from(1001, 9), maxLength: 7 },
  },
  {
    id: 'fits-exactly',
    why: 'a room one off: nothing is cut and nothing padded',
    flags: ['truncation', 'limit'],
    input: { first: from(1001, 3), second: from(2001, 4), maxLength: 10 },
  },
  {
    id: 'longer-second',
    why: 'the first text cut, or both in proportion, where the second alone is too long',
    flags: ['truncation'],
    input: { first: from(1001, 3), second: from(2001, 9), maxLength: 11 },
  },
  {
    id: 'longer-first',
    why: 'the second text cut, or both to halves, where the first alone is too long',
    flags: ['truncation'],
    input: { first: from(1001, 10), second: from(2001, 2), maxLength: 12 },
  },
  {
    id: 'odd-room',
    why: 'both are cut, and the one more is that of the first although the second was longer',
    flags: ['truncation', 'ties'],
    input: { first: from(1001, 8), second: from(2001, 11), maxLength: 14 },
  },
  {
    id: 'equal-lengths',
    why: 'of two texts as long the second is cut',
    flags: ['truncation', 'ties'],
    input: { first: from(1001, 4), second: from(2001, 4), maxLength: 10 },
  },
  {
    id: 'no-room',
    why: 'both are cut away, the control tokens stay',
    flags: ['truncation', 'limit'],
    input: { first: from(1001, 3), second: from(2001, 3), maxLength: 3 },
  },
  {
    id: 'second-cut-away',
    why: 'a second text of which nothing is left still has its separator',
    flags: ['truncation', 'empty'],
    input: { first: [1001], second: [2001], maxLength: 4 },
  },
  {
    id: 'empty-second',
    why: 'an empty second text taken for none: BERT’s code leaves its separator out',
    flags: ['empty'],
    input: { first: [1001, 1002], second: [], maxLength: 7 },
  },
  {
    id: 'control-ids-in-the-texts',
    why: 'segments that change at the first id of a separator, a mask that is false at every id of padding, or an id 0 left out',
    flags: ['tokenizer-decode-special-03', 'control-token'],
    input: { first: [102, 0, 101, 5], second: [0, 102, 6, 0], maxLength: 14 },
  },
  {
    id: 'one-id-for-all',
    why: 'padding that is the separator: what is padding is counted, not looked up',
    flags: ['control-token'],
    input: {
      first: [9, 2],
      second: [2, 8],
      maxLength: 10,
      classify: 2,
      separate: 2,
      pad: 2,
    },
  },
  {
    id: 'other-controls',
    why: 'the ids of BERT’s control tokens taken whatever is asked for',
    flags: ['default'],
    input: { first: [5, 6], second: [7], maxLength: 9, classify: 0, separate: 3, pad: 1 },
  },
];
