import type { Example } from '../component.ts';
import { symbolsOf, toByteCharacters, type Alphabet } from './byteAlphabet.ts';
import type { MergeInput } from './merging.ts';
import type { Pair } from './tokenFields.ts';

/** A text and merges with the vocabulary that they need, in code-unit order, and tokens besides. */
const asked = (
  alphabet: Alphabet,
  text: string,
  merges: readonly Pair[],
  besides: readonly string[] = [],
): MergeInput & { readonly alphabet: Alphabet } => ({
  text,
  vocabulary: [
    ...new Set([
      ...symbolsOf(text, alphabet).flat(),
      ...merges.flatMap(([left, right]) => [left, right, left + right]),
      ...besides,
    ]),
  ].toSorted(),
  merges,
  alphabet,
});

/** The pairs that make a part of bytes of a text one token, from its start. */
const chain = (text: string): readonly Pair[] => {
  const symbols = [...toByteCharacters(text)];
  return symbols.slice(1).map((symbol, i) => [symbols.slice(0, i + 1).join(''), symbol] as const);
};

const ofCharacters: readonly Example<MergeInput & { readonly alphabet: Alphabet }>[] = [
  {
    id: 'lowest',
    why: 'the notes’ example; not from left to right, but by rank',
    flags: ['ordinary'],
    input: asked('characters', 'lowest lower', [
      ['e', 's'],
      ['es', 't'],
      ['o', 'w'],
      ['l', 'ow'],
      ['w', 'e'],
      ['low', 'est'],
      ['low', 'e'],
    ]),
  },
  {
    id: 'rank-before-place',
    why: 'merging from left to right instead of the lowest rank first',
    flags: ['rank'],
    input: asked('characters', 'abcab', [
      ['b', 'c'],
      ['a', 'b'],
      ['ab', 'c'],
    ]),
  },
  {
    id: 'five-equal',
    why: 'equal symbols are paired from the left',
    flags: ['overlap'],
    input: asked('characters', 'aaaaabaaa', [
      ['a', 'a'],
      ['aa', 'aa'],
    ]),
  },
  {
    id: 'listed-twice',
    why: 'the last place of a pair taken for its rank',
    flags: ['tokenizer-bpe-03'],
    input: asked('characters', 'abcbc', [
      ['a', 'b'],
      ['b', 'c'],
      ['a', 'b'],
    ]),
  },
  {
    id: 'token-of-another-pair',
    why: 'a pair that is not listed merged because the vocabulary has a token of that spelling',
    flags: ['tokenizer-bpe-05'],
    input: asked('characters', '.:.:.', [
      [':', '.'],
      ['.', ':'],
      ['.:', '.:'],
      ['.:.:', '.'],
    ]),
  },
  {
    id: 'longest-is-not-taken',
    why: 'the longest token of the vocabulary, or the whole word, taken without merges that lead to it',
    flags: ['tokenizer-bpe-04'],
    input: asked('characters', 'unbelievable', [['a', 'b']], ['unbelievable', 'believe', 'able']),
  },
  {
    id: 'astral',
    why: 'a code unit taken for a character',
    flags: ['tokenizer-bpe-08'],
    input: asked('characters', '\u{1F600}\uE000\u{1F600}\u{1F601}', [['\u{1F600}', '\u{1F601}']]),
  },
  {
    id: 'marks-stay',
    why: 'a text that is normalised: e and an accent are two characters, and é another',
    flags: ['normalisation'],
    input: asked('characters', 'e\u0301\u00E9e', [['e', '\u0301']]),
  },
];

const ofBytes: readonly Example<MergeInput & { readonly alphabet: Alphabet }>[] = [
  {
    id: 'comma-behind-word',
    why: 'merges across a word and its comma',
    flags: ['tokenizer-bpe-04'],
    input: asked('bytes', 'Hello, world', [...chain('Hello,'), ...chain(' world')], ['Hello']),
  },
  {
    id: 'other-splitting-rule',
    why: 'the rule of another model: digits by three, contractions in capitals',
    flags: ['tokenizer-bpe-07'],
    input: asked('bytes', "we'LL we'll 12345", [
      ...chain("'LL"),
      ...chain("'ll"),
      ...chain(' 12345'),
      ...chain('we'),
    ]),
  },
  {
    id: 'spaces',
    why: 'of several spaces the last goes with the word behind',
    flags: ['splitting'],
    input: asked('bytes', 'a   b\n\n  c  ', [...chain('   '), ...chain(' b'), ...chain('\n\n')]),
  },
  {
    id: 'what-is-a-space',
    why: 'JavaScript’s \\s: it has U+FEFF and lacks U+0085',
    flags: ['splitting', 'unicode'],
    input: asked('bytes', 'a \uFEFFb!\u0085', [...chain(' \uFEFF'), ...chain('!\u0085')]),
  },
  {
    id: 'emoji-behind-space',
    why: 'four bytes of a character behind a space',
    flags: ['tokenizer-bpe-08'],
    input: asked('bytes', 'x \u{1F600} \u{1F601}', [...chain(' \u{1F600}')]),
  },
  {
    id: 'control-token-as-text',
    why: 'a control token’s spelling in a text is text',
    flags: ['tokenizer-decode-special-03', 'control-token'],
    input: asked('bytes', 'a<|endoftext|>b', [...chain('text')], ['<|endoftext|>']),
  },
  {
    id: 'lone-surrogate',
    why: 'a surrogate without its partner is U+FFFD',
    flags: ['utf-16'],
    input: asked('bytes', 'a\uD83Db\uDE00', [...chain('\uFFFD')]),
  },
  {
    id: 'every-kind-of-byte',
    why: 'the characters that stand for control bytes, the space and the soft hyphen',
    flags: ['byte-alphabet'],
    input: asked('bytes', '\u0000\u0001 \u007F\u00AD\u00FF', [], ['\u0100']),
  },
];

export const bytePairExamples = [...ofCharacters, ...ofBytes];
