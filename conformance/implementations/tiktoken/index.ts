import { inProcess, type Implementation } from '../../interface/implementation.ts';
import { bytePairEncode } from './bytePairEncode.ts';
import { decodeTokens } from './decodeTokens.ts';
import { startTiktoken, tried, type TiktokenPackage } from './package.ts';

/** What the package offers, component by component. */
export const tiktokenOn = (tiktoken: TiktokenPackage): Implementation =>
  inProcess({
    name: 'tiktoken',
    version: tried,
    entries: { bytePairEncode: bytePairEncode(tiktoken), decodeTokens: decodeTokens(tiktoken) },
  });

/**
 * tiktoken in this process, in WebAssembly.
 *
 * @throws BrokenPackage when tiktoken is not installed, or does not load
 */
export const tiktoken = async (): Promise<Implementation> => tiktokenOn(await startTiktoken());
