import { dotError } from '../bounds/dot.ts';
import { component } from '../component.ts';
import { rowParts } from '../partsOf.ts';
import { fields, floats } from '../schema.ts';
import { rowsOf } from '../tensor.ts';
import {
  changesSignWithOneVector,
  ignoresAppendedZeros,
  ignoresTheOrderOfComponents,
  isSymmetric,
  treatsEachPairByItself,
} from './laws.ts';
import { invalidPairs, pair, pairFields, pairs } from './pairs.ts';
import { pairSizes } from './sizes.ts';

/**
 * a · b = Σ a_i b_i, over the last axis.
 * It grows with the lengths of the vectors: a long vector may be more similar than an equal one. Of no components it is 0.
 *
 * @example
 * dotProduct({ a: [1, 2, 3], b: [4, -5, 6] }) // → { similarity: 12 }
 */
export const dotProduct = component({
  family: 'similarity',
  summary: 'Multiplies two vectors component by component and sums.',
  formula: String.raw`a \cdot b = \sum_i a_i b_i`,
  source: 'Gibbs, Vector Analysis, 1901, §25 (direct product)',
  domain:
    'Any vectors, of no components too. NaN and infinities follow IEEE 754: 0 · ∞ and ∞ − ∞ are NaN.',
  input: fields(pairFields),
  output: fields({ similarity: floats('[...]', 'one number a pair') }),
  arbitrary: (level) => pairs(level),
  sized: pairSizes,
  parts: rowParts({ cut: { a: 1, b: 1 }, outputs: () => ({ similarity: [] }) }),
  invalid: invalidPairs,
  bound: (a, { input, rounding }) => {
    const others = rowsOf(input.b);
    return {
      similarity: rowsOf(input.a).map((row, i) => dotError(a, rounding, row, others[i] ?? [])),
    };
  },
  boundSource:
    'spec/bounds/dot.ts: G(h + π) Σ |a_i b_i|, 0 where every order of the sum is exact; Higham 2002, §3.1',
  laws: {
    'is symmetric': isSymmetric(),
    'changes sign with one vector': changesSignWithOneVector(),
    'ignores the order of the components': ignoresTheOrderOfComponents(),
    'ignores appended zeros': ignoresAppendedZeros(),
    'treats each pair by itself': treatsEachPairByItself(),
  },
  examples: [
    {
      id: 'worked-example',
      why: 'three components of both signs, done by hand',
      flags: ['ordinary'],
      input: pair([1, 2, 3], [4, -5, 6]),
    },
    {
      id: 'negative',
      why: 'the magnitude instead of the product',
      flags: ['sign'],
      input: pair([1, -2], [3, 4]),
    },
    {
      id: 'seventeen-bits',
      why: 'a sum of integers that 11 or 8 bits cannot hold: the accumulator must be wider',
      flags: ['low-precision-sum'],
      input: pair([97, 89, 83, 79], [101, 103, 107, 109]),
    },
    {
      id: 'swamped-term',
      why: 'a small term between two large ones that cancel exactly',
      flags: ['cancellation'],
      input: pair([4096, 3, -4096], [512, 1, 512]),
    },
    {
      id: 'nineteen-bit-inputs',
      why: 'inputs cut to 11 or 8 bits on the way into the multiplier',
      flags: ['low-precision-input'],
      input: pair([1023.99609375, -511.00390625, 7], [1, 1, 0]),
    },
    {
      id: 'subnormal',
      why: 'subnormal products flushed to zero',
      flags: ['numerics-subnormal-01'],
      input: pair([2 ** -75, 3 * 2 ** -75], [2 ** -73, 2 ** -74]),
    },
    {
      id: 'square-batch',
      why: 'the sum over the wrong axis, or over both, where the shape does not tell',
      flags: ['axis'],
      input: pair([1, 2, 3, 5], [7, 11, 13, 17], [2, 2]),
    },
    {
      id: 'odd-width',
      why: 'a remainder that does not fill a lane of 2, 4 or 8',
      flags: ['tile-edge'],
      input: pair([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], [1, 0, 1, 0, 1, 0, 1, 0, 1, 2, 100]),
    },
  ],
});
