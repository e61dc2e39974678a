import fc, { type Arbitrary } from 'fast-check';
import { z } from 'zod';
import { component, type Level } from '../component.ts';
import { fields, option } from '../schema.ts';
import { bytePairExamples } from './bytePairExamples.ts';
import { bytePairLaws } from './bytePairLaws.ts';
import { isWellFormed } from '../codePoints.ts';
import { alphabets, symbolsOf, type Alphabet } from './byteAlphabet.ts';
import { mergeInput, type MergeInput } from './merging.ts';
import { hardTexts, longTexts, wordOf } from './texts.ts';
import { encodingFields, pairList, tokenList } from './tokenFields.ts';
import { axis, texts as lengthsOfTexts } from '../lengths.ts';

/** Why a text and merges do not go with a vocabulary, or nothing. */
function problemOf({
  text,
  vocabulary,
  merges,
  alphabet,
}: MergeInput & { readonly alphabet: Alphabet }):
  { readonly path: string; readonly message: string } | undefined {
  const known = new Set(vocabulary);
  for (const [rank, [left, right]] of merges.entries()) {
    const missing = [left, right, left + right].find((token) => !known.has(token));
    if (missing !== undefined)
      return {
        path: 'merges',
        message: `merge ${rank}: expected tokens of the vocabulary, got ${JSON.stringify(missing)}`,
      };
  }
  if (alphabet === 'characters' && !isWellFormed(text))
    return { path: 'text', message: 'expected well-formed text, got a lone surrogate' };
  const stranger = symbolsOf(text, alphabet)
    .flat()
    .find((symbol) => !known.has(symbol));
  return stranger === undefined
    ? undefined
    : { path: 'text', message: `${JSON.stringify(stranger)} is not in the vocabulary` };
}

const words = (level: Level): Arbitrary<string> =>
  level === 'scale'
    ? longTexts
    : fc
        .tuple(
          fc.nat(),
          fc.integer({ min: level === 'edge' ? 0 : 1, max: 14 }),
          fc.constantFrom('a', 'ab', 'abc', 'lowerst ', 'e\u0301\u00E9', '\uE000\u{1F600}b'),
        )
        .map(([seed, length, letters]) => wordOf(seed, length, letters));

const texts = (level: Level, alphabet: Alphabet): Arbitrary<string> =>
  alphabet === 'bytes'
    ? fc.oneof(hardTexts(level, { broken: true }), words(level))
    : fc.oneof({ weight: 2, arbitrary: words(level) }, hardTexts(level));

const inputs = (level: Level, alphabet: Alphabet): Arbitrary<MergeInput> =>
  fc
    .tuple(fc.nat(), texts(level, alphabet), fc.integer({ min: 0, max: 20 }))
    .map(([seed, text, count]) => mergeInput(seed, text, alphabet, count));

const letters = ['a', 'b', 'ab'];

/**
 * Each part of the text starts as its symbols; as long as two neighbours are a pair of `merges`, the pair of lowest rank (the first in the list)
 * becomes one symbol wherever it stands, from left to right. Only pairs of the list are merged: that the vocabulary has a token of that spelling is
 * not enough. A pair listed twice has the rank of its first place.
 *
 * `characters`: the text is one part, its symbols are code points. `bytes`: GPT-2's rule splits it, and its symbols are the bytes of UTF-8, each
 * written as the character that GPT-2 has for it (a space is U+0120); a surrogate without its partner is U+FFFD, as UTF-8 has no bytes for it. Tokens
 * that no merge makes, such as `<|endoftext|>`, are never taken, whatever the text says.
 *
 * @example
 * bytePairEncode({ text: 'lowlow', vocabulary: ['l', 'o', 'w', 'ow', 'low'], merges: [['o', 'w'], ['l', 'ow']] }) // → { tokens: ['low', 'low'], ids: [4, 4] }
 */
export const bytePairEncode = component({
  family: 'text',
  summary: 'Splits a text into tokens by merging pairs, lowest rank first.',
  formula: String.raw`s \leftarrow \mathrm{merge}\left(s, \arg\min_{(s_i, s_{i+1}) \in M} \mathrm{rank}_M(s_i, s_{i+1})\right) \text{ until no } (s_i, s_{i+1}) \in M`,
  source:
    'Sennrich, Haddow & Birch, Neural machine translation of rare words with subword units, 2016, §3.2; Radford et al., Language models are unsupervised multitask learners, 2019, §2.2, and its encoder.py (splitting rule, characters of bytes)',
  domain:
    'Rejected: a symbol of the text that is not in the vocabulary, merges that name or make a token that is not, an empty, ill-formed or repeated token, and with characters an ill-formed text. Where a merge makes a pair of lower rank, merging everywhere at once and one by one may differ: such merges are not generated.',
  input: fields({
    text: z.string().meta({ description: 'the text; any string with bytes' }),
    vocabulary: tokenList('the tokens; ids are their positions'),
    merges: pairList('pairs that become one token, lowest rank first'),
    alphabet: option(alphabets, 'what the text is made of before anything is merged'),
  }).superRefine((input, context) => {
    const problem = problemOf(input);
    if (problem !== undefined)
      context.addIssue({ code: 'custom', path: [problem.path], message: problem.message });
  }),
  output: fields(encodingFields),
  arbitrary: (level, { alphabet = 'characters' }) =>
    inputs(level, alphabet === 'bytes' ? 'bytes' : 'characters').map((input) => ({
      ...input,
      ...(alphabet === 'bytes' ? { alphabet: 'bytes' as const } : {}),
    })),
  sized: {
    axes: {
      n: axis('characters of the text', lengthsOfTexts, [0, 1, 5]),
      merges: axis('merges', [65, 257], [1, 5, 20]),
    },
    input: ({ n = 0, merges = 1 }, draw, { alphabet }) => ({
      ...mergeInput(
        draw.seed('merges'),
        wordOf(draw.seed('text'), n, draw.pick('letters', 'a', 'ab', 'lowerst ', 'e\u0301\u00E9')),
        alphabet === 'bytes' ? 'bytes' : 'characters',
        merges,
      ),
    }),
    work: ({ n = 0, merges = 1 }) => n * (3 * merges + 30),
  },
  invalid: {
    'a token stands twice in the vocabulary': fc.constant({
      text: 'ab',
      vocabulary: ['a', 'b', 'a'],
      merges: [],
    }),
    'a merge names an unknown token': fc.constantFrom(
      { text: 'ab', vocabulary: letters, merges: [['a', 'c']] },
      { text: 'ab', vocabulary: ['a', 'b', 'ca'], merges: [['c', 'a']] },
    ),
    'a merge makes an unknown token': fc.constant({
      text: 'ab',
      vocabulary: letters,
      merges: [['b', 'a']],
    }),
    'the text has a character that is not in the vocabulary': fc.constant({
      text: 'abc',
      vocabulary: letters,
      merges: [['a', 'b']],
    }),
    'the text is no UTF-16': fc.constantFrom('\uD83D', '\uDE00', 'a\uDE00\uD83D').map((broken) => ({
      text: `ab${broken}`,
      vocabulary: [...letters, '\uFFFD'],
      merges: [],
    })),
  },
  boundSource: 'exact: nothing is rounded',
  laws: bytePairLaws,
  examples: bytePairExamples,
});
