const mostBytes = 64 * 1024;
const mostLines = 20;

/** The end of what a stream said: the last 20 lines, of the last 64 KiB. */
export class Tail {
  #bytes = Buffer.alloc(0);

  push(chunk: Buffer): void {
    const room = Math.max(0, mostBytes - chunk.length);
    const before = this.#bytes.subarray(Math.max(0, this.#bytes.length - room));
    this.#bytes = Buffer.concat([before, chunk.subarray(Math.max(0, chunk.length - mostBytes))]);
  }

  get text(): string {
    return this.#bytes.toString('utf8').trimEnd().split('\n').slice(-mostLines).join('\n');
  }
}
