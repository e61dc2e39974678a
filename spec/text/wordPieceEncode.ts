import fc from 'fast-check';
import { z } from 'zod';
import { component, type Law } from '../component.ts';
import { inapplicable } from '../laws.ts';
import { fields, positiveInteger } from '../schema.ts';
import { wordPieceExamples } from './wordPieceExamples.ts';
import { pieceInputs, type Pieces } from './wordPieceInputs.ts';
import {
  encodingFields,
  firstDifference,
  namingProblem,
  tokenList,
  wellFormedText,
  type Encoding,
} from './tokenFields.ts';
import { wordsOf } from './words.ts';
import { axis, texts as lengthsOfTexts } from '../lengths.ts';
import { wordOf } from './texts.ts';
import { piecesFrom } from './wordPieceInputs.ts';

interface Asked {
  readonly text: string;
  readonly vocabulary: readonly string[];
  readonly prefix: string;
  readonly unknown: string;
  readonly maxWordLength: number;
}
type PieceLaw = Law<Asked, Pieces, Encoding>;

/** Where tokens do not spell the words in their order, each word with its own tokens or one unknown token; or nothing. */
function spellingProblem(
  words: readonly string[],
  tokens: readonly string[],
  { prefix, unknown }: Asked,
): string | undefined {
  let at = 0;
  for (const word of words) {
    let rest = word;
    if (tokens[at] === unknown) {
      at += 1;
      continue;
    }
    while (rest !== '') {
      const piece = rest === word ? tokens[at] : tokens[at]?.slice(prefix.length);
      const isMarked = rest === word || tokens[at]?.startsWith(prefix) === true;
      if (piece === undefined || piece === '' || !isMarked || !rest.startsWith(piece))
        return `token ${at} is no piece of ${JSON.stringify(word)}`;
      rest = rest.slice(piece.length);
      at += 1;
    }
  }
  return at === tokens.length ? undefined : `${tokens.length - at} tokens belong to no word`;
}

const inParts: PieceLaw = async (input, run) => {
  const spaces = [...input.text.matchAll(/\p{White_Space}/gu)];
  const cut = spaces[spaces.length >> 1]?.index;
  if (cut === undefined) return inapplicable;
  const whole = (await run(input)).output;
  const first = (await run({ ...input, text: input.text.slice(0, cut) })).output;
  const second = (await run({ ...input, text: input.text.slice(cut) })).output;
  return (
    firstDifference([...first.tokens, ...second.tokens], whole.tokens) ??
    firstDifference([...first.ids, ...second.ids], whole.ids)
  );
};

const laws: Readonly<Record<string, PieceLaw>> = {
  'gives ids of the vocabulary': async (input, run) =>
    namingProblem((await run(input)).output, input.vocabulary),
  'spells every word, or gives one unknown token for it': async (input, run) =>
    spellingProblem(wordsOf(input.text), (await run(input)).output.tokens, input),
  'encodes what spaces separate one by one': inParts,
  'never takes a control token, whatever the text says': async (input, run) => {
    const control = '[SEP]';
    const vocabulary = [...new Set([...input.vocabulary, control])];
    const { tokens } = (await run({ ...input, text: `${input.text} ${control}`, vocabulary }))
      .output;
    return tokens.includes(control) ? `a token is ${control}` : undefined;
  },
  'gives one token a word where words of one character are the longest': async (input, run) => {
    const { tokens } = (await run({ ...input, maxWordLength: 1 })).output;
    const known = new Set(input.vocabulary);
    const expected = wordsOf(input.text).map((word) =>
      [...word].length === 1 && known.has(word) ? word : input.unknown,
    );
    return firstDifference(expected, tokens);
  },
};

/**
 * Spaces (Unicode's White_Space) separate words, and every sign of punctuation is a word. Of each word the longest token that it begins with is taken,
 * then of what is left the longest that stands in the vocabulary behind `prefix`, and so on. Where there is none the whole word becomes `unknown`, the
 * pieces that were found before included: there is no way back to a shorter piece. So does a word of more than `maxWordLength` characters (code
 * points).
 *
 * The text is taken as it is: no case, accent, control character or Chinese character is changed or set apart before. Control tokens in brackets are
 * never taken, for brackets are words: [SEP] in a text is three of them.
 *
 * @example
 * wordPieceEncode({ text: 'playing now', vocabulary: ['[UNK]', 'play', '##ing', 'ing'] }) // → { tokens: ['play', '##ing', '[UNK]'], ids: [1, 2, 0] }
 */
export const wordPieceEncode = component({
  family: 'text',
  summary: 'Splits words into the longest pieces that a vocabulary has, from their start.',
  formula: String.raw`t_1 = \max_{|t|} \{ t \in V : w = t u \}, \quad t_{k+1} = \max_{|t|} \{ t : \text{\#\#}t \in V,\; u_k = t u_{k+1} \}`,
  source:
    'Schuster & Nakajima, Japanese and Korean voice search, 2012; Devlin et al., BERT, 2019 (tokenization.py: WordpieceTokenizer, and of BasicTokenizer how spaces and punctuation separate words)',
  domain:
    'Rejected: an ill-formed text, an empty, ill-formed or repeated token, and a vocabulary without `unknown`.',
  input: fields({
    text: wellFormedText('the text'),
    vocabulary: tokenList('the tokens; ids are their positions'),
    prefix: wellFormedText('what a piece within a word begins with in the vocabulary').default(
      '##',
    ),
    unknown: z
      .string()
      .default('[UNK]')
      .meta({ description: 'the token of a word that has no pieces' }),
    maxWordLength: positiveInteger('the most characters of a word that is looked at').default(100),
  }).superRefine(({ vocabulary, unknown }, context) => {
    if (!vocabulary.includes(unknown))
      context.addIssue({
        code: 'custom',
        path: ['unknown'],
        message: `expected a token of the vocabulary, got ${JSON.stringify(unknown)}`,
      });
  }),
  output: fields(encodingFields),
  arbitrary: (level) => pieceInputs(level),
  sized: {
    axes: { n: axis('characters of the text', lengthsOfTexts, [0, 1, 5]) },
    input: ({ n = 0 }, draw) =>
      piecesFrom(
        draw.seed('vocabulary'),
        wordOf(draw.seed('text'), n, draw.pick('letters', 'abab ', 'abcabc ', 'Aabab, ', 'ab')),
        { maxWordLength: draw.pick('maxWordLength', undefined, 101, 100_000) },
      ),
    work: ({ n = 0 }) => 60 * n,
  },
  invalid: {
    'a token stands twice in the vocabulary': fc.constant({
      text: 'a',
      vocabulary: ['[UNK]', 'a', 'a'],
    }),
    'the text is no UTF-16': fc.constantFrom('\uD83D', 'a\uDE00', '\uDE00\uD83D').map((text) => ({
      text,
      vocabulary: ['[UNK]', 'a', '\uFFFD'],
    })),
  },
  boundSource: 'exact: nothing is rounded',
  laws,
  examples: wordPieceExamples,
});
