import fc, { type Arbitrary } from 'fast-check';
import { z } from 'zod';
import { component, type Law, type Level } from '../component.ts';
import { randomStream } from '../generate.ts';
import { inapplicable } from '../laws.ts';
import { fields } from '../schema.ts';
import { isWellFormed } from '../codePoints.ts';
import { byteCharacters, isByteToken, toByteCharacters } from './byteAlphabet.ts';
import { decodeExamples } from './decodeExamples.ts';
import { hardTexts, shuffled, wordOf } from './texts.ts';
import { spaceSign } from './segmentation.ts';
import { firstDifference, tokenList } from './tokenFields.ts';
import { axis, texts as lengthsOfTexts } from '../lengths.ts';

export const kinds = ['characters', 'bytes', 'wordPiece', 'unigram'] as const;
export type Kind = (typeof kinds)[number];

export interface Coded {
  readonly ids: readonly number[];
  readonly vocabulary: readonly string[];
  readonly kind: Kind;
}

/** What a piece within a word begins with in vocabularies of BERT. */
export const continuation = '##';

function problemOf({ ids, vocabulary, kind }: Coded): string | undefined {
  const stranger = ids.find((id) => id < 0 || id >= vocabulary.length);
  if (stranger !== undefined)
    return `expected ids from 0 to ${vocabulary.length - 1}, got ${stranger}`;
  const other = kind === 'bytes' && ids.find((id) => !isByteToken(vocabulary[id] ?? ''));
  return typeof other === 'number' ? `token ${other} is not written in bytes` : undefined;
}

/** A row of tokens with a vocabulary for them, in no order. */
function coded(tokens: readonly string[], kind: Kind, next: () => number): Coded {
  const known = tokens.filter((token) => token !== '');
  const besides = kind === 'bytes' ? byteCharacters.slice(0, 3) : ['[PAD]', 'a', '##b'];
  const vocabulary = shuffled([...new Set([...known, ...besides])], next);
  const ids = new Map(vocabulary.map((token, id) => [token, id]));
  return { ids: known.map((token) => ids.get(token) ?? 0), vocabulary, kind };
}

/** A row of characters cut anywhere. */
function cutUp(characters: readonly string[], next: () => number): readonly string[] {
  const tokens: string[] = [];
  for (let start = 0; start < characters.length;) {
    const end = start + 1 + Math.floor(next() * 4);
    tokens.push(characters.slice(start, end).join(''));
    start = end;
  }
  return tokens;
}

/** Cut off, too long, a surrogate, none at all, beyond U+10FFFF, and a byte order mark. */
const brokenBytes = [
  [[0xf0, 0x9f, 0x98], [0xe2, 0x82], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xff], [0x80]],
  [[0xf4, 0x90, 0x80, 0x80], [0xef, 0xbb, 0xbf], [0x00], [0xe0, 0x80, 0x41]],
].flat();

function tokensOf(kind: Kind, text: string, next: () => number): readonly string[] {
  if (kind === 'bytes') {
    const at = Math.floor(next() * brokenBytes.length * 2);
    const broken = (brokenBytes[at] ?? []).map((byte) => byteCharacters[byte] ?? '').join('');
    const parts = [toByteCharacters(text), broken];
    return cutUp([...(next() < 0.5 ? parts : parts.toReversed()).join('')], next);
  }
  const pieces = cutUp([...text], next);
  if (kind === 'characters') return pieces;
  return kind === 'wordPiece'
    ? pieces.map((piece) => (next() < 0.4 ? continuation + piece : piece))
    : pieces.map((piece) => piece.replaceAll(' ', spaceSign));
}

const inputs = (level: Level): Arbitrary<Coded> =>
  fc
    .tuple(
      fc.nat(),
      fc.constantFrom(...kinds),
      level === 'scale'
        ? fc.nat().map((seed) => wordOf(seed, 1500, 'ab\u00E9\u4F60\u{1F600} \u0301'))
        : hardTexts(level),
    )
    .map(([seed, kind, text]) => {
      const next = randomStream(seed);
      return coded(tokensOf(kind, text, next), kind, next);
    });

type DecodeLaw = Law<Coded, Coded, { readonly text: string }>;

const compared = (expected: string, actual: string) =>
  firstDifference(expected.split(''), actual.split(''));

const related =
  (change: (input: Coded) => Coded | undefined): DecodeLaw =>
  async (input, run) => {
    const changed = change(input);
    if (changed === undefined) return inapplicable;
    return compared((await run(input)).output.text, (await run(changed)).output.text);
  };

/** Every token cut into its characters. */
function inCharacters({ ids, vocabulary, kind }: Coded): Coded | undefined {
  if (kind === 'wordPiece') return undefined;
  const characters = ids.flatMap((id) => [...(vocabulary[id] ?? '')]);
  const known = [...new Set(characters)];
  const places = new Map(known.map((character, id) => [character, id]));
  return { ids: characters.map((one) => places.get(one) ?? 0), vocabulary: known, kind };
}

const inHalves: DecodeLaw = async (input, run) => {
  const { ids, vocabulary, kind } = input;
  if (kind === 'bytes' || ids.length < 2) return inapplicable;
  const cut = ids.length >> 1;
  const whole = (await run(input)).output.text;
  const before = (await run({ ...input, ids: ids.slice(0, cut) })).output.text;
  const behind = (await run({ ...input, ids: ids.slice(cut) })).output.text;
  if (kind !== 'wordPiece') return compared(before + behind, whole);
  const goesOn = (vocabulary[ids[cut] ?? 0] ?? '').startsWith(continuation);
  return compared(before + (goesOn ? behind.slice(continuation.length) : ` ${behind}`), whole);
};

const laws: Readonly<Record<string, DecodeLaw>> = {
  'does not mind where characters or bytes are cut into tokens': related(inCharacters),
  'follows its vocabulary into another order': related(({ ids, vocabulary, kind }) => ({
    ids: ids.map((id) => vocabulary.length - 1 - id),
    vocabulary: vocabulary.toReversed(),
    kind,
  })),
  'joins the texts of its halves, unless they are bytes': inHalves,
  'gives well-formed text': async (input, run) =>
    isWellFormed((await run(input)).output.text) ? undefined : 'a surrogate has no partner',
};

/**
 * The text that ids stand for. `characters`: the tokens side by side. `bytes`: the bytes that their characters stand for (GPT-2's), read as UTF-8 all
 * together: a character may begin in one token and end in the next. Bytes that are no UTF-8 become U+FFFD, one for each maximal part of a sequence,
 * and a byte order mark is a character like others. `wordPiece`: a space between tokens, but for one that begins with `##`, which goes on without it;
 * the first token stays as it is. `unigram`: the tokens side by side, a space for each U+2581.
 *
 * Nothing is left out: a control token is a text like others.
 *
 * @example
 * decodeTokens({ ids: [2, 0, 1], vocabulary: ['##ing', 'now', 'play'], kind: 'wordPiece' }) // → { text: 'playing now' }
 */
export const decodeTokens = component({
  family: 'text',
  summary: 'The text that the ids of tokens stand for.',
  formula: String.raw`\text{text} = \mathrm{decode}_{\text{kind}}(v_{i_1} \, v_{i_2} \cdots v_{i_n})`,
  source:
    'Radford et al., Language models are unsupervised multitask learners, 2019 (encoder.py: decode); Devlin et al., BERT, 2019 (tokenization.py: ##); Kudo & Richardson, SentencePiece, 2018, §3.2; WHATWG Encoding Standard, §8.1.1 (UTF-8 decoder)',
  domain:
    'An id outside the vocabulary is rejected; so are an empty, ill-formed or repeated token of it, and with bytes an id whose token is not written in the 256 characters of bytes.',
  input: fields({
    ids: z.array(z.int()).readonly().meta({ description: 'positions in the vocabulary' }),
    vocabulary: tokenList('the tokens; ids are their positions'),
    kind: z.enum(kinds).meta({ description: 'how tokens stand for text' }),
  }).superRefine((input, context) => {
    const message = problemOf(input);
    if (message !== undefined) context.addIssue({ code: 'custom', path: ['ids'], message });
  }),
  output: fields({ text: z.string().meta({ description: 'the text' }) }),
  arbitrary: (level) => inputs(level),
  sized: {
    axes: { n: axis('characters of the text', lengthsOfTexts, [0, 1, 5]) },
    input: ({ n = 0 }, draw) => {
      const kind = draw.pick('kind', 'characters', 'bytes', 'wordPiece', 'unigram');
      const next = randomStream(draw.seed('tokens'));
      const text = wordOf(draw.seed('text'), n, 'ab\u00E9\u4F60\u{1F600} \u0301');
      return coded(tokensOf(kind, text, next), kind, next);
    },
    work: ({ n = 0 }) => 30 * n,
  },
  invalid: {
    'an id is outside the vocabulary': fc
      .tuple(fc.constantFrom(...kinds), fc.constantFrom(2, -1, 100))
      .map(([kind, id]) => ({ ids: [0, id], vocabulary: ['a', 'b'], kind })),
    'a token stands twice in the vocabulary': fc.constantFrom(...kinds).map((kind) => ({
      ids: [0],
      vocabulary: ['a', 'b', 'b'],
      kind,
    })),
  },
  boundSource: 'exact: nothing is rounded',
  laws,
  examples: decodeExamples,
});
