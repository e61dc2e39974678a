import { fromByteCharacters, toByteCharacters } from '../../../spec/text/byteAlphabet.ts';
import type { Entry } from '../../interface/implementation.ts';
import { bytesOf, rankedTokens } from '../rankedTokens.ts';
import { withEncoder, type TiktokenPackage } from './package.ts';

const isText = (token: string): boolean => toByteCharacters(fromByteCharacters(token)) === token;

/** Tokens that no merge makes are its special tokens. None of them is allowed in a text, and none forbidden: they are text. */
export const bytePairEncode = (tiktoken: TiktokenPackage): Entry<'bytePairEncode'> => ({
  options: { alphabet: ['bytes'] },
  run: ({ text, vocabulary, merges }) => {
    const { tokens, others, idOf } = rankedTokens(vocabulary, merges);
    const specialTokens = others.filter(isText).map(fromByteCharacters);
    const table = { ranks: tokens.map(bytesOf), specialTokens };
    const ids = withEncoder(tiktoken, table, (encoder) =>
      Array.from(encoder.encode(text, [], []), idOf),
    );
    return { tokens: ids.map((id) => vocabulary[id] ?? ''), ids };
  },
});
