/** Bytes that are no .safetensors file. The message says what was expected, what came, and what to do. */
export class MalformedSafetensors extends Error {
  override readonly name = 'MalformedSafetensors';
  /** The byte at which it shows. */
  readonly at: number;

  constructor(at: number, message: string) {
    super(message);
    this.at = at;
  }
}

/** A name as messages show it. */
export const quoted = (name: string): string =>
  JSON.stringify(name.length > 60 ? `${name.slice(0, 57)}...` : name);
