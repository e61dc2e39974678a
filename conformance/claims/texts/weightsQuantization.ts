import { claimsOf, number, word, type Said } from '../claim.ts';
import { all, ask, minus, order, per, plus, ratio, times, whole } from '../expression.ts';
import { shapeOf } from '../inputs.ts';

const text = 'weights-and-vector-stores';
const million = 1e6;
const billion = 1e9;
const bitsPerByte = 8;

const flat = ask('indexMemory', { kind: 'flat', vectors: million, dimension: 768 }, 'bytes');
const compressed = (path: string, subvectors = 8, dimension = 768) =>
  ask('pqCompression', { dimension, subvectors, centroids: 256 }, path);
const ratioOf = (subvectors: number) =>
  ratio(compressed('ratio.numerator', subvectors), compressed('ratio.denominator', subvectors));
const codes = per(times(compressed('compressedBits'), million), bitsPerByte);
const withCodebooks = plus(codes, compressed('codebookBytes'));
const ivfPq = (idBits: number) =>
  ask(
    'indexMemory',
    {
      kind: 'ivfPq',
      vectors: million,
      dimension: 768,
      lists: 1000,
      subvectors: 8,
      centroids: 256,
      idBits,
    },
    'bytes',
  );
const ivfPqOf = (vectors: number) =>
  ask(
    'indexMemory',
    {
      kind: 'ivfPq',
      vectors,
      dimension: 768,
      lists: 10,
      subvectors: 8,
      centroids: 256,
      idBits: 64,
    },
    'bytes',
  );
const idBytes = whole(8);
const manyTimes: Said = { from: '100', to: '400' };

export const weightsQuantization = claimsOf(text, [
  {
    id: 'million-vectors',
    line: 706,
    claim: 'a million vectors of 768 floats of 32 bits take 24.6 GB',
    said: number('24.6'),
    value: [
      { when: 'GB of 10⁹ bytes', value: per(flat, billion) },
      { when: 'GiB of 2³⁰', value: per(flat, 2 ** 30) },
    ],
    because: '24.6 billion is the number of bits; line 742 has the bytes right',
  },
  {
    id: 'chunks',
    line: 715,
    claim: 'eight chunks of 96 components make a vector of 768, and a code of eight numbers',
    said: number('1', '8'),
    value: shapeOf('pqEncode', { codebooks: [8, 256, 96], vectors: [1, 768] }, 'codes'),
  },
  {
    id: 'chunk-bytes',
    line: 726,
    claim: 'a chunk takes 1 byte instead of 96 × 4 = 384',
    said: number('1', '384'),
    value: per(
      all(compressed('compressedBits', 1, 96), compressed('originalBits', 1, 96)),
      bitsPerByte,
    ),
  },
  {
    id: 'original-bits',
    line: 732,
    claim: 'a vector of 768 floats has 24,576 bits',
    said: number('24576'),
    value: compressed('originalBits'),
  },
  {
    id: 'original-bytes',
    line: 732,
    claim: 'that is 3,072 bytes',
    said: number('3072'),
    value: per(compressed('originalBits'), bitsPerByte),
  },
  {
    id: 'code-bits',
    line: 733,
    claim: 'eight codes of 8 bits are 64 bits',
    said: number('64'),
    value: compressed('compressedBits'),
  },
  {
    id: 'code-bytes',
    line: 739,
    claim: 'm · log₂ k = 8 · 8 = 64 bits are 8 bytes a vector',
    said: number('8'),
    value: per(compressed('compressedBits'), bitsPerByte),
  },
  {
    id: 'compression',
    line: 734,
    claim: '24,576 bits over 64 are 384 times smaller',
    said: number('384'),
    value: ratioOf(8),
  },
  {
    id: 'compression-formula',
    line: 737,
    claim: 'the ratio is d / (m · log₂ k): 768 / (8 · 8) = 12',
    said: number('12'),
    value: ratioOf(8),
    because: 'the formula leaves out the 32 bits of a component; line 734 does not',
  },
  {
    id: 'original-memory',
    line: 742,
    claim: 'a million vectors take 3.072 GB',
    said: number('3.072'),
    value: per(flat, billion),
    because: 'GB of 10⁹ bytes, as the factor 768 × 4 implies',
  },
  {
    id: 'compressed-memory',
    line: 743,
    claim: 'a million codes take 8 MB',
    said: number('8'),
    value: [
      { when: 'codes alone', value: per(codes, million) },
      { when: 'with the codebooks that decode them', value: per(withCodebooks, million) },
    ],
  },
  {
    id: 'memory-compression',
    line: 744,
    claim: 'the memory shrinks 384 times',
    said: number('384'),
    value: [
      { when: 'codes alone', value: ratio(flat, codes) },
      { when: 'with the codebooks', value: ratio(flat, withCodebooks) },
    ],
  },
  {
    id: 'many-times',
    line: 746,
    claim: 'product quantization makes memory 100 to 400 times smaller',
    said: manyTimes,
    value: [
      { when: 'm = 8', value: ratioOf(8) },
      { when: 'm = 16', value: ratioOf(16) },
      { when: 'm = 96', value: ratioOf(96) },
    ],
  },
  {
    id: 'hundred-times',
    line: 851,
    claim: 'IVF_PQ takes about 100 times less memory',
    said: number('1e2'),
    value: [
      { when: 'the codes of line 738, m = 8', value: ratioOf(8) },
      { when: 'codes of m = 32', value: ratioOf(32) },
    ],
  },
  {
    id: 'table-ivf-pq-memory',
    line: 771,
    claim: 'IVF with PQ takes 8 MB for a million vectors',
    said: number('8'),
    value: [
      { when: 'ids of 64 bits', value: per(ivfPq(64), million) },
      { when: 'ids of 32 bits', value: per(ivfPq(32), million) },
    ],
    because: 'ids, centroids and codebooks are more than half of it',
  },
  {
    id: 'codebook-space',
    line: 797,
    claim: 'the codebooks take k^m numbers: 256⁸, some 1.8 · 10¹⁹',
    said: number('1.8e19'),
    value: per(compressed('codebookBytes'), 4),
    because: 'k · d numbers: k centroids for each of m parts of d / m components',
  },
  {
    id: 'code-space',
    line: 797,
    claim: 'the codes take n · m numbers: eight bytes a vector',
    said: number('8'),
    because: 'besides its id of eight bytes',
    value: minus(minus(ivfPqOf(1001), ivfPqOf(1000)), idBytes),
  },
  {
    id: 'scalar-memory',
    line: 837,
    claim: 'components of 8 bits take less memory than exact vectors',
    said: word('less'),
    value: order(
      ask('indexMemory', { kind: 'sq8', vectors: million, dimension: 768 }, 'bytes'),
      flat,
    ),
  },
]);
