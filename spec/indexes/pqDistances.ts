import fc from 'fast-check';
import { subvectorSumError } from '../bounds/productQuantization.ts';
import { component, type Level } from '../component.ts';
import { rowParts } from '../partsOf.ts';
import { fields, floats, integers } from '../schema.ts';
import { tensor } from '../tensor.ts';
import {
  areCodebooks,
  areFinite,
  areNames,
  codebooksField,
  codebooksProblem,
  codesProblem,
  makeUp,
  namedCentroids,
  subvectorsOf,
} from './codebooks.ts';
import { alike, codebook, codesBelow, codesOf, matrix, sizesOf } from './quantizerInputs.ts';
import { tableLaws, type Lookup } from './tableLaws.ts';
import { distanceSizes } from './sizes.ts';

const inputs = (level: Level): fc.Arbitrary<Lookup> =>
  sizesOf(level).chain((sizes) => {
    const { books, centroids, width, asked } = sizes;
    const shapes = [
      [books, centroids, width],
      [asked, books * width],
    ];
    return fc
      .tuple(alike(level, shapes), codesBelow(sizes))
      .map(([[codebooks = codebook(), queries = matrix()], codes]) => ({
        codebooks,
        codes,
        queries,
      }));
  });

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

/**
 * ‖q − x̂_n‖² = Σ_m ‖q_m − codebooks[m, codes[n, m]]‖²: from queries as they are to vectors of which only the codes are left.
 * Asymmetric: a query is not encoded. Squared: the root is not taken. It is computed from a table of the squared distances of each of a query's
 * subvectors to all K centroids, of which M entries are added for each vector; a table that is kept in fewer bits is declared as the intermediate
 * `table`, squared distances that are expanded as algorithm.distance 'expanded'.
 *
 * @example
 * pqDistances({ codebooks: [[[1, 2], [3, 4]], [[5, 6], [7, 8]]], codes: [[1, 0], [0, 1]], queries: [[3, 4, 5, 5]] }) // → { distances: [[1, 21]] }
 */
export const pqDistances = component({
  family: 'indexes',
  summary: 'How far queries are from vectors of which only the codes are left.',
  formula: String.raw`\tilde{d}(q, \hat{x}_n)^2 = \sum_m \lVert q_m - c^{m}_{k_{nm}} \rVert^2`,
  source:
    'Jégou, Douze & Schmid, Product quantization for nearest neighbor search, IEEE TPAMI 33(1), 2011, §III.A, eq. 13',
  domain:
    'Finite numbers; D = M · S, from 1 to 256 centroids in each codebook, codes from 0 to K − 1. No codes or no queries give no distances.',
  input: fields({
    codebooks: codebooksField,
    codes: integers('[N, M]', 'uint8, the number of a centroid for each subvector', 'uint8'),
    queries: floats('[Q, D]', 'of D = M · S components'),
  })
    .refine(areCodebooks, codebooksProblem)
    .refine(areNames, codesProblem)
    .refine((input) => makeUp(input.codebooks, input.queries), {
      path: ['queries'],
      error: 'expected queries of M · S components, as many as the codebooks make up',
    })
    .refine((input) => areFinite(input.codebooks) && areFinite(input.queries), {
      path: ['queries'],
      error: 'expected finite numbers',
    }),
  output: fields({ distances: floats('[Q, N]', 'squared, one for each query and vector') }),
  arbitrary: inputs,
  sized: distanceSizes,
  parts: rowParts({
    unit: 'query',
    cut: { queries: 1 },
    outputs: ({ codes }) => ({ distances: codes.shape.slice(0, 1) }),
    work: ({ codes, codebooks }) => codes.data.length + codebooks.data.length,
  }),
  invalid: {
    'a code is K': fc.constant({
      codebooks: two,
      codes: codesOf([0, 1], [3, 0]),
      queries: matrix([1, 2, 3, 4]),
    }),
    'the width is no multiple of the number of subvectors': fc.constant({
      codebooks: two,
      codes: codesOf([0, 1]),
      queries: tensor('float32', [1, 5], [1, 2, 3, 4, 5]),
    }),
    'there are codes for another number of subvectors': fc.constant({
      codebooks: two,
      codes: codesOf([0, 1, 2]),
      queries: matrix([1, 2, 3, 4]),
    }),
  },
  bound: (a, { input: { codebooks, codes, queries }, rounding }) => {
    const named = namedCentroids(codebooks, codes);
    return {
      distances: subvectorsOf(queries, codebooks.shape[2] ?? 1).flatMap((query) =>
        named.map((vector) => a.from(subvectorSumError(rounding, query, vector))),
      ),
    };
  },
  boundSource:
    'spec/bounds/productQuantization.ts: relative G(h + 3) with h the height of a sum over S and one over M, or of one over D; 0 where every order of the sum is exact; a declared table adds its unit, and the expanded form the errors of its products',
  laws: tableLaws,
  examples: [
    {
      id: 'worked-example',
      why: 'two subvectors by hand: 1 + 0.25, 5 + 16 and 1 + 5, whose roots, or the sum of whose roots, are others',
      flags: ['ordinary', 'root', 'index-ivf-pq-06'],
      input: {
        codebooks: two,
        codes: codesOf([1, 2], [0, 1], [1, 0]),
        queries: matrix([1, 2, 3, 4]),
      },
    },
    {
      id: 'asymmetric',
      why: 'a query that is encoded first: it is near no centroid',
      flags: ['asymmetric'],
      input: {
        codebooks: codebook([[0], [10]], [[-4], [8]]),
        codes: codesOf([0, 1], [1, 1], [0, 0], [1, 0]),
        queries: matrix([4, 1], [7, -1.5]),
      },
    },
    {
      id: 'many-subvectors',
      why: 'a sum of 264 entries that are bytes, in 16 bits: it begins anew at 65,536',
      flags: ['overflow', 'ends'],
      input: {
        codebooks: codebook(
          ...Array.from({ length: 264 }, () => [
            [15, 5],
            [0, 1],
          ]),
        ),
        codes: codesOf(
          Array.from({ length: 264 }, () => 0),
          Array.from({ length: 264 }, (_, m) => m % 2),
        ),
        queries: matrix(Array.from({ length: 528 }, () => 0)),
      },
    },
    {
      id: 'bytes',
      why: 'codes over 127 read as negative, and the last of 256',
      flags: ['signed-byte', 'off-by-one'],
      input: {
        codebooks: codebook(Array.from({ length: 256 }, (_, k) => [3 * k - 100])),
        codes: codesOf([127], [128], [255], [200], [0]),
        queries: matrix([281]),
      },
    },
    {
      id: 'translated',
      why: 'squares of 10000 drown distances of 1 to 5',
      flags: ['index-brute-force-02'],
      input: {
        codebooks: codebook(
          [
            [10003, 10004],
            [10001, 10000],
          ],
          [
            [9997, 10000],
            [10002, 10003],
          ],
        ),
        codes: codesOf([0, 1], [1, 0]),
        queries: matrix([10000, 10001, 10001, 10002]),
      },
    },
    {
      id: 'table-of-integers',
      why: 'entries of 14 bits and more, which a table of 11 or 8 bits does not hold',
      flags: ['low-precision-table', 'low-precision-sum'],
      input: {
        codebooks: codebook([[101], [-97]], [[83], [89]], [[3], [-73]]),
        codes: codesOf([0, 0, 0], [1, 1, 1], [0, 1, 1]),
        queries: matrix([0, 0, 0], [2, 6, -4]),
      },
    },
    {
      id: 'square',
      why: 'as many queries as vectors and subvectors: axes that the shape does not tell apart',
      flags: ['axis'],
      input: {
        codebooks: codebook([[1], [4]], [[9], [-2]]),
        codes: codesOf([0, 1], [0, 0]),
        queries: matrix([2, 3], [-5, 7]),
      },
    },
    {
      id: 'unequal-norms',
      why: 'centroids of lengths other than 1, whose squares are not taken or left out',
      flags: ['index-ivf-flat-05', 'norm'],
      input: {
        codebooks: codebook([
          [3, 0],
          [0.5, 0.25],
          [0, -7],
        ]),
        codes: codesOf([0], [2], [1]),
        queries: matrix([2, -1]),
      },
    },
    {
      id: 'nineteen-bit-inputs',
      why: 'inputs cut to 11 or 8 bits',
      flags: ['low-precision-input'],
      input: {
        codebooks: codebook([[1022], [1024]], [[511.5], [510.5]]),
        codes: codesOf([0, 1], [1, 0]),
        queries: matrix([1023.00390625, 510.98046875]),
      },
    },
    {
      id: 'odd-width',
      why: 'a remainder that does not fill a lane of 2 or 4, in subvectors and in their number',
      flags: ['tile-edge'],
      input: {
        codebooks: codebook(
          [
            [1, 2, 3, 4, 5],
            [5, 4, 3, 2, 10],
          ],
          [
            [0, 1, 0, 1, 7],
            [1, 0, 1, 0, -6],
          ],
          [
            [2, 2, 2, 2, 9],
            [3, 3, 3, 3, -8],
          ],
        ),
        codes: codesOf([0, 1, 0], [1, 0, 1]),
        queries: matrix([1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3]),
      },
    },
  ],
});
