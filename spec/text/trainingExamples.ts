import type { Example } from '../component.ts';

interface Training {
  readonly words: readonly { readonly word: string; readonly count: number }[];
  readonly merges: number;
}

const asked = (counts: Readonly<Record<string, number>>, merges: number): Training => ({
  words: Object.entries(counts).map(([word, count]) => ({ word, count })),
  merges,
});

/** The greatest count of a word. */
const most = 2 ** 31 - 1;

export const trainingExamples: readonly Example<Training>[] = [
  {
    id: 'lowest',
    why: 'the example of the paper: words count as often as they stand in the text',
    flags: ['ordinary'],
    input: asked({ 'low</w>': 5, 'lower</w>': 2, 'newest</w>': 6, 'widest</w>': 3 }, 10),
  },
  {
    id: 'first-in-order',
    why: 'a tie that goes to the pair that is met first, or last',
    flags: ['ties'],
    input: asked({ zy: 1, cb: 1, ca: 1, ad: 1, zz: 1 }, 3),
  },
  {
    id: 'code-points-not-code-units',
    why: 'a tie decided by code units: they put U+1F600 before U+E000',
    flags: ['ties', 'astral'],
    input: asked({ '\u{1F600}a': 2, '\uE000a': 2, 'b\u{1F600}': 2, 'b\uE000': 2 }, 4),
  },
  {
    id: 'by-left-symbol-first',
    why: 'a tie decided by what the pairs become: (a, bz) is before (ab, a), but abz behind aba',
    flags: ['ties'],
    input: asked({ bz: 20, ab: 9, abz: 1, aba: 1 }, 4),
  },
  {
    id: 'three-in-a-row',
    why: 'in aaa the pair stands twice; it is merged from the left',
    flags: ['overlap'],
    input: asked({ aaa: 2, bc: 3, aaaad: 1 }, 5),
  },
  {
    id: 'listed-twice',
    why: 'a word’s second count replaces its first',
    flags: ['counts'],
    input: {
      words: [
        { word: 'ab', count: 4 },
        { word: 'cd', count: 5 },
        { word: 'ab', count: 2 },
      ],
      merges: 1,
    },
  },
  {
    id: 'counts-beyond-32-bits',
    why: 'a count of 2³² + 3 that becomes 3, or one of 2³¹ + 8 that becomes negative',
    flags: ['counts', 'overflow', 'ends'],
    input: {
      words: [
        ...[most, most, 5].map((count) => ({ word: 'ab', count })),
        ...[most, 9].map((count) => ({ word: 'cd', count })),
        { word: 'ef', count: 100 },
      ],
      merges: 3,
    },
  },
  {
    id: 'counts-change',
    why: 'a merge takes pairs away from its neighbours: counts of the start are no good',
    flags: ['counts'],
    input: asked({ abc: 5, bcd: 2, bcx: 2, cd: 3 }, 4),
  },
  {
    id: 'no-pair-left',
    why: 'more merges asked for than there are, and pairs that stand once are merged too',
    flags: ['end'],
    input: asked({ nothing: 1, q: 7 }, 40),
  },
  {
    id: 'marks-are-characters',
    why: 'a word that is normalised, or taken apart by code units',
    flags: ['normalisation', 'astral'],
    input: asked({ 'e\u0301a': 2, '\u00E9a': 1, '\u{1F600}\u{1F601}': 3 }, 3),
  },
];
