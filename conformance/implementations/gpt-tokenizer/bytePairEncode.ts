import type { Entry } from '../../interface/implementation.ts';
import { bytesOf, rankedTokens } from '../rankedTokens.ts';
import { rawToken, type GptTokenizerPackage } from './package.ts';

const none: ReadonlySet<string> = new Set();

/** No special token is forbidden in a text, and none allowed: they are text. Tokens that no merge makes have no place. */
export const bytePairEncode = ({ encodingOf }: GptTokenizerPackage): Entry<'bytePairEncode'> => ({
  options: { alphabet: ['bytes'] },
  run: ({ text, vocabulary, merges }) => {
    const { tokens, idOf } = rankedTokens(vocabulary, merges);
    const encoding = encodingOf(tokens.map((token) => rawToken(bytesOf(token))));
    const ids = encoding.encode(text, { disallowedSpecial: none }).map(idOf);
    return { tokens: ids.map((id) => vocabulary[id] ?? ''), ids };
  },
});
