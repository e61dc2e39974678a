import { claimsOf, number, word } from '../claim.ts';
import { ask, range, same, solved } from '../expression.ts';
import { published } from '../inputs.ts';

const text = 'what-is-a-transformer';
const pieces = (sentence: string, ...vocabulary: readonly string[]) =>
  ask('wordPieceEncode', { text: sentence, vocabulary: ['[UNK]', ...vocabulary] }, 'tokens');

/** A vocabulary of so many tokens, these at their places. */
const vocabularyWith = (size: number, placed: Readonly<Record<string, string>>) =>
  Array.from({ length: size }, (_, id) => placed[String(id)] ?? (id === 0 ? '[UNK]' : `[${id}]`));
const idsOf = (sentence: string, vocabulary: readonly string[]) =>
  ask('wordPieceEncode', { text: sentence, vocabulary }, 'ids');
const spelled = (kind: 'characters' | 'wordPiece', ...vocabulary: readonly string[]) =>
  ask('decodeTokens', { ids: vocabulary.map((_, id) => id), vocabulary, kind }, 'text');

const letters = ['p', 'l', 'a', 'y', 'i', 'n', 'g'];
const merges = [
  ['p', 'l'],
  ['pl', 'a'],
  ['pla', 'y'],
  ['i', 'n'],
  ['in', 'g'],
] as const;
const merged = (...more: readonly (readonly [string, string])[]) => {
  const all = [...merges, ...more];
  return ask(
    'bytePairEncode',
    { text: 'playing', vocabulary: [...letters, ...all.map((pair) => pair.join(''))], merges: all },
    'tokens',
  );
};
const corpus = [
  { word: 'low', count: 5 },
  { word: 'lower', count: 2 },
  { word: 'lowest', count: 1 },
];
const learned = ask('bytePairTraining', { words: corpus, merges: 2 }, 'merges');
const lowest = ask(
  'bytePairEncode',
  {
    text: 'lowest',
    vocabulary: ['l', 'o', 'w', 'e', 's', 't', 'lo', 'low'],
    merges: [
      ['l', 'o'],
      ['lo', 'w'],
    ],
  },
  'tokens',
);
const likeliest = ask(
  'unigramEncode',
  {
    text: 'abc',
    vocabulary: [
      { token: 'ab', logProbability: -5 },
      { token: 'c', logProbability: -5 },
      { token: 'a', logProbability: -1 },
      { token: 'bc', logProbability: -1 },
    ],
  },
  'tokens',
);
const longest = ask(
  'wordPieceEncode',
  { text: 'abc', vocabulary: ['[UNK]', 'ab', 'c', 'a', 'bc'], prefix: '' },
  'tokens',
);
const vocabularyOf = (
  architecture: typeof published.bert | typeof published.gpt2,
  candidates: readonly number[],
  total: number,
) =>
  solved(
    candidates,
    (vocabulary) =>
      ask('parameterCount', { architecture: { ...architecture, vocabulary } }, 'total'),
    total,
  );

export const transformerTokens = claimsOf(text, [
  {
    id: 'ai-ids',
    line: 32,
    claim: 'I love AI has the ids 12, 453 and 9821',
    said: number('12', '453', '9821'),
    value: [
      {
        when: 'a vocabulary that has them there',
        value: idsOf('I love AI', vocabularyWith(9822, { 12: 'I', 453: 'love', 9821: 'AI' })),
      },
      {
        when: 'another',
        value: idsOf('I love AI', vocabularyWith(5, { 1: 'I', 2: 'love', 3: 'AI' })),
      },
    ],
  },
  {
    id: 'bert-vocabulary',
    line: 178,
    claim: 'BERT has about 30,000 tokens',
    said: number('3e4'),
    value: vocabularyOf(published.bert, range(1, 200000), 109482240),
    because:
      'the vocabulary that gives BERT-base’s 109,482,240 parameters; Devlin et al., BERT, 2018, §3',
  },
  {
    id: 'gpt-vocabulary',
    line: 179,
    claim: 'GPT has about 50,000 tokens',
    said: number('5e4'),
    value: vocabularyOf(published.gpt2, range(1, 200000), 124439808),
    because: 'the vocabulary that gives GPT-2 small’s 124,439,808 parameters',
  },
  {
    id: 'any-word',
    line: 175,
    claim: 'any word can be built from pieces: ze from z and ##e',
    said: word('z', '##e'),
    value: [
      { when: 'every character is a piece', value: pieces('ze', 'z', '##e') },
      { when: 'one is not', value: pieces('ze', 'e', '##e') },
    ],
  },
  {
    id: 'playing-ids',
    line: 182,
    claim: 'playing has the ids 1234 for play and 567 for ##ing',
    said: number('1234', '567'),
    value: [
      {
        when: 'a vocabulary that has them there',
        value: idsOf('playing', vocabularyWith(1235, { 567: '##ing', 1234: 'play' })),
      },
      {
        when: 'one that has playing too',
        value: idsOf('playing', vocabularyWith(1235, { 7: 'playing', 567: '##ing', 1234: 'play' })),
      },
    ],
  },
  {
    id: 'low-is-one',
    line: 190,
    claim:
      'of low, lower and lowest the common low becomes one token: l and o are merged, then lo and w',
    said: word('l', 'o', 'lo', 'w'),
    value: learned,
  },
  {
    id: 'lowest-is-several',
    line: 188,
    claim: 'a rare word becomes a combination: lowest is low, e, s, t',
    said: word('low', 'e', 's', 't'),
    value: lowest,
  },
  {
    id: 'playing-merged',
    line: 191,
    claim: 'byte pairs make play and ing of playing',
    said: word('play', 'ing'),
    value: [
      { when: 'the two are not merged', value: merged() },
      { when: 'they are', value: merged(['play', 'ing']) },
    ],
  },
  {
    id: 'unbelievable',
    line: 192,
    claim: 'un, believe and able are the tokens of unbelievable',
    said: word('unbelievable'),
    value: spelled('characters', 'un', 'believe', 'able'),
    because: 'merging joins letters and drops none',
  },
  {
    id: 'likelihood',
    line: 195,
    claim: 'words are split into the likeliest pieces',
    said: word('same'),
    value: same(longest, likeliest),
    because:
      'a word is split by the longest piece that fits first; likelihood counts when the vocabulary is learned (Schuster & Nakajima, 2012)',
  },
  {
    id: 'playing-pieces',
    line: 197,
    claim: 'playing is play and ##ing',
    said: word('play', '##ing'),
    value: [
      { when: 'the vocabulary has only these', value: pieces('playing', 'play', '##ing') },
      { when: 'it has playing, as BERT’s', value: pieces('playing', 'play', '##ing', 'playing') },
    ],
  },
  {
    id: 'happily',
    line: 198,
    claim: 'happy and ##ly are the pieces of happily',
    said: word('happily'),
    value: spelled('wordPiece', 'happy', '##ly'),
    because: 'pieces are put together as they are',
  },
]);
