import { squaredDistance } from '../bounds/distance.ts';
import { component } from '../component.ts';
import { rowParts } from '../partsOf.ts';
import { fields, floats } from '../schema.ts';
import { rowsOf } from '../tensor.ts';
import { distanceLaws, infiniteOrNaN } from './distances.ts';
import { invalidPairs, pair, pairFields, pairs } from './pairs.ts';
import { pairSizes } from './sizes.ts';

/**
 * ‖a − b‖² = Σ (a_i − b_i)², over the last axis.
 * Computed from the differences it is accurate relative to itself. Expanded to ‖a‖² + ‖b‖² − 2 a·b it is accurate only relative to those, may be
 * negative, and for vectors far from the origin is nothing but error: an implementation that does so declares algorithm.distance 'expanded'.
 *
 * @example
 * squaredEuclideanDistance({ a: [1, 2], b: [4, 6] }) // → { distance: 25 }
 */
export const squaredEuclideanDistance = component({
  family: 'similarity',
  summary: 'The square of the straight-line distance between two vectors.',
  formula: String.raw`\lVert a - b \rVert^2 = \sum_i (a_i - b_i)^2`,
  source: 'Euclid, Elements, I.47; Deza & Deza, Encyclopedia of Distances, 2009, §5.1',
  domain:
    'Any vectors, of no components too. An infinite component gives Infinity, or NaN from the expanded form; NaN and ∞ − ∞ give NaN.',
  input: fields(pairFields),
  output: fields({ distance: floats('[...]', 'squared, one number a pair') }),
  arbitrary: (level) => pairs(level),
  sized: pairSizes,
  parts: rowParts({ cut: { a: 1, b: 1 }, outputs: () => ({ distance: [] }) }),
  invalid: invalidPairs,
  bound: (a, { input, rounding }) => {
    const others = rowsOf(input.b);
    return {
      distance: rowsOf(input.a).map((row, i) =>
        a.from(squaredDistance(rounding, row, others[i] ?? []).error),
      ),
    };
  },
  boundSource:
    'spec/bounds/distance.ts: G(h + 3) relative, or of the exact differences as spec/bounds/dot.ts; declared expanded: the errors of the three dot products and of their sum',
  alsoRight: infiniteOrNaN,
  laws: distanceLaws(),
  examples: [
    {
      id: 'worked-example',
      why: 'the sides 3 and 4; the root would be 5',
      flags: ['ordinary', 'root'],
      input: pair([1, 2], [4, 6]),
    },
    {
      id: 'negative-differences',
      why: 'differences summed before they are squared cancel',
      flags: ['sign'],
      input: pair([1, 5, 2], [4, 2, 4]),
    },
    {
      id: 'translated',
      why: 'squares of 10000 drown a distance of 6',
      flags: ['index-brute-force-02'],
      input: pair([10000, 10001, 10002], [10001, 10003, 10001]),
    },
    {
      id: 'seventeen-bits',
      why: 'a sum of squares that 11 or 8 bits cannot hold',
      flags: ['low-precision-sum'],
      input: pair([101, -97, 89, 83], [0, 6, -14, 0]),
    },
    {
      id: 'near',
      why: 'vectors that differ in the last bits of one component',
      flags: ['cancellation'],
      input: pair([1.0000001192092896, 2, 3], [1, 2, 3]),
    },
    {
      id: 'opposite',
      why: 'a sum of magnitudes, or a dot product, instead of squared differences',
      flags: ['metric'],
      input: pair([1, -2, 3], [-1, 2, -3]),
    },
    {
      id: 'square-batch',
      why: 'the sum over the wrong axis, where the shape does not tell',
      flags: ['axis'],
      input: pair([1, 2, 3, 5], [7, 11, 14, 21], [2, 2]),
    },
  ],
});
