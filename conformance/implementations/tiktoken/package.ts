import { hasFunctions, optionalPackage } from '../optional.ts';

/** An encoder in WebAssembly, as far as it is used. */
export interface Encoder {
  readonly encode: (
    text: string,
    allowedSpecial: readonly string[],
    disallowedSpecial: readonly string[],
  ) => Uint32Array;
  readonly decode: (tokens: Uint32Array) => Uint8Array;
  readonly free: () => void;
}

/** The part of the package that is used here. */
export interface TiktokenPackage {
  readonly Tiktoken: new (
    ranks: string,
    specialTokens: Readonly<Record<string, number>>,
    pattern: string,
  ) => Encoder;
}

export const tried = '1.0.22';

const isTiktoken = (loaded: unknown): loaded is TiktokenPackage =>
  hasFunctions(loaded, ['Tiktoken']);

/** @throws BrokenPackage when tiktoken is not installed, or does not load */
export const startTiktoken = (): Promise<TiktokenPackage> =>
  optionalPackage({
    implementation: 'tiktoken',
    name: 'tiktoken',
    version: tried,
    is: isTiktoken,
  });

/** GPT-2's, as the package has it in its registry.json. */
const pattern = String.raw`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`;

/** Tokens by their ranks; a rank may have none. */
export interface Table {
  readonly ranks: readonly (Uint8Array | undefined)[];
  readonly specialTokens?: readonly string[];
}

/**
 * What is done with an encoder, which is then freed. Where it traps it stays borrowed for ever: to free it would be one more error, so that its
 * memory is lost.
 */
export function withEncoder<T>(
  { Tiktoken }: TiktokenPackage,
  { ranks, specialTokens = [] }: Table,
  use: (encoder: Encoder) => T,
): T {
  const lines = ranks.flatMap((token, rank) =>
    token === undefined ? [] : [`${Buffer.from(token).toString('base64')} ${rank}`],
  );
  const special = specialTokens.map((token, i) => [token, ranks.length + i] as const);
  const encoder = new Tiktoken(lines.join('\n'), Object.fromEntries(special), pattern);
  const answer = use(encoder);
  encoder.free();
  return answer;
}
