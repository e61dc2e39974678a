import fc, { type Arbitrary } from 'fast-check';
import { z } from 'zod';
import { component, type Law, type Level } from '../component.ts';
import { randomStream } from '../generate.ts';
import { inapplicable } from '../laws.ts';
import { fields, positiveInteger } from '../schema.ts';
import { wordOf } from './texts.ts';
import { trainingExamples } from './trainingExamples.ts';
import { pairList, wellFormedText, type Pair } from './tokenFields.ts';
import { axis } from '../lengths.ts';

interface Counted {
  readonly word: string;
  readonly count: number;
}
interface Training {
  readonly words: readonly Counted[];
  readonly merges: number;
}

/** Counts up to this add up exactly, over millions of characters. */
const mostOften = 2 ** 31 - 1;

/** Letters of words: few, so that pairs tie, and some whose order among code units is another than among code points. */
const letters = ['ab', 'abc', 'lowerstnid', '\uE000\u{1F600}a', 'e\u0301\u00E9', 'za'] as const;

function trainingFrom(seed: number, count: number, longest: number, merges: number): Training {
  const next = randomStream(seed);
  const chosen = letters[Math.floor(next() * letters.length)] ?? 'ab';
  const draw = (most: number) => Math.floor(next() * most);
  const words = Array.from({ length: count }, () => ({
    word: wordOf(draw(2 ** 31), draw(longest + 1), chosen),
    count: next() < 0.02 ? mostOften : 1 + draw(4),
  }));
  return { words, merges };
}

const inputs = (level: Level): Arbitrary<Training> =>
  fc
    .tuple(
      fc.nat(),
      level === 'scale' ? fc.constantFrom(31, 64, 67) : fc.integer({ min: 0, max: 6 }),
      fc.constantFrom(level === 'scale' ? 33 : level === 'edge' ? 9 : 6),
      level === 'scale' ? fc.constantFrom(1, 7, 30) : fc.integer({ min: 1, max: 12 }),
    )
    .map(([seed, count, longest, merges]) => trainingFrom(seed, count, longest, merges));

type TrainingLaw = Law<Training, Training, { readonly merges: readonly Pair[] }>;

const difference = (expected: readonly Pair[], actual: readonly Pair[]): string | undefined => {
  const at = expected.findIndex(
    ([left, right], i) => actual[i]?.[0] !== left || actual[i]?.[1] !== right,
  );
  if (at >= 0)
    return `merge ${at}: expected ${JSON.stringify(expected[at])}, got ${JSON.stringify(actual[at])}`;
  return expected.length === actual.length ? undefined : `${actual.length} merges`;
};

const unchangedBy =
  (change: (input: Training) => Training | undefined): TrainingLaw =>
  async (input, run) => {
    const changed = change(input);
    if (changed === undefined) return inapplicable;
    return difference((await run(input)).output.merges, (await run(changed)).output.merges);
  };

const laws: Readonly<Record<string, TrainingLaw>> = {
  'begins with the merges of a shorter training': async ({ words, merges }, run) => {
    if (merges < 2) return inapplicable;
    const shorter = merges >> 1;
    const all = (await run({ words, merges })).output.merges;
    return difference(all.slice(0, shorter), (await run({ words, merges: shorter })).output.merges);
  },
  'does not mind the order of words': unchangedBy(({ words, merges }) => ({
    words: words.toReversed(),
    merges,
  })),
  'adds the counts of a word that is listed twice': unchangedBy(({ words, merges }) =>
    words.every(({ count }) => count === 1)
      ? undefined
      : {
          words: [
            ...words.map(({ word, count }) => ({ word, count: Math.max(1, count - 1) })),
            ...words.filter(({ count }) => count > 1).map(({ word }) => ({ word, count: 1 })),
          ],
          merges,
        },
  ),
  'is unchanged when all counts are doubled': unchangedBy(({ words, merges }) =>
    words.some(({ count }) => 2 * count > mostOften)
      ? undefined
      : { words: words.map(({ word, count }) => ({ word, count: 2 * count })), merges },
  ),
  'is unchanged by words of one character': unchangedBy(({ words, merges }) => ({
    words: [{ word: 'q', count: 1000 }, ...words, { word: '\u{1F601}', count: 1000 }],
    merges,
  })),
};

/**
 * Words start as their code points. Again and again the pair of neighbours that stands most often in all words, each word taken as often as it is
 * counted, becomes one symbol wherever it stands, from left to right, and is the next merge.
 *
 * Of pairs that stand as often the first in code-point order is taken: by their left symbols, then by their right ones. That is the order of UTF-8,
 * not that of UTF-16. In aaa the pair (a, a) stands twice. A word that is listed twice counts both times. Nothing is put behind a word to mark its
 * end: it may bring such a sign along. There are fewer merges than asked for where no pair is left.
 *
 * @example
 * bytePairTraining({ words: [{ word: 'low', count: 2 }, { word: 'owl', count: 1 }], merges: 2 }) // → { merges: [['o', 'w'], ['l', 'ow']] }
 */
export const bytePairTraining = component({
  family: 'text',
  summary: 'Learns which pairs of symbols to merge, from words and their counts.',
  formula: String.raw`m_t = \arg\max_{(x, y)} \sum_{w} n_w \, \bigl|\{ i : (s^w_i, s^w_{i+1}) = (x, y) \}\bigr|`,
  source:
    'Sennrich, Haddow & Birch, Neural machine translation of rare words with subword units, 2016, algorithm 1; ties: house definition',
  domain:
    'Counts from 1 to 2³¹ − 1. Ill-formed words are rejected. An empty word, and one of a single character, have no pairs.',
  input: fields({
    words: z
      .array(
        z.strictObject({
          word: wellFormedText('a word'),
          count: positiveInteger('how often it stands in the text', mostOften),
        }),
      )
      .readonly()
      .meta({ description: 'words of a text with their counts' }),
    merges: positiveInteger('how many merges to learn'),
  }),
  output: fields({ merges: pairList('the pairs, in the order in which they are merged') }),
  arbitrary: (level) => inputs(level),
  sized: {
    axes: {
      words: axis('words', [65, 257, 1025, 4097], [1, 2, 5]),
      longest: axis('characters of the longest', [33, 65, 257], [3, 9]),
      merges: axis('merges', [33, 65], [1, 5, 9]),
    },
    input: ({ words = 0, longest = 0, merges = 1 }, draw) =>
      trainingFrom(draw.seed('words'), words, longest, merges),
    work: ({ words = 0, longest = 0, merges = 1 }) => 20 * words * longest * merges,
  },
  invalid: {
    'a word is no UTF-16': fc.constantFrom('\uD83D', 'a\uDE00', '\uDE00\uD83D').map((word) => ({
      words: [{ word, count: 1 }],
      merges: 1,
    })),
  },
  boundSource: 'exact: counts are integers',
  laws,
  examples: trainingExamples,
});
