import type { Example } from '../component.ts';
import type { Segmented } from './unigramAdmission.ts';

const asked = (text: string, scores: Readonly<Record<string, number>>): Segmented => ({
  text,
  vocabulary: Object.entries(scores).map(([token, logProbability]) => ({ token, logProbability })),
});

export const unigramExamples: readonly Example<Segmented>[] = [
  {
    id: 'unbelievable',
    why: 'the notes’ example: pieces, not the longest that fits at the start',
    flags: ['ordinary'],
    input: asked('unbelievable', {
      un: -3,
      unb: -6,
      believ: -5,
      believe: -5.5,
      able: -4,
      elievable: -9,
      e: -2,
      b: -4,
      l: -4,
    }),
  },
  {
    id: 'more-tokens-are-better',
    why: 'fewer tokens are not better by themselves, nor is a longer one',
    flags: ['probability'],
    input: asked('aaaa', { aa: -7, a: -1, aaa: -5, aaaa: -4.5 }),
  },
  {
    id: 'fewer-tokens-are-better',
    why: 'the mean of the logarithms, or the most probable token first',
    flags: ['probability'],
    input: asked('abcd', { a: -1, bcd: -4, ab: -2.5, cd: -2, b: -1, c: -1.5, d: -1.5 }),
  },
  {
    id: 'greedy-is-not-best',
    why: 'a choice at the start that is paid for at the end',
    flags: ['greedy'],
    input: asked('abcde', { abc: -1, de: -9, d: -9, e: -9, ab: -2, cde: -2, c: -3 }),
  },
  {
    id: 'costly-path',
    why: 'sums that stop at −32,768 or −65,504: from there on all paths are alike',
    flags: ['overflow', 'ends'],
    input: asked('abcd'.repeat(30), {
      ab: -2500,
      a: -1000,
      b: -1000,
      cd: -1900,
      c: -1000,
      d: -1000,
    }),
  },
  {
    id: 'certain-token',
    why: 'a logarithm of 0 taken for none given',
    flags: ['zero'],
    input: asked('xyx', { x: -1, y: -1, xy: 0, yx: -0.5 }),
  },
  {
    id: 'space-signs',
    why: 'spaces are U+2581; none is put before the text, and none of several is lost',
    flags: ['spaces'],
    input: asked('the  low the ', {
      the: -3,
      '\u2581the': -2,
      '\u2581low': -4,
      '\u2581': -2.5,
      low: -3,
      '\u2581\u2581': -3,
    }),
  },
  {
    id: 'long',
    why: 'a product of probabilities, which is 0 in any format, instead of a sum of logarithms',
    flags: ['underflow'],
    input: asked('ab'.repeat(150), { a: -8, b: -8, ab: -17, ba: -18.5, aba: -27 }),
  },
  {
    id: 'small-differences',
    why: 'sums kept in few digits',
    flags: ['precision'],
    input: asked('x'.repeat(40) + 'ab', { x: -50, a: -1, b: -1, ab: -1.984375, xa: -51.03125 }),
  },
  {
    id: 'marks-and-astral',
    why: 'a text that is normalised, or cut within a character',
    flags: ['normalisation', 'astral'],
    input: asked('e\u0301\u00E9\u{1F600}\uFB01', {
      e: -1,
      '\u0301': -1,
      '\u00E9': -1.5,
      '\u{1F600}': -3,
      '\uFB01': -2,
      fi: -1,
      '\u00E9\u{1F600}': -4,
    }),
  },
];
