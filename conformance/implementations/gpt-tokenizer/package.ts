import { hasFunctions, optionalPackage } from '../optional.ts';

/** A token: a text, or bytes where they are no text. */
export type RawToken = string | readonly number[];

/** The class of encodings, as far as it is used. */
export interface Encoding {
  readonly encode: (
    text: string,
    options: { readonly disallowedSpecial: ReadonlySet<string> },
  ) => readonly number[];
  readonly decode: (ids: readonly number[]) => string;
}
interface Encodings {
  readonly GptEncoding: {
    readonly getEncodingApi: (name: string, ranks: () => readonly RawToken[]) => Encoding;
  };
}

/** What reads bytes for every encoding of the package, and keeps those of a character that is not whole. */
interface Core {
  readonly decoder: {
    readonly decode: (bytes?: Uint8Array, options?: { readonly stream: boolean }) => string;
  };
}

export interface GptTokenizerPackage {
  /** An encoding with GPT-2's splitting rule and any tokens by rank. */
  readonly encodingOf: (ranks: readonly RawToken[]) => Encoding;
  /** Puts the package into the state that it has after any whole text. */
  readonly forget: () => void;
}

export const tried = '4.0.0';

const isEncodings = (loaded: unknown): loaded is Encodings =>
  typeof loaded === 'object' &&
  loaded !== null &&
  'GptEncoding' in loaded &&
  typeof loaded.GptEncoding === 'function' &&
  'getEncodingApi' in loaded.GptEncoding &&
  typeof loaded.GptEncoding.getEncodingApi === 'function';

const isCore = (loaded: unknown): loaded is Core =>
  hasFunctions(loaded, ['BytePairEncodingCore']) &&
  typeof loaded === 'object' &&
  loaded !== null &&
  'decoder' in loaded &&
  loaded.decoder instanceof TextDecoder;

const wanted = { implementation: 'gpt-tokenizer', name: 'gpt-tokenizer', version: tried } as const;

/** @throws BrokenPackage when gpt-tokenizer is not installed, or does not load */
export async function startGptTokenizer(): Promise<GptTokenizerPackage> {
  const { GptEncoding } = await optionalPackage({
    ...wanted,
    module: 'gpt-tokenizer/GptEncoding',
    is: isEncodings,
  });
  const { decoder } = await optionalPackage({
    ...wanted,
    module: 'gpt-tokenizer/BytePairEncodingCore',
    is: isCore,
  });
  return {
    encodingOf: (ranks) => GptEncoding.getEncodingApi('p50k_edit', () => ranks),
    forget: () => {
      decoder.decode();
      decoder.decode(Uint8Array.of(0x61), { stream: true });
    },
  };
}

const fromUtf8 = new TextDecoder('utf-8', { fatal: true });

/** A token as the package's own tables have it: bytes where they are no UTF-8, or begin with a byte order mark. */
export function rawToken(bytes: Uint8Array): RawToken {
  try {
    const text = fromUtf8.decode(bytes);
    return Buffer.byteLength(text) === bytes.length ? text : [...bytes];
  } catch {
    return [...bytes];
  }
}
