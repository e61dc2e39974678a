import type { Input } from '../../../spec/index.ts';
import type { Kind } from '../../../spec/text/decodeTokens.ts';
import { Unsupported } from '../../interface/implementation.ts';

/** The parts of a tokenizer.json that are not the same in all of them. */
interface Parts {
  readonly model: object;
  readonly preTokenizer?: object;
  readonly decoder?: object;
}

/** What stands in a tokenizer.json. */
const tokenizer = ({ model, preTokenizer, decoder }: Parts): object => ({
  version: '1.0',
  truncation: null,
  padding: null,
  added_tokens: [],
  normalizer: null,
  pre_tokenizer: preTokenizer ?? null,
  post_processor: null,
  decoder: decoder ?? null,
  model,
});

/** What stands in a tokenizer_config.json: decoding takes spaces away before signs unless it is told not to. */
export const config = { clean_up_tokenization_spaces: false } as const;

const idsOf = (vocabulary: readonly string[]): object =>
  Object.fromEntries(vocabulary.map((token, id) => [token, id]));

const bytePairModel = (vocabulary: readonly string[], merges: readonly object[]): object => ({
  type: 'BPE',
  vocab: idsOf(vocabulary),
  merges,
  unk_token: null,
  fuse_unk: false,
  byte_fallback: false,
  ignore_merges: false,
});

const wordPieceModel = ({
  vocabulary,
  prefix,
  unknown,
  maxWordLength,
}: Omit<Input<'wordPieceEncode'>, 'text'>): object => ({
  type: 'WordPiece',
  vocab: idsOf(vocabulary),
  unk_token: unknown,
  continuing_subword_prefix: prefix,
  max_input_chars_per_word: maxWordLength,
});

function unigramModel(vocabulary: Input<'unigramEncode'>['vocabulary']): object {
  if (vocabulary.length === 0) throw new Unsupported('a Unigram model has a token');
  const scored = vocabulary.map(({ token, logProbability }) => [token, logProbability]);
  return { type: 'Unigram', unk_id: null, vocab: scored };
}

const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false } as const;
const metaspace = {
  type: 'Metaspace',
  replacement: '\u2581',
  prepend_scheme: 'never',
  split: false,
} as const;

export const bytePair = ({ vocabulary, merges, alphabet }: Input<'bytePairEncode'>): object =>
  tokenizer({
    model: bytePairModel(vocabulary, merges),
    ...(alphabet === 'bytes' ? { preTokenizer: { ...byteLevel, use_regex: true } } : {}),
  });

export const wordPiece = (input: Input<'wordPieceEncode'>): object =>
  tokenizer({ model: wordPieceModel(input), preTokenizer: { type: 'BertPreTokenizer' } });

export const unigram = ({ vocabulary }: Input<'unigramEncode'>): object =>
  tokenizer({ model: unigramModel(vocabulary), preTokenizer: metaspace });

/** A tokenizer that decodes, by kind; its model has the tokens, and what else it wants besides. */
export const decoding: Readonly<Record<Kind, (vocabulary: readonly string[]) => object>> = {
  characters: (vocabulary) =>
    tokenizer({ model: bytePairModel(vocabulary, []), decoder: { type: 'Fuse' } }),
  bytes: (vocabulary) => tokenizer({ model: bytePairModel(vocabulary, []), decoder: byteLevel }),
  wordPiece: (vocabulary) =>
    tokenizer({
      model: wordPieceModel({ vocabulary, prefix: '##', unknown: '[UNK]', maxWordLength: 100 }),
      decoder: { type: 'WordPiece', prefix: '##', cleanup: false },
    }),
  unigram: (vocabulary) =>
    tokenizer({
      model: unigramModel(vocabulary.map((token) => ({ token, logProbability: -1 }))),
      decoder: metaspace,
    }),
};
