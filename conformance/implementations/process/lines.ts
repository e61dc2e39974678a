const newline = 10;
/** Space that stays reserved between lines. */
const kept = 2 ** 20;

/**
 * Cuts a stream of bytes into lines. Never holds more than twice `limit` bytes, whatever comes.
 * A line handed to `onLine` is overwritten by the next: it must be decoded at once.
 */
export class LineReader {
  readonly #limit: number;
  readonly #onLine: (line: Buffer) => void;
  #store = Buffer.allocUnsafe(2 ** 12);
  #size = 0;

  constructor(limit: number, onLine: (line: Buffer) => void) {
    this.#limit = limit;
    this.#onLine = onLine;
  }

  /** Bytes of the line that has not ended yet. */
  get unfinished(): number {
    return this.#size;
  }

  /** Takes the next bytes; false as soon as a line is over the limit, and the rest is then not to be read. */
  push(chunk: Buffer): boolean {
    let from = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, from)) {
      if (this.#size + end - from > this.#limit) return false;
      this.#onLine(this.#complete(chunk.subarray(from, end)));
      from = end + 1;
    }
    if (this.#size + chunk.length - from > this.#limit) return false;
    if (from < chunk.length) this.#hold(chunk.subarray(from));
    return true;
  }

  #complete(piece: Buffer): Buffer {
    if (this.#size === 0) return piece;
    this.#hold(piece);
    const line = this.#store.subarray(0, this.#size);
    this.#size = 0;
    if (this.#store.length > kept) this.#store = Buffer.allocUnsafe(2 ** 12);
    return line;
  }

  #hold(piece: Buffer): void {
    const size = this.#size + piece.length;
    if (size > this.#store.length) {
      const grown = Buffer.allocUnsafe(2 * size);
      this.#store.copy(grown, 0, 0, this.#size);
      this.#store = grown;
    }
    piece.copy(this.#store, this.#size);
    this.#size = size;
  }
}
