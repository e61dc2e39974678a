import type { Kernel } from '../../../conformance/interface/implementation.ts';
import { byteCharacters, fromByteCharacters } from '../../../spec/text/byteAlphabet.ts';
import type { Kind } from '../../../spec/text/decodeTokens.ts';
import { withInput, withOutput, type Mutants } from '../mutant.ts';

type Decode = (tokens: readonly string[]) => string;

const bytesOf = (tokens: readonly string[]): Uint8Array =>
  Uint8Array.from(tokens.join(''), (one) => byteCharacters.indexOf(one));

const sound: Readonly<Record<Kind, Decode>> = {
  characters: (tokens) => tokens.join(''),
  bytes: (tokens) => fromByteCharacters(tokens.join('')),
  wordPiece: ([first = '', ...rest]) =>
    [first, ...rest.map((token) => (token.startsWith('##') ? token.slice(2) : ` ${token}`))].join(
      '',
    ),
  unigram: (tokens) => tokens.join('').replaceAll('\u2581', ' '),
};

/** A decoder with the rule of some kinds changed. */
const decoder =
  (changed: Partial<Record<Kind, Decode>> = {}): Kernel<'decodeTokens'> =>
  ({ ids, vocabulary, kind }) => ({
    text: { ...sound, ...changed }[kind](ids.map((id) => vocabulary[id] ?? '')),
  });
const honest = decoder();

const isControl = (token: string): boolean => /^(?:<\|.*\|>|\[[A-Z]+\])$/.test(token);

export const decodeTokens: Mutants<'decodeTokens'> = {
  honest,
  mutants: [
    {
      id: 'token-by-token',
      defect: 'tokenizer-decode-special-01',
      wrong: 'decodes the bytes of each token by themselves',
      run: decoder({ bytes: (tokens) => tokens.map(fromByteCharacters).join('') }),
    },
    {
      id: 'control-tokens-left-out',
      defect: 'tokenizer-decode-special-03',
      wrong: 'takes text that looks like a control token for one, and leaves it out',
      run: ({ ids, vocabulary, kind }) =>
        honest({
          ids: ids.filter((id) => !isControl(vocabulary[id] ?? '')),
          vocabulary,
          kind,
        }),
    },
    {
      id: 'ends-at-control-token',
      defect: 'tokenizer-decode-special-03',
      wrong: 'stops at text that looks like a control token',
      run: withInput(honest, ({ ids, vocabulary, kind }) => {
        const end = ids.findIndex((id) => isControl(vocabulary[id] ?? ''));
        return { ids: end < 0 ? ids : ids.slice(0, end), vocabulary, kind };
      }),
    },
    {
      id: 'byte-order-mark-swallowed',
      defect: 'classic',
      wrong: 'drops U+FEFF at the start, as TextDecoder does',
      run: decoder({ bytes: (tokens) => new TextDecoder().decode(bytesOf(tokens)) }),
    },
    {
      id: 'one-sign-a-byte',
      defect: 'classic',
      wrong: 'writes as many U+FFFD as there are bytes that are no UTF-8',
      run: decoder({
        bytes: (tokens) =>
          Buffer.from(bytesOf(tokens))
            .toString('utf8')
            .replaceAll(/\uFFFD(?!\uFFFD)/g, '\uFFFD\uFFFD'),
      }),
    },
    {
      id: 'broken-bytes-dropped',
      defect: 'classic',
      wrong: 'drops bytes that are no UTF-8',
      run: decoder({ bytes: (tokens) => sound.bytes(tokens).replaceAll('\uFFFD', '') }),
    },
    {
      id: 'latin',
      defect: 'classic',
      wrong: 'takes each byte for a character',
      run: decoder({ bytes: (tokens) => Buffer.from(bytesOf(tokens)).toString('latin1') }),
    },
    {
      id: 'byte-characters-kept',
      defect: 'classic',
      wrong: 'replaces the sign of the space alone',
      run: decoder({ bytes: (tokens) => tokens.join('').replaceAll('\u0120', ' ') }),
    },
    {
      id: 'sharps-everywhere',
      defect: 'tokenizer-wordpiece-02',
      wrong: 'takes ## away wherever it stands',
      run: decoder({ wordPiece: (tokens) => sound.wordPiece(tokens).replaceAll('##', '') }),
    },
    {
      id: 'sharps-of-the-first',
      defect: 'classic',
      wrong: 'takes ## away from the first token too',
      run: decoder({ wordPiece: (tokens) => sound.wordPiece(['', ...tokens]).trimStart() }),
    },
    {
      id: 'tidied-up',
      defect: 'classic',
      wrong: 'drops the space before punctuation',
      run: decoder({
        wordPiece: (tokens) => sound.wordPiece(tokens).replaceAll(/ ([.,!?])/g, '$1'),
      }),
    },
    {
      id: 'tidied-up-bytes',
      defect: 'classic',
      wrong: 'drops the space before punctuation from what bytes stand for',
      run: decoder({ bytes: (tokens) => sound.bytes(tokens).replaceAll(/ ([.,!?])/g, '$1') }),
    },
    {
      id: 'contractions-joined',
      defect: 'classic',
      wrong: "drops the space before n't and 're from what bytes stand for",
      run: decoder({ bytes: (tokens) => sound.bytes(tokens).replaceAll(/ (n't|'re)/g, '$1') }),
    },
    {
      id: 'words-without-spaces',
      defect: 'classic',
      wrong: 'sets words side by side',
      run: decoder({
        wordPiece: (tokens) => tokens.map((token) => token.replace(/^##/, '')).join(''),
      }),
    },
    {
      id: 'first-space-sign-alone',
      defect: 'classic',
      wrong: 'replaces the first U+2581 of each token alone',
      run: decoder({
        unigram: (tokens) => tokens.map((token) => token.replace('\u2581', ' ')).join(''),
      }),
    },
    {
      id: 'first-space-dropped',
      defect: 'classic',
      wrong: 'drops the space at the start',
      run: decoder({ unigram: (tokens) => sound.unigram(tokens).replace(/^ /, '') }),
    },
    {
      id: 'id-zero-skipped',
      defect: 'classic',
      wrong: 'takes id 0 for none',
      run: withInput(honest, (input) => ({ ...input, ids: input.ids.filter((id) => id !== 0) })),
    },
    {
      id: 'trimmed',
      defect: 'classic',
      wrong: 'drops spaces at the ends',
      run: withOutput(honest, ({ text }) => ({ text: text.trim() })),
    },
    {
      id: 'normalised',
      defect: 'classic',
      wrong: 'composes characters and their marks',
      run: withOutput(honest, ({ text }) => ({ text: text.normalize('NFC') })),
    },
    {
      id: 'surrogate-escape',
      defect: 'classic',
      wrong: 'gives half a surrogate pair for what is no UTF-8, as file names are read in Python',
      run: withOutput(honest, ({ text }) => ({ text: text.replaceAll('\uFFFD', '\uDC80') })),
    },
  ],
};
