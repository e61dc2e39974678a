import type { Input } from '../../../../spec/index.ts';
import type { Entry } from '../../../interface/implementation.ts';
import { bytesOf, product } from './product.ts';

type Index = Input<'indexMemory'>;

const digitSum = (n: bigint, base: bigint): bigint =>
  n === 0n ? 0n : (n % base) + digitSum(n / base, base);

/** 2N on the lowest level; ⌊N/M⌋ + ⌊N/M²⌋ + … = (N − the sum of N's digits in base M) / (M − 1) above it (Legendre). */
function linkLists({ vectors, m = 2 }: Index): bigint {
  const [count, base] = [BigInt(vectors), BigInt(m)];
  return 2n * count + (count - digitSum(count, base)) / (base - 1n);
}

/** ⌈log₂ n⌉ of a whole number n ≥ 2. */
const bitsFor = (n: number): number => (BigInt(n) - 1n).toString(2).length;

const bits: Readonly<Record<Index['kind'], (index: Index) => bigint>> = {
  flat: ({ vectors, dimension, bitsPerComponent }) => product(vectors, dimension, bitsPerComponent),
  hnsw: (index) => bits.flat(index) + product(index.m ?? 2, index.linkBits) * linkLists(index),
  ivfFlat: (index) =>
    product(index.vectors + (index.lists ?? 0), index.dimension, index.bitsPerComponent) +
    product(index.vectors, index.idBits),
  ivfPq: ({ vectors, dimension, bitsPerComponent, lists, subvectors, centroids, idBits }) =>
    product(vectors, (subvectors ?? 1) * bitsFor(centroids ?? 2) + idBits) +
    product((lists ?? 0) + (centroids ?? 0), dimension, bitsPerComponent),
  sq8: ({ vectors, dimension, bitsPerComponent }) =>
    product(2, dimension, 4 * vectors + bitsPerComponent),
};

export const indexMemory: Entry<'indexMemory'> = {
  run: (index) => ({ bytes: bytesOf(bits[index.kind](index)) }),
};
