import type { Element } from './element.ts';
import { MalformedFile } from './malformedFile.ts';

/** Where the rows of a matrix lie in a file. */
export interface Layout {
  readonly rows: number;
  readonly columns: number;
  readonly element: Element;
  /** The byte at which the first row begins. */
  readonly start: number;
  /** How many bytes stand before the elements of each row: 4 where each row says its length. */
  readonly prefix: number;
}

/** What bytes are read from: an open file, or memory. */
export interface Bytes {
  readonly read: (
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
  ) => Promise<{ readonly bytesRead: number }>;
}

/** A file whose header is read. */
export interface Source {
  /** As it is named in messages. */
  readonly path: string;
  readonly size: number;
  readonly handle: Bytes;
  /** The tensor that is asked for, in a file of several. */
  readonly tensor?: string | undefined;
}

/** 'base.fvecs, byte 516: …' */
export const malformed = ({ path }: { readonly path: string }, at: number, what: string) =>
  new MalformedFile(`${path}, byte ${at}: ${what}`);

/**
 * So many bytes of a file.
 *
 * @throws MalformedFile where it has no more
 */
export async function bytesAt(
  source: Source,
  at: number,
  length: number,
  what: string,
): Promise<DataView> {
  if (at + length > source.size)
    throw malformed(
      source,
      at,
      `expected ${what} of ${length} bytes, got the end of the file after ${source.size} bytes; it is cut off, or no such file: copy it again`,
    );
  const buffer = Buffer.alloc(length);
  let got = 0;
  while (got < length) {
    const { bytesRead } = await source.handle.read(buffer, got, length - got, at + got);
    if (bytesRead === 0)
      throw malformed(source, at + got, 'expected more bytes, got none: the file has been changed');
    got += bytesRead;
  }
  return new DataView(buffer.buffer, buffer.byteOffset, length);
}

/**
 * The size of a matrix against that of what holds it, before anything is allocated.
 *
 * @throws MalformedFile
 */
export function checkSize(source: Source, layout: Layout, end: number): Layout {
  const { rows, columns, element, start } = layout;
  const expected = rows * columns * element.bytes;
  if (end - start === expected) return layout;
  const remedy =
    end - start < expected
      ? 'it is cut off, or its header is wrong: copy or write it again'
      : 'its header is wrong, or something stands behind the numbers: write it again';
  throw malformed(
    source,
    start,
    `expected ${rows} × ${columns} numbers of ${element.bytes} bytes (${element.name}), ${expected} bytes in all, got ${end - start}; ${remedy}`,
  );
}

/**
 * Two axes, of which neither is empty.
 *
 * @throws MalformedFile
 */
export function matrixShape(
  source: Source,
  shape: readonly number[],
): { readonly rows: number; readonly columns: number } {
  const [rows = 0, columns = 0] = shape;
  const named = `[${shape.join(', ')}]`;
  if (shape.length !== 2)
    throw new MalformedFile(
      `${source.path}: expected two axes, [rows, columns], got ${named}; a single row is [1, columns]: reshape it`,
    );
  if (!Number.isSafeInteger(rows * columns) || rows < 0 || columns < 0)
    throw new MalformedFile(`${source.path}: expected lengths that a file can have, got ${named}`);
  if (rows === 0 || columns === 0)
    throw new MalformedFile(
      `${source.path}: expected at least one row and one column, got ${named}; there is nothing to search`,
    );
  return { rows, columns };
}
