import { optionalPackage } from '../optional.ts';

/** A tokenizer, as far as it is used. An id that is not there is null or undefined, whatever the package's types say. */
interface Tokenizer {
  readonly encode: (
    text: string,
    options: { readonly add_special_tokens: boolean },
  ) => { readonly tokens: readonly string[]; readonly ids: readonly (number | null | undefined)[] };
  readonly decode: (ids: readonly number[]) => string;
}

/** The part of the package that is used here. */
export interface Huggingface {
  /** Of what tokenizer.json and tokenizer_config.json hold. */
  readonly Tokenizer: new (tokenizer: object, config: object) => Tokenizer;
}

export const tried = '0.2.0';

const isHuggingface = (loaded: unknown): loaded is Huggingface =>
  typeof loaded === 'object' &&
  loaded !== null &&
  'Tokenizer' in loaded &&
  typeof loaded.Tokenizer === 'function';

/** @throws BrokenPackage when the package is not installed, or does not load */
export const startHuggingface = (): Promise<Huggingface> =>
  optionalPackage({
    implementation: 'huggingface',
    name: '@huggingface/tokenizers',
    version: tried,
    is: isHuggingface,
  });
