import { isElementType, type ElementType } from './elementTypes.ts';
import { MalformedSafetensors, quoted } from './malformed.ts';
import { lengthBytes, Scanner } from './scanner.ts';

/** That of the format's own implementation. */
export const mostHeader = 100_000_000;

/** What a header says of a tensor. Offsets count from the end of the header. */
export interface Entry {
  readonly name: string;
  readonly dtype: ElementType;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

export interface Remark {
  readonly key: string;
  readonly value: string;
}

export interface Header {
  /** In the order in which they stand there. */
  readonly entries: readonly Entry[];
  readonly metadata: readonly Remark[];
}

/** The name that no tensor has. */
export const metadataName = '__metadata__';

/**
 * The length of a header, from the first bytes of a file: before any of it is read.
 *
 * @throws MalformedSafetensors
 */
export function headerLength(first: Uint8Array, fileSize: number): number {
  if (fileSize < lengthBytes || first.length < lengthBytes)
    throw new MalformedSafetensors(
      0,
      `expected the length of the header in ${lengthBytes} bytes, got the end of the file after ${fileSize}; it is cut off, or no such file: copy it again`,
    );
  const view = new DataView(first.buffer, first.byteOffset, lengthBytes);
  const length = view.getBigUint64(0, true);
  if (length > mostHeader)
    throw new MalformedSafetensors(
      0,
      `expected a header of at most ${mostHeader} bytes, got ${length}; is it of this format?`,
    );
  if (Number(length) > fileSize - lengthBytes)
    throw new MalformedSafetensors(
      lengthBytes,
      `expected a header of ${length} bytes, got the end of the file after ${fileSize} bytes; it is cut off, or no such file: copy it again`,
    );
  return Number(length);
}

/** The bytes of a header as text. */
function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new MalformedSafetensors(
      lengthBytes,
      'expected a header in UTF-8, got bytes that are none; write the file again',
    );
  }
}

/**
 * What a header says, its members each read once. Whether its offsets fit together and to the file is for `checkLayout`.
 *
 * @throws MalformedSafetensors
 */
export function parseHeader(bytes: Uint8Array): Header {
  const scanner = new Scanner(textOf(bytes));
  if (scanner.text[0] !== '{') scanner.fail('a header of JSON that begins with {', 0);
  const entries: Entry[] = [];
  const metadata: Remark[] = [];
  scanner.members('the header', (name) => {
    if (name === metadataName) readMetadata(scanner, metadata);
    else entries.push(entryOf(scanner, name));
  });
  while (scanner.text[scanner.at] === ' ') scanner.at += 1;
  if (scanner.at < scanner.text.length) scanner.fail('spaces alone behind the header');
  return { entries, metadata };
}

function readMetadata(scanner: Scanner, metadata: Remark[]): void {
  scanner.members(metadataName, (key) => {
    metadata.push({ key, value: scanner.string(`a text for ${quoted(key)} of ${metadataName}`) });
  });
}

function entryOf(scanner: Scanner, name: string): Entry {
  const of = quoted(name);
  const parts: { dtype?: ElementType; shape?: readonly number[]; offsets?: readonly number[] } = {};
  scanner.members(`dtype, shape and data_offsets of ${of}`, (field) => {
    if (field === 'dtype') parts.dtype = dtypeOf(scanner, of);
    else if (field === 'shape') parts.shape = countsIn(scanner, `the shape of ${of}`, 'a length');
    else if (field === 'data_offsets')
      parts.offsets = countsIn(scanner, `the data_offsets of ${of}`, 'an offset');
    else scanner.fail(`dtype, shape and data_offsets of ${of} alone (not ${quoted(field)})`);
  });
  const { dtype, shape, offsets } = parts;
  const [begin, end] = offsets ?? [];
  if (dtype === undefined || shape === undefined || begin === undefined || end === undefined)
    return scanner.fail(`dtype, shape and both data_offsets of ${of} before`);
  if (offsets?.length !== 2) scanner.fail(`two data_offsets of ${of} before`);
  return { name, dtype, shape, begin, end };
}

function dtypeOf(scanner: Scanner, of: string): ElementType {
  scanner.skip();
  const start = scanner.at;
  const text = scanner.string(`the dtype of ${of}`);
  return isElementType(text) ? text : scanner.fail(`a dtype of the format for ${of}`, start);
}

function countsIn(scanner: Scanner, what: string, item: string): readonly number[] {
  const counts: number[] = [];
  scanner.items(what, () => counts.push(scanner.count(`${item} in ${what}`)));
  return counts;
}
