import { cosineError } from '../bounds/cosine.ts';
import { component, type Law } from '../component.ts';
import { rowParts } from '../partsOf.ts';
import { differ, inapplicable, mapped, metamorphic } from '../laws.ts';
import { fields, floats, option } from '../schema.ts';
import { rowsOf, type FloatTensor } from '../tensor.ts';
import {
  changesSignWithOneVector,
  ignoresAppendedZeros,
  ignoresTheOrderOfComponents,
  isSymmetric,
  treatsEachPairByItself,
} from './laws.ts';
import { farOut } from './farOut.ts';
import { invalidPairs, pair, pairFields, pairs, type Pair } from './pairs.ts';
import { petsCosines } from './worked.ts';
import { pairSizes } from './sizes.ts';

interface Similarity {
  readonly similarity: FloatTensor;
}

/** Says nothing where a vector is zero. */
const isOneWithItself: Law<Pair, Pair, Similarity> = async (input, run) => {
  const rows = rowsOf(input.a);
  if (rows.some((row) => row.every((x) => x === 0))) return inapplicable;
  const { output, slack } = await run({ ...input, b: input.a });
  return differ(
    output.similarity.data,
    rows.map(() => 1),
    (i) => slack['similarity']?.[i] ?? 0,
  );
};

/** Where twice the first vector is still in its format. */
const ignoresLength = <I extends Pair>(): Law<I, I, Similarity> =>
  metamorphic((input) =>
    Array.from(input.a.data).every((x) => Math.abs(x) < 2 ** 14)
      ? { input: { ...input, a: mapped(input.a, (x) => 2 * x) }, output: (source) => source }
      : undefined,
  );

/**
 * cos(a, b) = a · b / (‖a‖ ‖b‖), over the last axis.
 * A computed one may exceed 1 by a rounding, for equal vectors too: whoever takes its arccosine, or the root of 2 − 2 cos, must clamp it first.
 * With a zero vector it is 0, or NaN (option zeroVector).
 *
 * @example
 * cosineSimilarity({ a: [3, 4], b: [4, 3] }) // → { similarity: 0.96 }
 */
export const cosineSimilarity = component({
  family: 'similarity',
  summary: 'The cosine of the angle between two vectors, whatever their lengths.',
  formula: String.raw`\cos(a, b) = \frac{a \cdot b}{\lVert a \rVert \, \lVert b \rVert}`,
  source:
    'Salton, Wong & Yang, A vector space model for automatic indexing, Communications of the ACM 18(11), 1975',
  domain:
    'Finite vectors. With a zero vector, or no components, the value is an option (zeroVector). Nothing is said where the squared norms, or their product, leave the range of normal numbers of the accumulation: vectors of 1e20 have a cosine where that is float64, and may give anything where it is float32.',
  input: fields({
    ...pairFields,
    zeroVector: option(['zero', 'nan'], 'the similarity of a zero vector to any other: 0, or NaN'),
  }),
  output: fields({ similarity: floats('[...]', 'from −1 to 1, one number a pair') }),
  arbitrary: (level) => pairs(level, { finite: true }),
  sized: pairSizes,
  parts: rowParts({ cut: { a: 1, b: 1 }, outputs: () => ({ similarity: [] }) }),
  invalid: invalidPairs,
  bound: (a, { input, rounding }) => {
    const others = rowsOf(input.b);
    return {
      similarity: rowsOf(input.a).map((row, i) =>
        a.from(cosineError(rounding, row, others[i] ?? [])),
      ),
    };
  },
  boundSource:
    'spec/bounds/cosine.ts: |c| C + (1 + C) g P, for dividing by both norms, by the root of their squared product, or normalising first',
  laws: {
    'is symmetric': isSymmetric(),
    'is one for a vector and itself': isOneWithItself,
    'is unchanged by doubling one vector': ignoresLength(),
    'changes sign with one vector': changesSignWithOneVector(),
    'ignores the order of the components': ignoresTheOrderOfComponents(),
    'ignores appended zeros': ignoresAppendedZeros(),
    'treats each pair by itself': treatsEachPairByItself(),
  },
  worked: [petsCosines],
  examples: [
    {
      id: 'worked-example',
      why: 'two vectors of length 5: 24 of 25',
      flags: ['ordinary', 'normalisation'],
      input: pair([3, 4], [4, 3]),
    },
    {
      id: 'zero-vector',
      why: 'a zero vector divided by its length, beside ordinary pairs',
      flags: ['similarity-metrics-01', 'zero-vector'],
      input: pair([0, 0, 3, 4, 1, 2], [1, 2, -4, 3.5, 0, 0], [3, 2]),
    },
    {
      id: 'zero-vector-nan',
      why: 'a zero vector where NaN is declared',
      flags: ['similarity-metrics-01', 'zero-vector'],
      input: { ...pair([0, 0, 3, 4], [1, 2, -4, 2], [2, 2]), zeroVector: 'nan' },
    },
    {
      id: 'equal',
      why: 'equal vectors whose similarity rounds above 1 where √7 is squared, beside vectors that are nearly opposite',
      flags: ['similarity-metrics-02'],
      input: pair(
        [1, 1, 1, 0, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 0, 1],
        [1, 1, 1, 0, 1, 1, 1, 1, -1, 0, -1, -1, -1, -1, 1, -1],
        [2, 8],
      ),
    },
    {
      id: 'unequal-lengths',
      why: 'one side left as it is, or the length not divided out',
      flags: ['similarity-metrics-04', 'normalisation'],
      input: pair([10, -20, 20], [0.25, 0.5, 0.5]),
    },
    {
      id: 'faint',
      why: 'an epsilon added to the lengths, which are about 1e-5',
      flags: ['epsilon'],
      input: pair([0.00001, 0.00002, -0.00001], [0.00002, 0.00001, 0.00003]),
    },
    {
      id: 'nearly-orthogonal',
      why: 'a small similarity of long vectors, lost in fewer bits',
      flags: ['low-precision-sum', 'cancellation'],
      input: pair([101, 103, 107, 1], [103, -101, 1, -100]),
    },
    {
      id: 'nineteen-bit-inputs',
      why: 'inputs cut to 11 or 8 bits on the way into the multiplier',
      flags: ['low-precision-input'],
      input: pair([1023.99609375, -1021.00390625], [3, 3.0078125]),
    },
    {
      id: 'square-batch',
      why: 'the sum over the wrong axis, where the shape does not tell',
      flags: ['axis'],
      input: pair([1, 2, 3, 5], [4, 6, -8, 17], [2, 2]),
    },
    farOut,
    {
      id: 'fainter',
      why: 'a length of 1e-10 that is taken for a least one, such as 1e-8',
      flags: ['epsilon'],
      input: pair([2 ** -34, 2 ** -33, -(2 ** -34)], [20, 10, -30]),
    },
  ],
});
