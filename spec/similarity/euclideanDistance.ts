import { distanceError } from '../bounds/distance.ts';
import { component } from '../component.ts';
import { rowParts } from '../partsOf.ts';
import { fields, floats } from '../schema.ts';
import { rowsOf } from '../tensor.ts';
import { distanceLaws, infiniteOrNaN } from './distances.ts';
import { farOut } from './farOut.ts';
import { invalidPairs, pair, pairFields, pairs } from './pairs.ts';
import { pairSizes } from './sizes.ts';

/**
 * ‖a − b‖ = √Σ (a_i − b_i)², over the last axis.
 * Where the squared distance is expanded (see `squaredEuclideanDistance`) it may come out negative: that must be taken as 0 before the root,
 * for the distance of finite vectors is never NaN. Of the error of the square, the root keeps half where it is relative, and the root where it
 * is absolute.
 *
 * @example
 * euclideanDistance({ a: [1, 2], b: [4, 6] }) // → { distance: 5 }
 */
export const euclideanDistance = component({
  family: 'similarity',
  summary: 'The straight-line distance between two vectors.',
  formula: String.raw`\lVert a - b \rVert = \sqrt{\sum_i (a_i - b_i)^2}`,
  source: 'Euclid, Elements, I.47; Deza & Deza, Encyclopedia of Distances, 2009, §5.1',
  domain:
    'Any vectors, of no components too. An infinite component gives Infinity, or NaN from the expanded form; NaN and ∞ − ∞ give NaN. Nothing is said where the square overflows.',
  input: fields(pairFields),
  output: fields({ distance: floats('[...]', 'not squared, one number a pair') }),
  arbitrary: (level) => pairs(level),
  sized: pairSizes,
  parts: rowParts({ cut: { a: 1, b: 1 }, outputs: () => ({ distance: [] }) }),
  invalid: invalidPairs,
  bound: (a, { input, rounding }) => {
    const others = rowsOf(input.b);
    return {
      distance: rowsOf(input.a).map((row, i) =>
        a.from(distanceError(rounding, row, others[i] ?? [])),
      ),
    };
  },
  boundSource:
    'spec/bounds/distance.ts, through the root: √s − √(s − e) or √(s + e) − √s, and one rounding; 0 where the square is exact and its root a number of the format',
  alsoRight: infiniteOrNaN,
  laws: distanceLaws(),
  examples: [
    {
      id: 'worked-example',
      why: 'the sides 3 and 4; the square would be 25',
      flags: ['ordinary', 'root'],
      input: pair([1, 2], [4, 6]),
    },
    {
      id: 'below-one',
      why: 'a square that is smaller than its root',
      flags: ['root'],
      input: pair([0.25, 1, -1], [0, 0.5, -0.75]),
    },
    {
      id: 'translated',
      why: 'squares of 10000 drown a distance of 7',
      flags: ['index-brute-force-02'],
      input: pair([10000, 10002, 10006], [10002, 10005, 10000]),
    },
    {
      id: 'seventeen-bits',
      why: 'a sum of squares that 11 or 8 bits cannot hold, with an exact root',
      flags: ['low-precision-sum'],
      input: pair([100, 300, -80, 5], [-29, 42, 178, 5]),
    },
    {
      id: 'near',
      why: 'vectors that differ in the last bit of one component',
      flags: ['cancellation'],
      input: pair([1.0000001192092896, 2, 3], [1, 2, 3]),
    },
    farOut,
    {
      id: 'irrational',
      why: 'a sum of magnitudes, or the largest, instead of the root of squares',
      flags: ['metric'],
      input: pair([1, -2, 3], [-1, 3, 1]),
    },
    {
      id: 'square-batch',
      why: 'the sum over the wrong axis, where the shape does not tell',
      flags: ['axis'],
      input: pair([1, 2, 3, 5], [4, 6, 8, 17], [2, 2]),
    },
  ],
});
