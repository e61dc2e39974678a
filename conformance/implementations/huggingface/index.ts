import type { Encoding } from '../../../spec/text/tokenFields.ts';
import { inProcess, Unsupported, type Implementation } from '../../interface/implementation.ts';
import { startHuggingface, tried, type Huggingface } from './package.ts';
import { bytePair, config, decoding, unigram, wordPiece } from './tokenizers.ts';

/** Tokens with their ids. One that has none is the text of what the model does not know. */
function encoded({ Tokenizer }: Huggingface, json: object, text: string): Encoding {
  const { tokens, ids } = new Tokenizer(json, config).encode(text, { add_special_tokens: false });
  const known = ids.filter((id) => id !== null && id !== undefined);
  if (known.length < ids.length)
    throw new Unsupported(
      'of a character that is no token by itself an unknown token was more probable: 10 below the least logarithm',
    );
  return { tokens, ids: known };
}

/** What the package offers, component by component. */
export const huggingfaceOn = (package_: Huggingface): Implementation =>
  inProcess({
    name: 'huggingface',
    version: tried,
    entries: {
      bytePairEncode: {
        options: { alphabet: ['characters', 'bytes'] },
        run: (input) => encoded(package_, bytePair(input), input.text),
      },
      wordPieceEncode: { run: (input) => encoded(package_, wordPiece(input), input.text) },
      unigramEncode: {
        numerics: { accumulate: 'float64' },
        run: (input) => encoded(package_, unigram(input), input.text),
      },
      decodeTokens: {
        run: ({ ids, vocabulary, kind }) => ({
          text: new package_.Tokenizer(decoding[kind](vocabulary), config).decode(ids),
        }),
      },
    },
  });

/**
 * Hugging Face's tokenizers in JavaScript, in this process.
 *
 * @throws BrokenPackage when the package is not installed, or does not load
 */
export const huggingface = async (): Promise<Implementation> =>
  huggingfaceOn(await startHuggingface());
