import type { Input, Output } from '../../../spec/index.ts';
import { withInput, withOutput, type Mutants } from '../mutant.ts';

type Compression = Mutants<'pqCompression'>['honest'];
const divisorOf = (a: number, b: number): number => (b === 0 ? a : divisorOf(b, a % b));

/** The account with another code length. */
const coded =
  (bits: (centroids: number) => number): Compression =>
  ({ dimension, bitsPerComponent, subvectors, centroids }) => {
    const originalBits = dimension * bitsPerComponent;
    const compressedBits = subvectors * bits(centroids);
    const divisor = divisorOf(originalBits, compressedBits);
    return {
      originalBits,
      compressedBits,
      ratio: { numerator: originalBits / divisor, denominator: compressedBits / divisor },
      codebookBytes: (centroids * originalBits) / 8,
    };
  };
const honest = coded((centroids) => (centroids - 1).toString(2).length);
const changed = (
  change: (
    output: Output<'pqCompression'>,
    input: Input<'pqCompression'>,
  ) => Partial<Output<'pqCompression'>>,
): Compression => withOutput(honest, (output, input) => ({ ...output, ...change(output, input) }));
const reduced = (numerator: number, denominator: number) => {
  const divisor = divisorOf(numerator, denominator);
  return { numerator: numerator / divisor, denominator: denominator / divisor };
};

export const pqCompression: Mutants<'pqCompression'> = {
  honest,
  mutants: [
    {
      id: 'ratio-of-the-notes',
      defect: 'classic',
      wrong: 'd / (m log₂ k), as in the notes: without the bits of a component',
      run: changed(({ compressedBits }, { dimension }) => ({
        ratio: reduced(dimension, compressedBits),
      })),
    },
    {
      id: 'log-rounded-down',
      defect: 'classic',
      wrong: '⌊log₂ k⌋',
      run: coded((k) => Math.floor(Math.log2(k))),
    },
    {
      id: 'one-bit-more',
      defect: 'classic',
      wrong: 'the digits of k in base 2: one more where k is a power of two',
      run: coded((k) => k.toString(2).length),
    },
    {
      id: 'logarithm-in-double',
      defect: 'classic',
      wrong: '⌈ln k / ln 2⌉ in double',
      run: coded((k) => Math.ceil(Math.log(k) / Math.LN2)),
    },
    {
      id: 'bytes-for-codes',
      defect: 'classic',
      wrong: 'fills every code up to whole bytes',
      run: coded((k) => 8 * Math.ceil((k - 1).toString(2).length / 8)),
    },
    {
      id: 'not-in-lowest-terms',
      defect: 'classic',
      wrong: 'does not reduce the ratio',
      run: changed(({ originalBits, compressedBits }) => ({
        ratio: { numerator: originalBits, denominator: compressedBits },
      })),
    },
    {
      id: 'upside-down',
      defect: 'classic',
      wrong: 'the ratio the other way round',
      run: changed(({ ratio }) => ({
        ratio: { numerator: ratio.denominator, denominator: ratio.numerator },
      })),
    },
    {
      id: 'codebook-for-each-subvector',
      defect: 'classic',
      wrong: 'centroids of the whole width for each subvector',
      run: changed(({ codebookBytes }, { subvectors }) => ({
        codebookBytes: codebookBytes * subvectors,
      })),
    },
    {
      id: 'one-codebook',
      defect: 'classic',
      wrong: 'one codebook for all subvectors',
      run: changed(({ codebookBytes }, { subvectors }) => ({
        codebookBytes: codebookBytes / subvectors,
      })),
    },
    {
      id: 'always-float32',
      defect: 'classic',
      wrong: 'takes 32 bits a component, whatever is said',
      run: withInput(honest, (input) => ({ ...input, bitsPerComponent: 32 })),
    },
  ],
};
