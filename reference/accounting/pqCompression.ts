import { pqCompression as spec } from '../../spec/accounting/pqCompression.ts';
import { reference } from '../reference.ts';

/** ⌈log₂ n⌉ of a whole n ≥ 2: the digits of n − 1 in base 2. */
const codeLength = (n: number): bigint => BigInt(BigInt(n - 1).toString(2).length);

const greatestCommonDivisor = (a: bigint, b: bigint): bigint =>
  b === 0n ? a : greatestCommonDivisor(b, a % b);

export const pqCompression = reference(
  spec,
  (_arithmetic, { dimension, bitsPerComponent, subvectors, centroids }) => {
    const original = BigInt(dimension) * BigInt(bitsPerComponent);
    const compressed = BigInt(subvectors) * codeLength(centroids);
    const divisor = greatestCommonDivisor(original, compressed);
    return {
      originalBits: Number(original),
      compressedBits: Number(compressed),
      ratio: { numerator: Number(original / divisor), denominator: Number(compressed / divisor) },
      codebookBytes: Number(BigInt(centroids) * original) / 8,
    };
  },
);
