import fc from 'fast-check';
import { component, type Law, type Level } from '../component.ts';
import { rowParts } from '../partsOf.ts';
import { elements, floatTensor } from '../generate.ts';
import {
  differ,
  inapplicable,
  lastBlock,
  mapped,
  metamorphic,
  rearranged,
  reversed,
} from '../laws.ts';
import { fields, floats, integers } from '../schema.ts';
import { rowsOf, type FloatTensor, type IntegerTensor } from '../tensor.ts';
import { notFinite } from '../notFinite.ts';
import {
  areCodebooks,
  areNames,
  codebooksField,
  codebooksProblem,
  codesProblem,
  subvectorsOf,
} from './codebooks.ts';
import { codebook, codesBelow, codesOf, sizesOf } from './quantizerInputs.ts';
import { decodedSizes } from './sizes.ts';

interface Encoded {
  readonly codebooks: FloatTensor;
  readonly codes: IntegerTensor;
}
interface Decoded {
  readonly vectors: FloatTensor;
}

/** Centroids are copied: whatever a format holds may stand in one. */
const anything = fc.oneof(
  { weight: 4, arbitrary: elements('edge') },
  { weight: 1, arbitrary: fc.constantFrom(NaN, Infinity, -Infinity, 2 ** -140, -(2 ** -149)) },
);

const inputs = (level: Level): fc.Arbitrary<Encoded> =>
  sizesOf(level).chain((sizes) =>
    fc.record({
      codebooks: floatTensor(
        [sizes.books, sizes.centroids, sizes.width],
        level === 'edge' ? anything : elements(level),
      ),
      codes: codesBelow(sizes),
    }),
  );

const givesEqualCodesEqualSubvectors: Law<Encoded, Encoded, Decoded> = async (input, run) => {
  const { output } = await run(input);
  const parts = subvectorsOf(output.vectors, input.codebooks.shape[2] ?? 1);
  const codes = rowsOf(input.codes);
  const pairs = codes.flatMap((row, n) =>
    row.map((code, m) => ({ n, m, first: codes.findIndex((other) => other[m] === code) })),
  );
  if (pairs.every(({ n, first }) => n === first)) return inapplicable;
  const wrong = pairs.find(
    ({ n, m, first }) =>
      differ(parts[n]?.[m] ?? [], parts[first]?.[m] ?? [], () => 0) !== undefined,
  );
  return wrong && `subvector ${wrong.m} of vectors ${wrong.first} and ${wrong.n}`;
};

/** The last subvector by itself. */
const lastAlone = ({ codebooks, codes }: Encoded): Encoded => {
  const [books = 1, centroids = 1, width = 1] = codebooks.shape;
  const count = codes.shape[0] ?? 0;
  return {
    codebooks: { ...lastBlock(codebooks, -2), shape: [1, centroids, width] },
    codes: rearranged(codes, [count, 1], (n) => n * books + books - 1),
  };
};

const two = codebook(
  [
    [0, 0.5],
    [1, 3],
    [5, 1],
  ],
  [
    [2, 2.25],
    [-1, 4],
    [3, 3.5],
  ],
);

/** 256 centroids of one component: −100, −97, … */
const ladder = codebook(Array.from({ length: 256 }, (_, k) => [3 * k - 100]));

/**
 * Writes for each code its centroid: [n, m·S + i] = codebooks[m, codes[n, m], i].
 * A copy, bit for bit. Subvectors are runs of neighbouring components, each with a codebook of its own. A code is below K.
 *
 * @example
 * pqDecode({ codebooks: [[[1, 2], [3, 4]], [[5, 6], [7, 8]]], codes: [[1, 0], [0, 1]] }) // → { vectors: [[3, 4, 5, 6], [1, 2, 7, 8]] }
 */
export const pqDecode = component({
  family: 'indexes',
  summary: 'Puts centroids in the place of their codes.',
  formula: String.raw`\hat{x} = (c^{1}_{k_1}, \dots, c^{M}_{k_M})`,
  source:
    'Jégou, Douze & Schmid, Product quantization for nearest neighbor search, IEEE TPAMI 33(1), 2011, §II.B, eq. 8',
  domain:
    'Any centroids, NaN and infinities included, unless they are rejected for these; codes from 0 to K − 1, one byte each. No codes give no vectors.',
  input: fields({
    codebooks: codebooksField,
    codes: integers('[N, M]', 'uint8, the number of a centroid for each subvector', 'uint8'),
  })
    .refine(areCodebooks, codebooksProblem)
    .refine(areNames, codesProblem),
  output: fields({ vectors: floats('[N, D]', 'D = M · S components, bit for bit') }),
  arbitrary: inputs,
  sized: decodedSizes,
  parts: rowParts({
    unit: 'vector',
    cut: { codes: 1 },
    outputs: ({ codebooks }) => ({
      vectors: [(codebooks.shape[0] ?? 0) * (codebooks.shape[2] ?? 0)],
    }),
  }),
  mayReject: ({ codebooks }) => notFinite({ codebooks }),
  invalid: {
    'a code is K': fc.constant({ codebooks: two, codes: codesOf([0, 1], [3, 0]) }),
    'there are codes for another number of subvectors': fc.constant({
      codebooks: two,
      codes: codesOf([0, 1, 2]),
    }),
  },
  boundSource: 'none: a copy',
  laws: {
    'gives equal codes equal subvectors': givesEqualCodesEqualSubvectors,
    'follows a permutation of the vectors': metamorphic((input) => ({
      input: { ...input, codes: reversed(input.codes, -2) },
      output: (source) => reversed(source, -2),
    })),
    'is unchanged when the centroids are numbered anew': metamorphic(({ codebooks, codes }) => ({
      input: {
        codebooks: reversed(codebooks, -2),
        codes: mapped(codes, (code) => (codebooks.shape[1] ?? 0) - 1 - code),
      },
      output: (source) => source,
    })),
    'changes sign with the codebooks': metamorphic((input) => ({
      input: { ...input, codebooks: mapped(input.codebooks, (x) => -x) },
      output: (source) => mapped(source, (x) => -x),
    })),
    'decodes each subvector by itself': metamorphic((input) => {
      const [books = 1, , width = 1] = input.codebooks.shape;
      const count = input.codes.shape[0] ?? 0;
      if (books < 2) return undefined;
      return {
        input: lastAlone(input),
        output: (source) =>
          rearranged(
            source,
            [count, width],
            (i) => (Math.floor(i / width) * books + books - 1) * width + (i % width),
          ),
      };
    }),
  },
  examples: [
    {
      id: 'worked-example',
      why: 'two subvectors of two components, interleaved or of the wrong codebook',
      flags: ['ordinary', 'index-pq-03'],
      input: { codebooks: two, codes: codesOf([1, 2], [2, 0], [0, 1]) },
    },
    {
      id: 'bytes',
      why: 'codes over 127 read as negative, and the last of 256',
      flags: ['signed-byte', 'off-by-one'],
      input: { codebooks: ladder, codes: codesOf([127], [128], [255], [200], [0]) },
    },
    {
      id: 'sixteen',
      why: 'sixteen centroids, whose codes would fit in half a byte each, and are not packed so',
      flags: ['index-pq-03'],
      input: {
        codebooks: codebook(
          Array.from({ length: 16 }, (_, k) => [k * k - 5]),
          Array.from({ length: 16 }, (_, k) => [7 * k + 0.5]),
        ),
        codes: codesOf([15, 3], [2, 14], [9, 9], [1, 7]),
      },
    },
    {
      id: 'square',
      why: 'codes read by columns, where the shape does not tell',
      flags: ['axis'],
      input: { codebooks: two, codes: codesOf([2, 0], [1, 2]) },
    },
    {
      id: 'one-centroid',
      why: 'codebooks of one centroid each: every vector is the same',
      flags: ['one-element'],
      input: {
        codebooks: codebook([[1.5, -2]], [[3, 4]], [[-5, 0.75]]),
        codes: codesOf([0, 0, 0], [0, 0, 0]),
      },
    },
    {
      id: 'all-bits',
      why: 'centroids kept in fewer bits',
      flags: ['low-precision-input'],
      input: {
        codebooks: codebook([[1.0000001], [-0.1]], [[2.7654321], [65519]]),
        codes: codesOf([1, 0], [0, 1]),
      },
    },
    {
      id: 'not-finite',
      why: 'NaN and Infinity of another centroid that reach the result by a product with one-hot rows',
      flags: ['nan', 'infinity', 'numerics-subnormal-01'],
      input: {
        codebooks: codebook(
          [
            [1, 2 ** -140],
            [NaN, Infinity],
          ],
          [
            [-Infinity, NaN],
            [2 ** -149, -3],
          ],
        ),
        codes: codesOf([0, 1], [0, 0], [1, 1]),
      },
    },
  ],
});
