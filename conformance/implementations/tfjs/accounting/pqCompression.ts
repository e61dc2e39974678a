import type { Entry } from '../../../interface/implementation.ts';
import { bytesOf, product } from './product.ts';

const commonDivisor = (a: bigint, b: bigint): bigint => (b === 0n ? a : commonDivisor(b, a % b));

/** ⌈log₂ n⌉ of a whole number n ≥ 2: the digits of n − 1. Math.log2 is not exact. */
const bitsFor = (n: number): number => (BigInt(n) - 1n).toString(2).length;

export const pqCompression: Entry<'pqCompression'> = {
  run: ({ dimension, bitsPerComponent, subvectors, centroids }) => {
    const original = product(dimension, bitsPerComponent);
    const compressed = product(subvectors, bitsFor(centroids));
    const divisor = commonDivisor(original, compressed);
    return {
      originalBits: Number(original),
      compressedBits: Number(compressed),
      ratio: { numerator: Number(original / divisor), denominator: Number(compressed / divisor) },
      codebookBytes: bytesOf(product(centroids) * original),
    };
  },
};
