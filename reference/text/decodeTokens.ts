import { fromByteCharacters } from '../../spec/text/byteAlphabet.ts';
import { continuation, decodeTokens as spec, type Kind } from '../../spec/text/decodeTokens.ts';
import { spaceSign } from '../../spec/text/segmentation.ts';
import { reference } from '../reference.ts';

const textOf: Readonly<Record<Kind, (tokens: readonly string[]) => string>> = {
  characters: (tokens) => tokens.join(''),
  bytes: (tokens) => fromByteCharacters(tokens.join('')),
  wordPiece: ([first = '', ...rest]) =>
    rest.reduce(
      (text, token) =>
        token.startsWith(continuation)
          ? text + token.slice(continuation.length)
          : `${text} ${token}`,
      first,
    ),
  unigram: (tokens) => tokens.join('').replaceAll(spaceSign, ' '),
};

export const decodeTokens = reference(spec, (_arithmetic, { ids, vocabulary, kind }) => ({
  text: textOf[kind](ids.map((id) => vocabulary[id] ?? '')),
}));
