import { told } from '../../spec/arithmetic.ts';
import { pqCompression as spec } from '../../spec/accounting/pqCompression.ts';
import { reference } from '../reference.ts';

/** ⌈log₂ n⌉ of a whole n ≥ 2: the digits of n − 1 in base 2. */
const codeLength = (n: number): bigint => BigInt(BigInt(n - 1).toString(2).length);

const greatestCommonDivisor = (a: bigint, b: bigint): bigint =>
  b === 0n ? a : greatestCommonDivisor(b, a % b);

export const pqCompression = reference(
  spec,
  (arithmetic, { dimension, bitsPerComponent, subvectors, centroids }) => {
    const original = BigInt(dimension) * BigInt(bitsPerComponent);
    const compressed = BigInt(subvectors) * codeLength(centroids);
    told(arithmetic, 'D b, the bits of a vector', () => Number(original));
    told(arithmetic, 'D / M, the components of a chunk', () => dimension / subvectors);
    told(arithmetic, '⌈log₂ K⌉, the bits of a code', () => Number(codeLength(centroids)));
    told(arithmetic, 'M ⌈log₂ K⌉, the bits of all codes', () => Number(compressed));
    told(arithmetic, 'D b / (M ⌈log₂ K⌉)', () =>
      arithmetic.divide(arithmetic.from(Number(original)), arithmetic.from(Number(compressed))),
    );
    const divisor = greatestCommonDivisor(original, compressed);
    return {
      originalBits: Number(original),
      compressedBits: Number(compressed),
      ratio: { numerator: Number(original / divisor), denominator: Number(compressed / divisor) },
      codebookBytes: Number(BigInt(centroids) * original) / 8,
    };
  },
);
