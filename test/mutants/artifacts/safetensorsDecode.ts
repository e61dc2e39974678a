import type { Kernel } from '../../../conformance/interface/implementation.ts';
import { uint8, type HeldTensor } from '../../../spec/artifacts/content.ts';
import { bytesOfElements, elementBits } from '../../../spec/artifacts/elementTypes.ts';
import { sortedContent } from '../../../spec/artifacts/file.ts';
import { parseHeader, type Entry } from '../../../spec/artifacts/header.ts';
import { withOutput, type Mutants } from '../mutant.ts';

type Decoding = Kernel<'safetensorsDecode'>;

/** Where a reader may go wrong. */
interface Reader {
  /** Where the data begin, behind a header of so many bytes. */
  readonly start: (headerBytes: number) => number;
  readonly entries: (entries: readonly Entry[]) => readonly Entry[];
  readonly take: (data: Uint8Array, entry: Entry) => Uint8Array;
}

const sound: Reader = {
  start: (headerBytes) => 8 + headerBytes,
  entries: (entries) => entries,
  take: (data, { begin, end }) => data.slice(begin, end),
};

function reading(changed: Partial<Reader> = {}): Decoding {
  const { start, entries, take } = { ...sound, ...changed };
  return ({ bytes }) => {
    const file = Uint8Array.from(bytes.data);
    const length = Number(new DataView(file.buffer).getBigUint64(0, true));
    const header = parseHeader(file.subarray(8, 8 + length));
    const data = file.subarray(start(length));
    const { tensors, metadata } = sortedContent({
      tensors: entries(header.entries).map((entry) => ({
        name: entry.name,
        dtype: entry.dtype,
        shape: entry.shape,
        bytes: take(data, entry),
      })),
      metadata: header.metadata,
    });
    return { tensors: tensors.map((one) => ({ ...one, bytes: uint8(one.bytes) })), metadata };
  };
}

const honest = reading();

const eachTensor = (change: (tensor: HeldTensor) => HeldTensor): Decoding =>
  withOutput<'safetensorsDecode'>(honest, ({ tensors, metadata }) => ({
    tensors: tensors.map(change),
    metadata,
  }));

/** Shapes laid one after another in the order of the header. */
const laidByShape = (entries: readonly Entry[]): readonly Entry[] => {
  let end = 0;
  return entries.map((entry) => {
    const begin = end;
    end += bytesOfElements(entry.dtype, entry.shape) ?? 0;
    return { ...entry, begin, end };
  });
};

/** The elements of a matrix by columns. */
const transposed = (tensor: HeldTensor): HeldTensor => {
  const [rows = 1, columns = 1] = tensor.shape;
  const width = elementBits[tensor.dtype] / 8;
  if (tensor.shape.length !== 2) return tensor;
  const source = Array.from(tensor.bytes.data);
  const bytes = source.map((_, at) => {
    const element = Math.floor(at / width);
    const from = (element % columns) * rows + Math.floor(element / columns);
    return source[from * width + (at % width)] ?? 0;
  });
  return { ...tensor, bytes: uint8(Uint8Array.from(bytes)) };
};

const bigEndian = (tensor: HeldTensor): HeldTensor => {
  const width = elementBits[tensor.dtype] / 8;
  const source = Array.from(tensor.bytes.data);
  const bytes = source.map((_, at) => source[at - (at % width) + (width - 1 - (at % width))] ?? 0);
  return { ...tensor, bytes: uint8(Uint8Array.from(bytes)) };
};

/** The first of those whose bytes are the same. */
const distinct = (tensors: readonly HeldTensor[]): readonly HeldTensor[] => {
  const seen = new Set<string>();
  return tensors.filter(({ bytes }) => {
    const key = Array.from(bytes.data).join();
    const isNew = key === '' || !seen.has(key);
    seen.add(key);
    return isNew;
  });
};

export const safetensorsDecode: Mutants<'safetensorsDecode'> = {
  honest,
  mutants: [
    {
      id: 'offsets-ignored',
      defect: 'safetensors-01',
      wrong: 'takes as many bytes as the shape says, one tensor after another in the header',
      run: reading({ entries: laidByShape }),
    },
    {
      id: 'offsets-from-the-end',
      defect: 'safetensors-02',
      wrong:
        'slices with negative indices, counted from the end: of the last tensor nothing is left',
      run: reading({
        take: (data, { begin, end }) => data.slice(begin - data.length, end - data.length),
      }),
    },
    {
      id: 'prefix-forgotten',
      defect: 'safetensors-03',
      wrong: 'forgets the 8 bytes before the header',
      run: reading({ start: (headerBytes) => headerBytes }),
    },
    {
      id: 'ties-dropped',
      defect: 'safetensors-07',
      wrong: 'leaves out a tensor whose bytes another has',
      run: withOutput<'safetensorsDecode'>(honest, ({ tensors, metadata }) => ({
        tensors: distinct(tensors),
        metadata,
      })),
    },
    {
      id: 'by-columns',
      defect: 'safetensors-08',
      wrong: 'reads a matrix by columns',
      run: eachTensor(transposed),
    },
    {
      id: 'big-endian',
      defect: 'classic',
      wrong: 'reverses the bytes of every element',
      run: eachTensor(bigEndian),
    },
    {
      id: 'offsets-in-the-file',
      defect: 'classic',
      wrong: 'counts offsets from the beginning of the file',
      run: reading({ start: () => 0 }),
    },
    {
      id: 'rounded-start',
      defect: 'classic',
      wrong: 'begins the data at a multiple of 8, whatever the length of the header',
      run: reading({ start: (headerBytes) => 8 + Math.ceil(headerBytes / 8) * 8 }),
    },
    {
      id: 'end-included',
      defect: 'classic',
      wrong: 'takes the end of the offsets for the last byte',
      run: reading({ take: (data, { begin, end }) => data.slice(begin, end + 1) }),
    },
    {
      id: 'scalar-as-one',
      defect: 'classic',
      wrong: 'gives a tensor without axes an axis of 1',
      run: eachTensor((one) => (one.shape.length === 0 ? { ...one, shape: [1] } : one)),
    },
    {
      id: 'empty-dropped',
      defect: 'classic',
      wrong: 'leaves out tensors without elements',
      run: reading({ entries: (entries) => entries.filter(({ begin, end }) => end > begin) }),
    },
    {
      id: 'header-order',
      defect: 'classic',
      wrong: 'lists tensors by UTF-16 units',
      run: withOutput<'safetensorsDecode'>(honest, ({ tensors, metadata }) => ({
        tensors: tensors.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
        metadata,
      })),
    },
    {
      id: 'names-in-an-object',
      defect: 'classic',
      wrong: 'keeps tensors in an object: __proto__ is lost',
      run: withOutput<'safetensorsDecode'>(honest, ({ tensors, metadata }) => ({
        tensors: tensors.filter(({ name }) => name !== '__proto__'),
        metadata,
      })),
    },
    {
      id: 'metadata-forgotten',
      defect: 'classic',
      wrong: 'leaves out the metadata',
      run: withOutput<'safetensorsDecode'>(honest, ({ tensors }) => ({ tensors, metadata: [] })),
    },
    {
      id: 'names-normalised',
      defect: 'classic',
      wrong: 'brings names into one Unicode form',
      run: eachTensor((one) => ({ ...one, name: one.name.normalize('NFC') })),
    },
  ],
};
