import type { Kernel } from '../../../conformance/interface/implementation.ts';
import { uint8, type HeldTensor, type Parts } from '../../../spec/artifacts/content.ts';
import { byCodePoints } from '../../../spec/codePoints.ts';
import { alignmentOf } from '../../../spec/artifacts/elementTypes.ts';
import { withInput, type Mutants } from '../mutant.ts';

type Encoding = Kernel<'safetensorsEncode'>;

/** Where a writer may go wrong. */
interface Writer {
  readonly order: (a: HeldTensor, b: HeldTensor) => number;
  readonly text: (text: string) => string;
  readonly metadata: (metadata: Parts['metadata']) => Parts['metadata'];
  /** What an offset is, of which so many bytes stand before the data. */
  readonly offset: (offset: number, before: number) => number;
  /** How long a header of so many bytes becomes. */
  readonly filled: (length: number) => number;
  readonly littleEndian: boolean;
}

const byKey = (a: { readonly key: string }, b: { readonly key: string }): number =>
  byCodePoints(a.key, b.key);

const sound: Writer = {
  order: (a, b) => alignmentOf(b.dtype) - alignmentOf(a.dtype) || byCodePoints(a.name, b.name),
  text: (text) => JSON.stringify(text),
  metadata: (metadata) => metadata.toSorted(byKey),
  offset: (offset) => offset,
  filled: (length) => Math.ceil(length / 8) * 8,
  littleEndian: true,
};

function headerOf(writer: Writer, tensors: readonly HeldTensor[], metadata: Parts['metadata']) {
  const { text, offset } = writer;
  let end = 0;
  const members = tensors.map(({ name, dtype, shape, bytes }) => {
    const begin = end;
    end += bytes.data.length;
    return `${text(name)}:{"dtype":"${dtype}","shape":[${shape.join(',')}],"data_offsets":[${offset(begin, 8)},${offset(end, 8)}]}`;
  });
  const remarks = writer.metadata(metadata).map(({ key, value }) => `${text(key)}:${text(value)}`);
  const first = remarks.length === 0 ? [] : [`"__metadata__":{${remarks.join(',')}}`];
  return Buffer.from(`{${[...first, ...members].join(',')}}`);
}

function writing(changed: Partial<Writer> = {}): Encoding {
  const writer = { ...sound, ...changed };
  return ({ tensors, metadata }) => {
    const ordered = tensors.toSorted(writer.order);
    const text = headerOf(writer, ordered, metadata);
    const header = Buffer.alloc(writer.filled(text.length), ' ');
    text.copy(header);
    const length = Buffer.alloc(8);
    if (writer.littleEndian) length.writeBigUInt64LE(BigInt(header.length));
    else length.writeBigUInt64BE(BigInt(header.length));
    const data = ordered.map(({ bytes }) => Buffer.from(Uint8Array.from(bytes.data)));
    return { bytes: uint8(Buffer.concat([length, header, ...data])) };
  };
}

const honest = writing();

/** The elements of a matrix by columns, its shape as it was. */
const transposed = (tensor: HeldTensor): HeldTensor => {
  const [rows = 1, columns = 1] = tensor.shape;
  const source = Array.from(tensor.bytes.data);
  if (tensor.shape.length !== 2 || source.length === 0) return tensor;
  const width = source.length / (rows * columns);
  const bytes = source.map((_, at) => {
    const element = Math.floor(at / width);
    const from = (element % columns) * rows + Math.floor(element / columns);
    return source[from * width + (at % width)] ?? 0;
  });
  return { ...tensor, bytes: uint8(Uint8Array.from(bytes)) };
};

const withTensors = (change: (tensors: Parts['tensors']) => Parts['tensors']): Encoding =>
  withInput<'safetensorsEncode'>(honest, ({ tensors, metadata }) => ({
    tensors: change(tensors),
    metadata,
  }));

/** The first of those whose bytes are the same. */
const distinct = (tensors: Parts['tensors']): Parts['tensors'] =>
  tensors.filter(
    ({ bytes }, i) =>
      tensors.findIndex((other) => other.bytes.data.join() === bytes.data.join()) === i,
  );

export const safetensorsEncode: Mutants<'safetensorsEncode'> = {
  honest,
  mutants: [
    {
      id: 'ties-dropped',
      defect: 'safetensors-07',
      wrong: 'leaves out a tensor whose bytes another has',
      run: withTensors(distinct),
    },
    {
      id: 'storage-order',
      defect: 'safetensors-08',
      wrong: 'writes a matrix by columns, with its shape as it was',
      run: withTensors((tensors) => tensors.map(transposed)),
    },
    {
      id: 'input-order',
      defect: 'classic',
      wrong: 'writes tensors in the order in which they come',
      run: writing({ order: () => 0 }),
    },
    {
      id: 'by-name-alone',
      defect: 'classic',
      wrong: 'sorts by name alone: wide elements stand unaligned behind narrow ones',
      run: writing({ order: (a, b) => byCodePoints(a.name, b.name) }),
    },
    {
      id: 'narrow-first',
      defect: 'classic',
      wrong: 'writes the narrowest alignment first',
      run: writing({ order: (a, b) => -sound.order(a, b) }),
    },
    {
      id: 'by-utf-16',
      defect: 'classic',
      wrong: 'sorts names by UTF-16 units',
      run: writing({
        order: (a, b) => alignmentOf(b.dtype) - alignmentOf(a.dtype) || (a.name < b.name ? -1 : 1),
      }),
    },
    {
      id: 'not-filled',
      defect: 'classic',
      wrong: 'leaves the header as long as it comes',
      run: writing({ filled: (length) => length }),
    },
    {
      id: 'filled-once-more',
      defect: 'classic',
      wrong: 'adds 8 spaces where none are needed',
      run: writing({ filled: (length) => length + 8 - (length % 8) }),
    },
    {
      id: 'offsets-in-the-file',
      defect: 'classic',
      wrong: 'counts the length of the header into the offsets',
      run: writing({ offset: (offset, before) => offset + before }),
    },
    {
      id: 'not-escaped',
      defect: 'classic',
      wrong: 'puts names between quotation marks as they are',
      run: writing({ text: (text) => `"${text}"` }),
    },
    {
      id: 'ascii-escapes',
      defect: 'classic',
      wrong: 'escapes what is not ASCII',
      run: writing({
        text: (text) =>
          JSON.stringify(text).replaceAll(
            /[\u0080-\uffff]/g,
            (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
          ),
      }),
    },
    {
      id: 'metadata-forgotten',
      defect: 'classic',
      wrong: 'leaves out the metadata',
      run: writing({ metadata: () => [] }),
    },
    {
      id: 'big-endian-length',
      defect: 'classic',
      wrong: 'writes the length of the header with its highest byte first',
      run: writing({ littleEndian: false }),
    },
    {
      id: 'scalar-as-one',
      defect: 'classic',
      wrong: 'gives a tensor without axes an axis of 1',
      run: withTensors((tensors) =>
        tensors.map((one) => (one.shape.length === 0 ? { ...one, shape: [1] } : one)),
      ),
    },
  ],
};
