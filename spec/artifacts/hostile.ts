import fc, { type Arbitrary } from 'fast-check';
import { tensor, type IntegerTensor } from '../tensor.ts';
import { joined } from './file.ts';

export interface Bytes {
  readonly bytes: IntegerTensor;
}

export const asInput = (bytes: Uint8Array): Bytes => ({
  bytes: tensor('uint8', [bytes.length], bytes),
});

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A file of any header, with so many bytes of data. */
export const fileOf = (header: string, data: number): Uint8Array =>
  joined(utf8(header), [Uint8Array.from({ length: data }, (_, i) => (i * 37 + 1) % 256)]);

/** The same with another length of the header before it. */
function withLength(file: Uint8Array, length: bigint): Uint8Array {
  const changed = file.slice();
  new DataView(changed.buffer).setBigUint64(0, length, true);
  return changed;
}

/** What a header says of a tensor, each part as it is written. */
const entry = (dtype: string, shape: string, offsets: string): string =>
  `{"dtype":"${dtype}","shape":${shape},"data_offsets":${offsets}}`;
const sound = entry('F32', '[2]', '[0,8]');
const soundFile = fileOf(`{"a":${sound}}`, 8);

/** Two tensors of 8 bytes with any offsets, in 16 bytes of data. */
const pair = (first: string, second: string): Uint8Array =>
  fileOf(`{"a":${entry('F32', '[2]', first)},"b":${entry('I64', '[1]', second)}}`, 16);

const files = (...all: readonly Uint8Array[]): Arbitrary<Bytes> =>
  fc.constantFrom(...all.map(asInput));
const headers = (data: number, ...all: readonly string[]): Arbitrary<Bytes> =>
  files(...all.map((header) => fileOf(header, data)));

const headerAlone = fileOf('{}      ', 0);

/** A length that goes beyond the end by so many bytes. */
const behindTheEnd = (file: Uint8Array, more: number): Uint8Array =>
  withLength(file, BigInt(file.length - 8 + more));

/** Lengths of the header. */
const lengths: Readonly<Record<string, Arbitrary<unknown>>> = {
  'no room for the length of a header': fc
    .integer({ min: 0, max: 7 })
    .map((size) => asInput(soundFile.slice(0, size))),
  'a header of 0 bytes': files(withLength(soundFile, 0n)),
  'a header that is longer than the file by less than its length takes': fc
    .tuple(fc.constantFrom(headerAlone, soundFile), fc.integer({ min: 1, max: 8 }))
    .map(([file, more]) => asInput(behindTheEnd(file, more))),
  'a header of more than 100 MB': fc
    .constantFrom(100_000_001n, 2n ** 32n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n)
    .map((length) => asInput(withLength(soundFile, length))),
};

/** What is no JSON, or JSON of another form. */
const texts: Readonly<Record<string, Arbitrary<unknown>>> = {
  'a header that is not UTF-8': fc
    .constantFrom([0xff], [0xc3], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80])
    .map((wrong) => asInput(joined(Uint8Array.from([0x7b, 0x22, ...wrong, 0x22, 0x3a, 0x7d]), []))),
  'a header that is no JSON': headers(
    8,
    '{',
    '{"a"',
    `{"a":${sound}`,
    `{"a":${sound},}`,
    "{'a':1}",
  ),
  'a header that is no object': headers(0, '[]', '""', '1', 'null'),
  'something behind the header': headers(8, `{"a":${sound}}{}`, `{"a":${sound}}]`),
  'a header that nests without end': headers(0, `{"a":${'['.repeat(3000)}`, '{"a":'.repeat(3000)),
  'a tensor that is there twice': headers(
    8,
    `{"a":${sound},"a":${sound}}`,
    `{"a":${sound},"\\u0061":${sound}}`,
  ),
  'metadata that are no texts': headers(
    8,
    `{"__metadata__":{"a":1},"a":${sound}}`,
    `{"__metadata__":{"a":{"b":"c"}},"a":${sound}}`,
    `{"__metadata__":["a"],"a":${sound}}`,
  ),
  'a name that is half of a surrogate pair': headers(8, `{"\\ud800":${sound}}`),
  'a part of a tensor that is missing': headers(
    8,
    '{"a":{"shape":[2],"data_offsets":[0,8]}}',
    '{"a":{"dtype":"F32","data_offsets":[0,8]}}',
    '{"a":{"dtype":"F32","shape":[2]}}',
  ),
  'a dtype that there is not': headers(
    8,
    ...['f32', 'F33', 'float32', ''].map((dtype) => `{"a":${entry(dtype, '[2]', '[0,8]')}}`),
  ),
};

const shaped = (...shapes: readonly string[]): Arbitrary<Bytes> =>
  headers(8, ...shapes.map((shape) => `{"a":${entry('F32', shape, '[0,8]')}}`));

/** Shapes and offsets that are wrong. */
const layouts: Readonly<Record<string, Arbitrary<unknown>>> = {
  'a negative length': shaped('[-2]', '[-1,-2]', '[2,-0]'),
  'a length that is no integer': shaped('[2.0]', '[2e0]', '["2"]', '[null]', '2'),
  'lengths whose product wraps around to what is there': headers(
    0,
    ...['[4611686018427387904]', '[4294967296,4294967296]', '[65536,65536,65536,65536]'].map(
      (shape) => `{"a":${entry('F32', shape, '[0,0]')}}`,
    ),
  ),
  'a shape that needs more bytes than its offsets have': headers(
    8,
    `{"a":${entry('F32', '[1000,1000]', '[0,8]')}}`,
    `{"a":${entry('F64', '[2]', '[0,8]')}}`,
    `{"a":${entry('F32', '[3]', '[0,8]')}}`,
  ),
  'a shape that needs fewer bytes than its offsets have': headers(
    8,
    `{"a":${entry('F32', '[1]', '[0,8]')}}`,
    `{"a":${entry('F16', '[2]', '[0,8]')}}`,
    `{"a":${entry('F32', '[0]', '[0,8]')}}`,
    `{"a":${entry('F32', '[]', '[0,8]')}}`,
  ),
  'offsets that end before they begin': files(pair('[8,0]', '[8,16]'), pair('[0,8]', '[16,8]')),
  'a negative offset': files(pair('[-8,0]', '[0,16]'), pair('[0,8]', '[-8,0]')),
  'offsets that overlap': files(pair('[0,8]', '[4,12]'), pair('[0,8]', '[0,8]')),
  'a hole between tensors': files(
    fileOf(`{"a":${entry('F32', '[1]', '[0,4]')},"b":${entry('F64', '[1]', '[8,16]')}}`, 16),
    fileOf(`{"a":${entry('F64', '[1]', '[8,16]')}}`, 16),
  ),
  'offsets behind the end of the file': files(
    fileOf(`{"a":${sound}}`, 7),
    fileOf(`{"a":${entry('F32', '[2]', '[8,16]')}}`, 8),
    fileOf(`{"a":${entry('U8', '[9007199254740991]', '[0,9007199254740991]')}}`, 8),
  ),
  'data that belong to no tensor': fc
    .integer({ min: 1, max: 9 })
    .map((more) => asInput(fileOf(`{"a":${sound}}`, 8 + more))),
  'a file that is cut off': fc
    .integer({ min: 1, max: soundFile.length - 1 })
    .map((size) => asInput(soundFile.slice(0, size))),
};

/** Files that must be refused, by what is wrong with them. */
export const hostileFiles: Readonly<Record<string, Arbitrary<unknown>>> = {
  ...lengths,
  ...texts,
  ...layouts,
};
