import { elements, type Element } from './element.ts';
import { bytesAt, checkSize, malformed, matrixShape, type Layout, type Source } from './layout.ts';

export interface NpyHeader {
  /** As numpy names it: '<f4'. */
  readonly descr: string;
  /** Whether columns stand one after another. */
  readonly isFortran: boolean;
  readonly shape: readonly number[];
  readonly start: number;
}

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
const mostHeader = 2 ** 20;

const kinds: Readonly<Record<string, Element>> = {
  '<f8': elements.float64,
  '<f4': elements.float32,
  '<f2': elements.float16,
  '<i8': elements.int64,
  '<i4': elements.int32,
  '|i1': elements.int8,
  '|u1': elements.uint8,
};

/** The header's text and where the numbers begin: 2 bytes for its length in version 1, 4 in versions 2 and 3. */
async function headerOf(source: Source): Promise<{ text: string; start: number }> {
  const first = await bytesAt(source, 0, 8, 'the first bytes of a .npy');
  const isNpy = magic.every((byte, at) => first.getUint8(at) === byte);
  if (!isNpy)
    throw malformed(source, 0, 'expected \\x93NUMPY, got other bytes; is it of this format?');
  const version = first.getUint8(6);
  if (version < 1 || version > 3)
    throw malformed(
      source,
      6,
      `expected version 1, 2 or 3, got ${version}; write it with numpy.save`,
    );
  const wide = version > 1;
  const size = await bytesAt(source, 8, wide ? 4 : 2, 'the length of the header');
  const length = wide ? size.getUint32(0, true) : size.getUint16(0, true);
  if (length > mostHeader)
    throw malformed(source, 8, `expected a header of at most ${mostHeader} bytes, got ${length}`);
  const at = wide ? 12 : 10;
  const view = await bytesAt(source, at, length, 'a header');
  return { text: Buffer.from(view.buffer, view.byteOffset, length).toString(), start: at + length };
}

/** numpy.lib.format: {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }, in any order. */
function fieldsOf(source: Source, text: string) {
  const descr = /'descr'\s*:\s*'([^']*)'/.exec(text)?.[1];
  const fortran = /'fortran_order'\s*:\s*(True|False)/.exec(text)?.[1];
  const shape = /'shape'\s*:\s*\(([\d\s,L]*)\)/.exec(text)?.[1];
  if (fortran === undefined || shape === undefined || !/'descr'\s*:/.test(text))
    throw malformed(
      source,
      10,
      `expected a header with 'descr', 'fortran_order' and 'shape', got ${text.trim().slice(0, 120)}`,
    );
  return {
    descr: descr ?? 'a structured type',
    isFortran: fortran === 'True',
    shape: [...shape.matchAll(/\d+/g)].map(([digits]) => Number(digits)),
  };
}

/**
 * What the header of a .npy says, and where its numbers begin.
 *
 * @throws MalformedFile
 */
export async function npyHeader(source: Source): Promise<NpyHeader> {
  const { text, start } = await headerOf(source);
  return { ...fieldsOf(source, text), start };
}

/** NEP 1: one array, its rows one after another. */
export async function npy(source: Source): Promise<Layout> {
  const { descr, isFortran, shape, start } = await npyHeader(source);
  const element = Object.hasOwn(kinds, descr) ? kinds[descr] : undefined;
  if (element === undefined)
    throw malformed(
      source,
      10,
      `expected numbers of ${Object.keys(kinds).join(', ')}, got ${descr}; convert them: array.astype('<f4')`,
    );
  if (isFortran)
    throw malformed(
      source,
      10,
      'expected rows one after another, got columns (fortran_order); write it with numpy.save(path, numpy.ascontiguousarray(array))',
    );
  return checkSize(
    source,
    { ...matrixShape(source, shape), element, start, prefix: 0 },
    source.size,
  );
}
