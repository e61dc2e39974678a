import { byCodePoints } from '../codePoints.ts';
import { alignmentOf, bytesOfElements, type ElementType } from './elementTypes.ts';
import { headerLength, metadataName, parseHeader, type Entry, type Remark } from './header.ts';
import { MalformedSafetensors, quoted } from './malformed.ts';
import { lengthBytes } from './scanner.ts';

/** A tensor with its elements as the file holds them: little-endian, row by row. */
export interface Held {
  readonly name: string;
  readonly dtype: ElementType;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

export interface Content {
  readonly tensors: readonly Held[];
  readonly metadata: readonly Remark[];
}

/**
 * That the tensors cover the data behind a header one after another, without holes, and that each is as long as its shape says. Nothing is
 * allocated, and nothing of the data is read.
 *
 * @throws MalformedSafetensors
 */
export function checkLayout(entries: readonly Entry[], start: number, dataBytes: number): void {
  let reached = 0;
  for (const entry of entries.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    const problem = misplaced(entry, reached, dataBytes);
    if (problem !== undefined) throw new MalformedSafetensors(start + entry.begin, problem);
    reached = entry.end;
  }
  if (reached < dataBytes)
    throw new MalformedSafetensors(
      start + reached,
      `expected the end of the file behind the last tensor, got ${dataBytes - reached} bytes that belong to none; write it again`,
    );
}

/** What is wrong with where a tensor lies, when those before it end at `reached`. */
function misplaced(
  { name, dtype, shape, begin, end }: Entry,
  reached: number,
  dataBytes: number,
): string | undefined {
  const [of, wanted] = [quoted(name), bytesOfElements(dtype, shape)];
  const form = `${dtype} [${shape.slice(0, 8).join(', ')}${shape.length > 8 ? ', …' : ''}]`;
  if (end < begin)
    return `expected ${of} to end behind its begin, got offsets ${begin} to ${end}; write it again`;
  if (begin !== reached)
    return `expected ${of} at offset ${reached}, where the tensor before it ends, got ${begin}: ${begin < reached ? 'they overlap' : 'there is a hole'}; write it again`;
  if (wanted === undefined)
    return `expected ${of} to have a whole number of bytes below 2^53, got ${form}; write it again`;
  if (end - begin !== wanted)
    return `expected ${wanted} bytes of ${of}, ${form}, got ${end - begin}; write it again`;
  return end > dataBytes
    ? `expected ${of} up to offset ${end}, got the end of the file after ${dataBytes} bytes of data; it is cut off: copy it again`
    : undefined;
}

/** Tensors, and remarks, in the order of their names. */
export const sortedContent = ({ tensors, metadata }: Content): Content => ({
  tensors: tensors.toSorted((a, b) => byCodePoints(a.name, b.name)),
  metadata: metadata.toSorted((a, b) => byCodePoints(a.key, b.key)),
});

/**
 * What a file holds, in the order of names. It allocates no more than the file is long.
 *
 * @throws MalformedSafetensors
 */
export function readSafetensors(file: Uint8Array): Content {
  const start = lengthBytes + headerLength(file.subarray(0, lengthBytes), file.length);
  const { entries, metadata } = parseHeader(file.subarray(lengthBytes, start));
  checkLayout(entries, start, file.length - start);
  const tensors = entries.map(({ name, dtype, shape, begin, end }) => ({
    name,
    dtype,
    shape,
    bytes: file.slice(start + begin, start + end),
  }));
  return sortedContent({ tensors, metadata });
}

/** The order in which the format's own implementation writes: the widest alignment first, so that every tensor is aligned; then by name. */
export const inFileOrder = (tensors: readonly Held[]): readonly Held[] =>
  tensors.toSorted(
    (a, b) => alignmentOf(b.dtype) - alignmentOf(a.dtype) || byCodePoints(a.name, b.name),
  );

/** A header of that length and text before the data. */
export function joined(header: Uint8Array, data: readonly Uint8Array[]): Uint8Array {
  const size = data.reduce((sum, { length }) => sum + length, lengthBytes + header.length);
  const file = new Uint8Array(size);
  new DataView(file.buffer).setBigUint64(0, BigInt(header.length), true);
  file.set(header, lengthBytes);
  let at = lengthBytes + header.length;
  for (const part of data) {
    file.set(part, at);
    at += part.length;
  }
  return file;
}

/** The canonical file: `inFileOrder`, remarks by name, no space but those that fill the header up to a multiple of 8 bytes. */
export function writeSafetensors(content: Content): Uint8Array {
  const ordered = inFileOrder(content.tensors);
  const { metadata } = sortedContent(content);
  let end = 0;
  const members = ordered.map(({ name, dtype, shape, bytes }) => {
    const begin = end;
    end += bytes.length;
    const lengths = shape.map(String).join(',');
    return `${JSON.stringify(name)}:{"dtype":"${dtype}","shape":[${lengths}],"data_offsets":[${begin},${end}]}`;
  });
  const remarks = metadata.map(
    ({ key, value }) => `${JSON.stringify(key)}:${JSON.stringify(value)}`,
  );
  const first = remarks.length === 0 ? [] : [`"${metadataName}":{${remarks.join(',')}}`];
  const text = new TextEncoder().encode(`{${[...first, ...members].join(',')}}`);
  const header = new Uint8Array(Math.ceil(text.length / 8) * 8).fill(0x20);
  header.set(text);
  return joined(
    header,
    ordered.map(({ bytes }) => bytes),
  );
}
