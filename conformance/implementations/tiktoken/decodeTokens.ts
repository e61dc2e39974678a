import { isByteToken } from '../../../spec/text/byteAlphabet.ts';
import { Unsupported, type Entry } from '../../interface/implementation.ts';
import { bytesOf } from '../rankedTokens.ts';
import { withEncoder, type TiktokenPackage } from './package.ts';

const inUtf8 = new TextEncoder();
const fromUtf8 = new TextDecoder('utf-8', { ignoreBOM: true });

const bytesIn = {
  bytes: (token: string) => (isByteToken(token) ? bytesOf(token) : undefined),
  characters: (token: string) => inUtf8.encode(token),
};

/** Ids are ranks. What it gives are bytes, read by the platform. */
export const decodeTokens = (tiktoken: TiktokenPackage): Entry<'decodeTokens'> => ({
  run: ({ ids, vocabulary, kind }) => {
    if (kind === 'wordPiece' || kind === 'unigram')
      throw new Unsupported(`tokens are bytes here, not ${kind}`);
    const ranks = vocabulary.map(bytesIn[kind]);
    if (ranks.every((token) => token === undefined))
      throw new Unsupported('a table without tokens ends its constructor with a trap');
    const decoded = withEncoder(tiktoken, { ranks }, (encoder) =>
      encoder.decode(Uint32Array.from(ids)),
    );
    return { text: fromUtf8.decode(decoded) };
  },
});
