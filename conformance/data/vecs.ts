import { elements, type Element } from './element.ts';
import { bytesAt, malformed, type Layout, type Source } from './layout.ts';

const mostColumns = 2 ** 24;

/**
 * .fvecs, .ivecs and .bvecs (Jégou, Douze & Schmid, corpus-texmex.irisa.fr): each row is its length as int32 and then its elements, of float32,
 * int32 and uint8.
 */
async function vecs(source: Source, element: Element): Promise<Layout> {
  const columns = (await bytesAt(source, 0, 4, 'the length of a row')).getInt32(0, true);
  if (columns < 1 || columns > mostColumns)
    throw malformed(
      source,
      0,
      `expected the length of a row, an int32 from 1 to ${mostColumns}, got ${columns}; is it of this format, and little-endian?`,
    );
  const stride = 4 + columns * element.bytes;
  const rows = Math.floor(source.size / stride);
  const rest = source.size - rows * stride;
  if (rest !== 0)
    throw malformed(
      source,
      rows * stride,
      `expected a row of ${stride} bytes (4 for its length, ${columns} ${element.name}), got ${rest} bytes and the end of the file; it is cut off, or its rows have several lengths: copy or write it again`,
    );
  return { rows, columns, element, start: 0, prefix: 4 };
}

export const fvecs = (source: Source): Promise<Layout> => vecs(source, elements.float32);
export const ivecs = (source: Source): Promise<Layout> => vecs(source, elements.int32);
export const bvecs = (source: Source): Promise<Layout> => vecs(source, elements.uint8);
