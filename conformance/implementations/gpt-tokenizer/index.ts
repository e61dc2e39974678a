import { inProcess, type Implementation } from '../../interface/implementation.ts';
import { bytePairEncode } from './bytePairEncode.ts';
import { decodeTokens } from './decodeTokens.ts';
import { startGptTokenizer, tried, type GptTokenizerPackage } from './package.ts';

/** What the package offers, component by component. */
export const gptTokenizerOn = (tokenizer: GptTokenizerPackage): Implementation =>
  inProcess({
    name: 'gpt-tokenizer',
    version: tried,
    entries: { bytePairEncode: bytePairEncode(tokenizer), decodeTokens: decodeTokens(tokenizer) },
  });

/**
 * gpt-tokenizer in this process.
 *
 * @throws BrokenPackage when gpt-tokenizer is not installed, or does not load
 */
export const gptTokenizer = async (): Promise<Implementation> =>
  gptTokenizerOn(await startGptTokenizer());
