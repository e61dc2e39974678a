import { stripVTControlCharacters } from 'node:util';

const mostBytes = 64 * 1024;
const mostLines = 20;

/** The end of what a stream said: the last 20 lines of the last 64 KiB, colours removed. A progress bar's steps are lines too. */
export class Tail {
  #bytes = Buffer.alloc(0);

  push(chunk: Buffer): void {
    const room = Math.max(0, mostBytes - chunk.length);
    const before = this.#bytes.subarray(Math.max(0, this.#bytes.length - room));
    this.#bytes = Buffer.concat([before, chunk.subarray(Math.max(0, chunk.length - mostBytes))]);
  }

  get text(): string {
    const text = stripVTControlCharacters(this.#bytes.toString('utf8'));
    return text
      .trimEnd()
      .split(/[\r\n]+/)
      .slice(-mostLines)
      .join('\n');
  }
}
