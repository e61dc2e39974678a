import fc from 'fast-check';
import type { Arithmetic } from '../arithmetic.ts';
import { nearestRefusal } from '../bounds/assignment.ts';
import { component, type Level, type Question } from '../component.ts';
import { rowParts } from '../partsOf.ts';
import { fields, floats, integers } from '../schema.ts';
import { rowsOf, tensor } from '../tensor.ts';
import {
  areCodebooks,
  areFinite,
  centroidsOf,
  codebooksField,
  codebooksProblem,
  makeUp,
  subvectorsOf,
} from './codebooks.ts';
import { encodingLaws, type Codes, type Encoding } from './encodingLaws.ts';
import { alike, codebook, matrix, sizesOf } from './quantizerInputs.ts';
import { chunked } from './worked.ts';
import { encodedSizes } from './sizes.ts';

const inputs = (level: Level): fc.Arbitrary<Encoding> =>
  sizesOf(level).chain(({ books, centroids, width, count }) =>
    alike(level, [
      [books, centroids, width],
      [count, books * width],
    ]).map(([codebooks = codebook(), vectors = matrix()]) => ({ codebooks, vectors })),
  );

/** Why some code is none that a sound encoder can have found, or nothing. */
function refusal<N>(
  a: Arithmetic<N>,
  { input, rounding, output }: Question<Encoding> & { readonly output: Codes },
): string | undefined {
  const books = centroidsOf(input.codebooks);
  const codes = rowsOf(output.codes);
  for (const [n, parts] of subvectorsOf(input.vectors, input.codebooks.shape[2] ?? 1).entries())
    for (const [m, part] of parts.entries()) {
      const problem = nearestRefusal(a, rounding, part, books[m] ?? [], codes[n]?.[m] ?? -1);
      if (problem !== undefined) return `vector ${n}, subvector ${m}: ${problem}`;
    }
  return undefined;
}

const two = codebook(
  [
    [0, 0],
    [1, 3],
    [5, 1],
  ],
  [
    [2, 2],
    [-1, 4],
    [3, 3.5],
  ],
);

const vectors = matrix([1, 2, 3, 4], [4, 0, 0, 3]);

/**
 * The number of the nearest centroid for every subvector: argmin_k ‖x_m − codebooks[m, k]‖².
 * Subvectors are runs of D / M neighbouring components, each with a codebook of its own; a code is one byte, up to 255, whatever K. Equal
 * distances, and those that rounding cannot tell apart, may be decided either way.
 *
 * @example
 * pqEncode({ codebooks: [[[1, 2], [3, 4]], [[5, 6], [7, 8]]], vectors: [[3, 3, 5, 5], [0, 0, 9, 9]] }) // → { codes: [[1, 0], [0, 1]] }
 */
export const pqEncode = component({
  family: 'indexes',
  summary: 'Names for each part of a vector the nearest centroid.',
  formula: String.raw`k_m = \arg\min_k \lVert x_m - c^{m}_k \rVert^2`,
  source:
    'Jégou, Douze & Schmid, Product quantization for nearest neighbor search, IEEE TPAMI 33(1), 2011, §II.B, eq. 8; nearest centroid: §II.A, eq. 2',
  domain:
    'Finite numbers; D = M · S, from 1 to 256 centroids in each codebook. No vectors give no codes. Where a square may leave the range of the format, nothing is said about that subvector.',
  input: fields({
    codebooks: codebooksField,
    vectors: floats('[N, D]', 'what is encoded, of D = M · S components'),
  })
    .refine(areCodebooks, codebooksProblem)
    .refine((input) => makeUp(input.codebooks, input.vectors), {
      path: ['vectors'],
      error: 'expected vectors of M · S components, as many as the codebooks make up',
    })
    .refine((input) => areFinite(input.codebooks) && areFinite(input.vectors), {
      path: ['vectors'],
      error: 'expected finite numbers',
    }),
  output: fields({
    codes: integers('[N, M]', 'uint8, the number of a centroid for each subvector', 'uint8'),
  }),
  arbitrary: inputs,
  sized: encodedSizes,
  parts: rowParts({
    unit: 'vector',
    cut: { vectors: 1 },
    outputs: ({ codebooks }) => ({ codes: codebooks.shape.slice(0, 1) }),
    work: ({ codebooks }) => codebooks.data.length,
  }),
  invalid: {
    'the width is no multiple of the number of subvectors': fc.constant({
      codebooks: two,
      vectors: tensor('float32', [1, 5], [1, 2, 3, 4, 5]),
    }),
    'the codebooks are for narrower vectors': fc.constant({
      codebooks: two,
      vectors: tensor('float32', [1, 6], [1, 2, 3, 4, 5, 6]),
    }),
    'there are more centroids than a byte has numbers': fc.constant({
      codebooks: codebook(Array.from({ length: 257 }, (_, k) => [k])),
      vectors: matrix([3]),
    }),
    'a component is NaN': fc.constant({ codebooks: two, vectors: matrix([1, NaN, 3, 4]) }),
    'a component is infinite': fc.constant({
      codebooks: two,
      vectors: matrix([1, 2, Infinity, 4]),
    }),
  },
  boundSource:
    'none for codes; one is refused where the enclosures of two squared distances, widened by spec/bounds/distance.ts, do not meet (spec/bounds/assignment.ts)',
  admits: refusal,
  laws: encodingLaws,
  worked: [chunked],
  examples: [
    {
      id: 'worked-example',
      why: 'the farthest, the wrong codebook, or components that are dealt out in turn',
      flags: ['ordinary', 'index-pq-03'],
      input: { codebooks: two, vectors },
    },
    {
      id: 'own-codebooks',
      why: 'the same centroids in another order: the codebook of the first subvector for all',
      flags: ['codebook'],
      input: {
        codebooks: codebook([[0], [10], [20]], [[20], [0], [10]], [[10], [20], [0]]),
        vectors: matrix([11, 9, 10], [20, 12, 1], [1, 2, 22]),
      },
    },
    {
      id: 'bytes',
      why: 'codes over 127 that wrap around, and the last of 256',
      flags: ['signed-byte', 'off-by-one'],
      input: {
        codebooks: codebook(Array.from({ length: 256 }, (_, k) => [3 * k - 100])),
        vectors: matrix([3 * 128 - 99], [3 * 255 - 101], [3 * 200 - 100], [900], [281]),
      },
    },
    {
      id: 'unequal-norms',
      why: 'centroids of lengths other than 1, whose squares are not taken or left out',
      flags: ['index-ivf-flat-05', 'norm'],
      input: {
        codebooks: codebook(
          [
            [3, 0],
            [0.5, 0],
          ],
          [
            [-6, 2],
            [1, 1],
          ],
        ),
        vectors: matrix([1.6, 0.1, -1.5, 1], [2.5, -0.25, -3, 1]),
      },
    },
    {
      id: 'translated',
      why: 'squares of 10000 drown distances of 1 to 5',
      flags: ['index-brute-force-02'],
      input: {
        codebooks: codebook(
          [
            [10000, 10004],
            [10001, 10000],
          ],
          [
            [9997, 10000],
            [10002, 10003],
          ],
        ),
        vectors: matrix([10000, 10001, 10001, 10002], [10002, 10000, 9999, 10001]),
      },
    },
    {
      id: 'squares-not-sums',
      why: 'a distance of 3 in one component is more than 2 in both',
      flags: ['metric'],
      input: {
        codebooks: codebook(
          [
            [3, 0],
            [2, 2],
            [0, 5],
          ],
          [
            [1.5, 1.5],
            [-2.5, 0],
            [9, 1],
          ],
        ),
        vectors: matrix([0, 0, 0, 0], [1, 0, -0.25, 0]),
      },
    },
    {
      id: 'nineteen-bit-inputs',
      why: 'inputs cut to 11 or 8 bits',
      flags: ['low-precision-input'],
      input: {
        codebooks: codebook([[1022], [1024]], [[511.5], [510.5]]),
        vectors: matrix([1023.00390625, 511.01953125]),
      },
    },
    {
      id: 'seventeen-bits',
      why: 'squares whose sum 11 bits cannot hold and 8 bits cannot tell apart',
      flags: ['low-precision-sum'],
      input: {
        codebooks: codebook([
          [300, 1],
          [299, 24],
          [-300, 7],
        ]),
        vectors: matrix([0, 0], [1, 1], [-2, -1]),
      },
    },
    {
      id: 'odd-width',
      why: 'a remainder that does not fill a lane of 2 or 4',
      flags: ['tile-edge'],
      input: {
        codebooks: codebook(
          [
            [1, 2, 3, 4, 5],
            [1, 2, 3, 4, 9],
            [1, 2, 3, 4, -3],
          ],
          [
            [1, 2, 3, 4, -3],
            [1, 2, 3, 4, 5],
            [1, 2, 3, 4, 9],
          ],
        ),
        vectors: matrix([1, 2, 3, 4, 8, 1, 2, 3, 4, 8], [1, 2, 3, 4, -1, 1, 2, 3, 4, 5]),
      },
    },
  ],
});
