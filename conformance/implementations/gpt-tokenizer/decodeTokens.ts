import { isByteToken } from '../../../spec/text/byteAlphabet.ts';
import { Unsupported, type Entry } from '../../interface/implementation.ts';
import { bytesOf } from '../rankedTokens.ts';
import { rawToken, type GptTokenizerPackage } from './package.ts';

const inUtf8 = new TextEncoder();

/** A token of the vocabulary that no id names may be no bytes: its place is taken by none. */
const rawIn = {
  bytes: (token: string) => rawToken(isByteToken(token) ? bytesOf(token) : new Uint8Array()),
  characters: (token: string) => rawToken(inUtf8.encode(token)),
};

/** Ids are ranks. What the package kept of texts before is dropped: each case is judged by itself. */
export const decodeTokens = ({
  encodingOf,
  forget,
}: GptTokenizerPackage): Entry<'decodeTokens'> => ({
  run: ({ ids, vocabulary, kind }) => {
    if (kind === 'wordPiece' || kind === 'unigram')
      throw new Unsupported(`tokens are bytes here, not ${kind}`);
    forget();
    return { text: encodingOf(vocabulary.map(rawIn[kind])).decode(ids) };
  },
});
