import fc, { type Arbitrary } from 'fast-check';
import { z } from 'zod';
import { component, type Law, type Level } from '../component.ts';
import { randomStream } from '../generate.ts';
import { inapplicable } from '../laws.ts';
import { fields, real } from '../schema.ts';
import { deadEnd, withSpaceSigns, type Scored } from './segmentation.ts';
import { hardTexts, shuffled, wordOf } from './texts.ts';
import {
  encodingFields,
  firstDifference,
  namingProblem,
  tokensProblem,
  wellFormedText,
  type Encoding,
} from './tokenFields.ts';
import { segmentationRefusal, type Segmented } from './unigramAdmission.ts';
import { unigramExamples } from './unigramExamples.ts';
import { axis, texts as lengthsOfTexts } from '../lengths.ts';

/** Logarithms that tie often, that nearly tie, or that are any. */
const scales: readonly ((next: () => number, parts: number) => number)[] = [
  (next, parts) => -Math.ceil(next() * 8 * parts) / 4,
  (next, parts) => -parts - (next() < 0.5 ? 0 : Math.floor(next() * 3) * 2 ** -25),
  (next, parts) => -next() * 6 * Math.sqrt(parts),
  (next) => -Math.floor(next() * 3),
];

/** A text whose tokens are its pieces, cut at random several times, each with a logarithm. */
function inputFrom(seed: number, text: string): Segmented {
  const next = randomStream(seed);
  const characters = [...withSpaceSigns(text)];
  const scale = scales[Math.floor(next() * scales.length)] ?? (() => -1);
  const tokens = new Map<string, number>();
  for (let round = 0; round < 3; round += 1)
    for (let start = 0; start < characters.length;) {
      const piece = characters.slice(start, start + 1 + Math.floor(next() * (round === 2 ? 1 : 4)));
      const token = piece.join('');
      if (!tokens.has(token) && (round === 0 || next() < 0.7))
        tokens.set(token, scale(next, piece.length));
      start += piece.length;
    }
  for (const token of ['zz', '[UNK]']) if (!tokens.has(token)) tokens.set(token, -1);
  const vocabulary = [...tokens].map(([token, logProbability]) => ({ token, logProbability }));
  return { text, vocabulary: shuffled(vocabulary, next) };
}

const inputs = (level: Level): Arbitrary<Segmented> =>
  fc
    .tuple(
      fc.nat(),
      fc.oneof(
        fc
          .tuple(
            fc.nat(),
            fc.constantFrom('ab', 'abc ', 'a.', 'e\u0301\u00E9', '\u{1F600}a '),
            level === 'scale' ? fc.constantFrom(63, 129, 257) : fc.integer({ min: 0, max: 12 }),
          )
          .map(([seed, letters, length]) => wordOf(seed, length, letters)),
        hardTexts(level === 'scale' ? 'edge' : level),
      ),
    )
    .map(([seed, text]) => inputFrom(seed, text));

type UnigramLaw = Law<Segmented, Segmented, Encoding>;

/** The whole text as a token besides, with a logarithm that follows from that of the answer without it. */
const withWhole =
  (scored: (score: number) => number, expected: (isTaken: boolean) => boolean): UnigramLaw =>
  async (input, run) => {
    const token = withSpaceSigns(input.text);
    const isKnown = input.vocabulary.some((one) => one.token === token);
    const { ids } = (await run(input)).output;
    const score = ids.reduce((sum, id) => sum + (input.vocabulary[id]?.logProbability ?? 0), 0);
    if (isKnown || token === '' || score > -(2 ** -20)) return inapplicable;
    const vocabulary = [...input.vocabulary, { token, logProbability: scored(score) }];
    const { tokens } = (await run({ text: input.text, vocabulary })).output;
    return expected(tokens.includes(token)) ? undefined : JSON.stringify(tokens);
  };

const laws: Readonly<Record<string, UnigramLaw>> = {
  'gives ids of the vocabulary': async (input, run) =>
    namingProblem(
      (await run(input)).output,
      input.vocabulary.map(({ token }) => token),
    ),
  'spells its text, a space as U+2581': async (input, run) =>
    firstDifference(
      [...withSpaceSigns(input.text)],
      [...(await run(input)).output.tokens.join('')],
    ),
  'takes a token for the whole text that is more probable than its parts': withWhole(
    (score) => score / 16,
    (isTaken) => isTaken,
  ),
  'leaves a token for the whole text that is less probable than its parts': withWhole(
    (score) => 16 * score,
    (isTaken) => !isTaken,
  ),
};

const scoredList = (...tokens: readonly string[]): readonly Scored[] =>
  tokens.map((token) => ({ token, logProbability: -1 }));

/**
 * Of all rows of tokens that spell the text, the one whose probabilities have the greatest product, which is the one with the greatest sum of
 * logarithms. Rows that cannot be told apart within what the sums may be off may be chosen either way; where all sums are exact, true ties alone.
 *
 * A space (U+0020) is U+2581 in tokens, as in SentencePiece's vocabularies. Nothing else is changed: no sign is put before the text, spaces in a row
 * stay, and nothing is normalised. There is no unknown token: a text with a part that no tokens spell is rejected.
 *
 * @example
 * unigramEncode({ text: 'aab', vocabulary: [{ token: 'a', logProbability: -1 }, { token: 'b', logProbability: -2 }, { token: 'ab', logProbability: -2.5 }] }) // → { tokens: ['a', 'ab'], ids: [0, 2] }
 */
export const unigramEncode = component({
  family: 'text',
  summary: 'Splits a text into the tokens that are together the most probable.',
  formula: String.raw`\arg\max_{t_1 t_2 \cdots t_n = \text{text}} \sum_{i=1}^{n} \log p(t_i)`,
  source:
    'Kudo, Subword regularization: improving neural network translation models with multiple subword candidates, 2018, §3.2; Kudo & Richardson, SentencePiece, 2018 (U+2581)',
  domain:
    'Logarithms finite and ≤ 0. Rejected: a text that no tokens spell, an ill-formed text, and an empty, ill-formed or repeated token.',
  input: fields({
    text: wellFormedText('the text'),
    vocabulary: z
      .array(
        z.strictObject({
          token: z.string().meta({ description: 'a token' }),
          logProbability: real(
            'a finite number ≤ 0',
            (x) => x <= 0 && x > -Infinity,
            'the logarithm of its probability',
          ),
        }),
      )
      .readonly()
      .superRefine((entries, context) => {
        const message = tokensProblem(entries.map(({ token }) => token));
        if (message !== undefined) context.addIssue({ code: 'custom', message });
      })
      .meta({ description: 'the tokens with their logarithms; ids are their positions' }),
  }).superRefine(({ text, vocabulary }, context) => {
    const at = deadEnd(text, vocabulary);
    if (at !== undefined)
      context.addIssue({
        code: 'custom',
        path: ['text'],
        message: `no tokens of the vocabulary spell it beyond character ${at}`,
      });
  }),
  output: fields(encodingFields),
  arbitrary: (level) => inputs(level),
  sized: {
    axes: { n: axis('characters of the text', lengthsOfTexts, [0, 1, 5]) },
    input: ({ n = 0 }, draw) =>
      inputFrom(
        draw.seed('vocabulary'),
        wordOf(draw.seed('text'), n, draw.pick('letters', 'abc ', 'ab', 'e\u0301\u00E9 ')),
      ),
    work: ({ n = 0 }) => 60 * n,
  },
  invalid: {
    'a token stands twice in the vocabulary': fc.constant({
      text: 'ab',
      vocabulary: scoredList('a', 'b', 'a'),
    }),
    'the text is no UTF-16': fc.constantFrom('\uD83D', 'a\uDE00', '\uDE00\uD83D').map((text) => ({
      text,
      vocabulary: scoredList('a', '\uFFFD'),
    })),
    'no tokens spell the text': fc.constantFrom('abx', 'xab', 'axxb').map((text) => ({
      text,
      vocabulary: scoredList('a', 'b', 'ab'),
    })),
  },
  boundSource:
    'a segmentation is admitted unless its sum of logarithms is surely below the greatest by more than both may be off: (1 + u)^(n + 1) − 1 of each, for all terms have one sign (numerics.md §2.1); 0 where all sums are exact',
  admits: segmentationRefusal,
  laws,
  examples: unigramExamples,
});
