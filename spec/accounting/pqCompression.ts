import fc from 'fast-check';
import { component } from '../component.ts';
import { maybe } from '../generate.ts';
import { fields, positiveInteger, real } from '../schema.ts';
import { exactly } from './laws.ts';
import { byteCount, count, notHeld, productIsHeld } from './whole.ts';
import { quantized } from './worked.ts';
import { compressionSizes } from './sizes.ts';

const centroidCounts = [2, 3, 4, 5, 8, 9, 15, 16, 17, 255, 256, 257, 512, 1024, 65536, 2 ** 29];

/**
 * ratio = D · b / (M · ⌈log₂ K⌉): the bits of a vector over those of its code. 32 bits a component are easily forgotten: D / (M log₂ K) is
 * 12 where the ratio is 384. A code has a whole number of bits, also where K is no power of two.
 *
 * @example
 * pqCompression({ dimension: 768, subvectors: 8, centroids: 256 }) // → { originalBits: 24576, compressedBits: 64, ratio: { numerator: 384, denominator: 1 }, codebookBytes: 786432 }
 */
export const pqCompression = component({
  family: 'accounting',
  summary: 'How much smaller product quantization makes a vector.',
  formula: String.raw`\text{ratio} = \frac{D\,b}{M \lceil \log_2 K \rceil},\quad \text{codebookBytes} = \tfrac18 K D b`,
  source:
    'Jégou, Douze, Schmid, Product Quantization for Nearest Neighbor Search, 2011, §II.B (code length) and table I (codebooks)',
  domain:
    'Whole numbers; the subvectors divide the dimension, or the input is rejected, as it is where a double does not hold an answer exactly.',
  input: fields({
    dimension: positiveInteger('components of a vector', 2 ** 40),
    bitsPerComponent: positiveInteger('bits that a component takes').default(32),
    subvectors: positiveInteger('parts that a vector is cut into'),
    centroids: real(
      'an integer ≥ 2',
      (value) => Number.isSafeInteger(value) && value >= 2,
      'that each part may become',
    ),
  })
    .refine(({ dimension, subvectors }) => dimension % subvectors === 0, {
      path: ['subvectors'],
      message: 'expected a divisor of the dimension',
    })
    .refine(
      ({ dimension, bitsPerComponent, centroids }) =>
        productIsHeld(centroids, dimension, bitsPerComponent),
      notHeld,
    ),
  output: fields({
    originalBits: count('bits of a vector'),
    compressedBits: count('bits of its code'),
    ratio: fields({
      numerator: count('of the first over the second'),
      denominator: count('in lowest terms'),
    }),
    codebookBytes: byteCount('bytes of all centroids'),
  }),
  arbitrary: (level) =>
    fc
      .tuple(
        fc.integer({ min: 1, max: level === 'core' ? 16 : 96 }),
        level === 'edge' ? fc.constantFrom(1, 1, 2, 3) : fc.integer({ min: 1, max: 64 }),
      )
      .chain(([subvectors, width]) =>
        fc.record({
          dimension: fc.constant(subvectors * width),
          bitsPerComponent: maybe(
            fc.constantFrom(8, 16, 32, 64, ...(level === 'edge' ? [1, 3, 7] : [])),
          ),
          subvectors: fc.constant(subvectors),
          centroids:
            level === 'core'
              ? fc.constantFrom(2, 4, 16, 256, 1024)
              : fc.oneof(fc.constantFrom(...centroidCounts), fc.integer({ min: 2, max: 5000 })),
        }),
      ),
  sized: compressionSizes,
  invalid: {
    'the subvectors do not divide the dimension': fc.constant({
      dimension: 10,
      subvectors: 4,
      centroids: 16,
    }),
    'a single centroid': fc.constant({ dimension: 8, subvectors: 4, centroids: 1 }),
    'no subvectors': fc.constant({ dimension: 8, subvectors: 0, centroids: 16 }),
  },
  boundSource: 'exact',
  laws: {
    'codes twice as many bits with twice as many subvectors': exactly((input) =>
      input.dimension % (2 * input.subvectors) === 0
        ? {
            input: { ...input, subvectors: 2 * input.subvectors },
            output: (before) => ({
              ...before,
              compressedBits: 2 * before.compressedBits,
              ratio: lowest(before.originalBits, 2 * before.compressedBits),
            }),
          }
        : undefined,
    ),
    'keeps its ratio where dimension and subvectors double': exactly((input) => ({
      input: { ...input, dimension: 2 * input.dimension, subvectors: 2 * input.subvectors },
      output: ({ originalBits, compressedBits, ratio, codebookBytes }) => ({
        originalBits: 2 * originalBits,
        compressedBits: 2 * compressedBits,
        ratio,
        codebookBytes: 2 * codebookBytes,
      }),
    })),
    'adds one bit a subvector where the centroids double': exactly((input) => ({
      input: { ...input, centroids: 2 * input.centroids },
      output: (before) => {
        const compressedBits = before.compressedBits + input.subvectors;
        return {
          ...before,
          compressedBits,
          ratio: lowest(before.originalBits, compressedBits),
          codebookBytes: 2 * before.codebookBytes,
        };
      },
    })),
  },
  worked: [quantized],
  examples: [
    {
      id: 'notes',
      why: '768 dimensions in 8 codes of 8 bits, as in the notes: 384 times smaller',
      flags: ['ordinary'],
      input: { dimension: 768, subvectors: 8, centroids: 256 },
    },
    {
      id: 'half-precision',
      why: 'the notes’ formula d/(m log₂ k) leaves out the bits of a component',
      flags: ['bits-per-component'],
      input: { dimension: 768, bitsPerComponent: 16, subvectors: 96, centroids: 256 },
    },
    {
      id: 'not-a-power-of-two',
      why: '257 centroids need 9 bits',
      flags: ['whole-bits'],
      input: { dimension: 128, subvectors: 16, centroids: 257 },
    },
    {
      id: 'between',
      why: '100 centroids need 7 bits, not 6 and not 6.64',
      flags: ['whole-bits'],
      input: { dimension: 96, subvectors: 12, centroids: 100 },
    },
    {
      id: 'one-bit',
      why: 'two centroids: codes of one bit',
      flags: ['smallest'],
      input: { dimension: 6, bitsPerComponent: 8, subvectors: 6, centroids: 2 },
    },
    {
      id: 'logarithm',
      why: 'ln(2^29)/ln 2 is a little more than 29 in double',
      flags: ['logarithm'],
      input: { dimension: 4, subvectors: 2, centroids: 2 ** 29 },
    },
    {
      id: 'lowest-terms',
      why: '60 over 24 is 5 over 2',
      flags: ['lowest-terms'],
      input: { dimension: 20, bitsPerComponent: 3, subvectors: 4, centroids: 50 },
    },
  ],
});

/** numerator / denominator in lowest terms. */
function lowest(
  numerator: number,
  denominator: number,
): { numerator: number; denominator: number } {
  let [a, b] = [numerator, denominator];
  while (b > 0) [a, b] = [b, a % b];
  return { numerator: numerator / a, denominator: denominator / a };
}
