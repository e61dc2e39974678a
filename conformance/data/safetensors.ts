import { checkLayout } from '../../spec/artifacts/file.ts';
import { headerLength, parseHeader, type Entry, type Header } from '../../spec/artifacts/header.ts';
import { MalformedSafetensors } from '../../spec/artifacts/malformed.ts';
import { lengthBytes } from '../../spec/artifacts/scanner.ts';
import { suggestion } from '../../spec/nearest.ts';
import { elements, type Element } from './element.ts';
import { bytesAt, checkSize, malformed, matrixShape, type Layout, type Source } from './layout.ts';
import { MalformedFile } from './malformedFile.ts';

const kinds: Readonly<Record<string, Element>> = {
  F64: elements.float64,
  F32: elements.float32,
  F16: elements.float16,
  BF16: elements.bfloat16,
  I64: elements.int64,
  I32: elements.int32,
  I8: elements.int8,
  U8: elements.uint8,
};

const bytesOf = (view: DataView): Uint8Array =>
  new Uint8Array(view.buffer, view.byteOffset, view.byteLength);

/**
 * The header of a file, and where the numbers begin. Nothing behind it is read: only the size of the file is held to it.
 *
 * @throws MalformedFile
 */
export async function safetensorsHeader(
  source: Source,
): Promise<Header & { readonly start: number }> {
  try {
    const first = await bytesAt(
      source,
      0,
      Math.min(lengthBytes, source.size),
      'the length of the header',
    );
    const length = headerLength(bytesOf(first), source.size);
    const header = parseHeader(bytesOf(await bytesAt(source, lengthBytes, length, 'a header')));
    const start = lengthBytes + length;
    checkLayout(header.entries, start, source.size - start);
    return { ...header, start };
  } catch (error) {
    if (error instanceof MalformedSafetensors) throw malformed(source, error.at, error.message);
    throw error;
  }
}

/** The tensor that is asked for, or the only one. */
function chosen(source: Source, entries: readonly Entry[]): Entry {
  const names = entries.map(({ name }) => name);
  const { tensor } = source;
  const there = `it has ${names.slice(0, 8).join(', ') || 'none'}${names.length > 8 ? ', …' : ''}`;
  if (tensor === undefined) {
    const [only] = entries;
    if (only !== undefined && entries.length === 1) return only;
    throw new MalformedFile(
      `${source.path}: expected one tensor, got ${entries.length}; name one as ${source.path}#NAME: ${there}`,
    );
  }
  const found = entries.find(({ name }) => name === tensor);
  if (found !== undefined) return found;
  throw new MalformedFile(
    `${source.path}: expected the name of a tensor after #, got ${tensor}; ${suggestion(tensor, names, there)}`,
  );
}

/** A matrix in a .safetensors file: spec/artifacts says what one is. */
export async function safetensors(source: Source): Promise<Layout> {
  const { entries, start } = await safetensorsHeader(source);
  const { name, dtype, shape, begin, end } = chosen(source, entries);
  const element = Object.hasOwn(kinds, dtype) ? kinds[dtype] : undefined;
  if (element === undefined)
    throw malformed(
      source,
      start + begin,
      `expected ${name} to be of ${Object.keys(kinds).join(', ')}, got ${dtype}; convert it`,
    );
  const layout = { ...matrixShape(source, shape), element, start: start + begin, prefix: 0 };
  return checkSize(source, layout, start + end);
}
