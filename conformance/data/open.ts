import { isSound } from './element.ts';
import { bytesAt, malformed, type Layout, type Source } from './layout.ts';
import { MalformedFile } from './malformedFile.ts';
import { npy } from './npy.ts';
import { safetensors } from './safetensors.ts';
import { withSource } from './source.ts';
import { bvecs, fvecs, ivecs } from './vecs.ts';

/** Rows one after another, in memory that threads share. */
export interface Matrix<D extends Float32Array | Float64Array = Float32Array | Float64Array> {
  readonly rows: number;
  readonly columns: number;
  readonly data: D;
}

/** A matrix of which the header is read and the size is checked. */
export interface OpenMatrix {
  readonly path: string;
  readonly rows: number;
  readonly columns: number;
  readonly isFloat: boolean;
  /** How messages say where an element stands: 'base.fvecs, byte 12 (row 0, column 2)'. */
  readonly place: (row: number, column: number) => string;
  /**
   * Reads it: float32 where that holds every number, float64 otherwise.
   *
   * @throws MalformedFile at a number that is not finite
   */
  readonly read: (progress?: (done: number) => void) => Promise<Matrix>;
}

const formats: Readonly<Record<string, (source: Source) => Promise<Layout>>> = {
  fvecs,
  ivecs,
  bvecs,
  npy,
  safetensors,
};
const chunkBytes = 2 ** 23;

/** A path, and the tensor behind # where there is one. */
function parsed(text: string): { readonly path: string; readonly tensor: string | undefined } {
  const at = text.lastIndexOf('.safetensors#');
  if (at < 0) return { path: text, tensor: undefined };
  const end = at + '.safetensors'.length;
  return { path: text.slice(0, end), tensor: text.slice(end + 1) };
}

/**
 * A matrix in a file, by the ending of its name: .fvecs, .ivecs, .bvecs, .npy, or .safetensors, of which a tensor may be named behind #. Nothing is
 * allocated before the file was found to hold what its header claims.
 *
 * @throws MalformedFile
 */
export async function openMatrix(text: string): Promise<OpenMatrix> {
  const { path, tensor } = parsed(text);
  const ending = /\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase() ?? '';
  const format = Object.hasOwn(formats, ending) ? formats[ending] : undefined;
  if (format === undefined)
    throw new MalformedFile(
      `${path}: expected a file whose name ends in .${Object.keys(formats).join(', .')}, got ${ending === '' ? 'none of them' : `.${ending}`}`,
    );
  const layout = await withSource(path, tensor, format);
  return {
    path,
    rows: layout.rows,
    columns: layout.columns,
    isFloat: layout.element.isFloat,
    place: (row, column) =>
      `${path}, byte ${byteOf(layout, row, column)} (row ${row}, column ${column})`,
    read: (progress = () => {}) =>
      withSource(path, tensor, (source) => readRows(source, layout, progress)),
  };
}

const strideOf = ({ prefix, columns, element }: Layout): number => prefix + columns * element.bytes;
const byteOf = (layout: Layout, row: number, column: number): number =>
  layout.start + row * strideOf(layout) + layout.prefix + column * layout.element.bytes;

function allocated(path: string, { rows, columns, element }: Layout) {
  const bytes = rows * columns * (element.fitsFloat32 ? 4 : 8);
  try {
    const memory = new SharedArrayBuffer(bytes);
    return element.fitsFloat32 ? new Float32Array(memory) : new Float64Array(memory);
  } catch {
    throw new MalformedFile(
      `${path}: expected ${bytes} bytes of memory, got less; search a part of it`,
    );
  }
}

async function readRows(
  source: Source,
  layout: Layout,
  progress: (done: number) => void,
): Promise<Matrix> {
  const { rows, columns, start } = layout;
  const data = allocated(source.path, layout);
  const stride = strideOf(layout);
  const atOnce = Math.max(1, Math.floor(chunkBytes / stride));
  for (let row = 0; row < rows; row += atOnce) {
    const some = Math.min(atOnce, rows - row);
    const view = await bytesAt(source, start + row * stride, some * stride, 'rows');
    decode(source, layout, view, data, row, some);
    progress((row + some) / rows);
  }
  return { rows, columns, data };
}

function decode(
  source: Source,
  layout: Layout,
  view: DataView,
  data: Float32Array | Float64Array,
  first: number,
  count: number,
): void {
  const { columns, element, prefix } = layout;
  const stride = strideOf(layout);
  for (let i = 0; i < count; i += 1) {
    const row = first + i;
    const length = prefix === 0 ? columns : view.getInt32(i * stride, true);
    if (length !== columns)
      throw malformed(
        source,
        layout.start + row * stride,
        `expected ${columns} numbers in row ${row}, as in row 0, got ${length}; rows of one length are searched: write it again`,
      );
    for (let column = 0; column < columns; column += 1) {
      const value = element.read(view, i * stride + prefix + column * element.bytes);
      if (!isSound(element, value)) throw unsound(source, layout, row, column, value);
      data[row * columns + column] = value;
    }
  }
}

function unsound(source: Source, layout: Layout, row: number, column: number, value: number) {
  const [expected, remedy] = layout.element.isFloat
    ? ['a finite number', 'nothing is near or far from it: repair or leave out that vector']
    : ['an integer within 2^53', 'beyond that doubles leave some out'];
  return malformed(
    source,
    byteOf(layout, row, column),
    `expected ${expected} in row ${row}, column ${column}, got ${value}; ${remedy}`,
  );
}
