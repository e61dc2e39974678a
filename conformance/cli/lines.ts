/** A line, or that there was one too long to hold. */
export type Line =
  | { readonly number: number; readonly text: string }
  | { readonly number: number; readonly tooLong: true };

/** The lines of a stream as they come, those of more than `limit` bytes left out. */
export async function* linesOf(
  stream: AsyncIterable<Uint8Array | string>,
  limit: number,
): AsyncGenerator<Line> {
  let parts: Buffer[] = [];
  let [size, number] = [0, 1];
  const take = (bytes: Buffer) => {
    size += bytes.length;
    if (size <= limit) parts.push(bytes);
    else parts = [];
  };
  const line = (): Line => {
    const found: Line =
      size > limit
        ? { number, tooLong: true }
        : { number, text: Buffer.concat(parts).toString('utf8') };
    [parts, size, number] = [[], 0, number + 1];
    return found;
  };
  for await (const chunk of stream) {
    const bytes =
      typeof chunk === 'string'
        ? Buffer.from(chunk)
        : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let start = 0;
    for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, start)) {
      take(bytes.subarray(start, end));
      yield line();
      start = end + 1;
    }
    if (start < bytes.length) take(Buffer.from(bytes.subarray(start)));
  }
  if (size > 0) yield line();
}
