import fc from 'fast-check';
import { component } from '../component.ts';
import { rowParts } from '../partsOf.ts';
import { fields, integers } from '../schema.ts';
import { tensor } from '../tensor.ts';
import { notFinite } from '../notFinite.ts';
import { codesRefusal } from './codeAdmission.ts';
import { quantizing, quantizings } from './scalarInputs.ts';
import { quantizeLaws } from './scalarLaws.ts';
import { isOrdered, notOrdered, rangeFields, vectorField } from './scalarRanges.ts';
import { quantizedSizes } from './sizes.ts';

/**
 * 255 · (x − minimum) / (maximum − minimum), rounded to the nearest integer, halves to the even one, and clamped to 0 … 255, by dimension.
 *
 * What is outside the range is clamped, infinities too; it never wraps. A constant dimension has code 0. The factors may be taken in any
 * order (the quotient, the scale 255 / (maximum − minimum), or the step first), but the minimum is subtracted first: folded into a constant
 * behind the scale it costs the digits of what is far from 0. Where two of these orders can differ by rounding, either code is right.
 * Ranges that span 85 · 2^k hold halves that all orders meet exactly.
 *
 * @example
 * scalarQuantize({ vectors: [[0.5, 3], [-1, 7]], minimum: [0, 2], maximum: [1, 2] }) // → { codes: [[128, 0], [0, 0]] }
 */
export const scalarQuantize = component({
  family: 'indexes',
  summary: 'Makes a byte of every component of a vector.',
  formula: String.raw`c = \operatorname{clamp}_{0}^{255} \operatorname{round}\!\left( 255\,\frac{x - x_{\min}}{x_{\max} - x_{\min}} \right)`,
  source:
    'Gersho & Gray, Vector quantization and signal compression, 1992, §5.2 (uniform quantizers); 255 steps between the ends, halves to even (IEEE 754-2019, §4.3.1) and code 0 of a constant dimension: house definition',
  domain:
    'No NaN, no minimum above its maximum. Where maximum − minimum or its scale leave the range of the accumulation format, or an end is infinite, nothing is said but that there is a code, unless infinities are rejected; finite ends, however far apart, are no excuse for a format that holds their difference.',
  input: fields({ vectors: vectorField, ...rangeFields }).refine(isOrdered, notOrdered),
  output: fields({ codes: integers('[N, D]', 'uint8', 'uint8') }),
  arbitrary: quantizings,
  sized: quantizedSizes,
  parts: rowParts({
    unit: 'vector',
    cut: { vectors: 1 },
    outputs: ({ vectors }) => ({ codes: vectors.shape.slice(-1) }),
  }),
  mayReject: ({ vectors, minimum, maximum }) => notFinite({ vectors, minimum, maximum }),
  invalid: {
    'a minimum is above its maximum': fc.constant(
      quantizing(
        [[1, 2]],
        [
          [0, 4],
          [3, 1],
        ],
      ),
    ),
    'a number is NaN': fc.constant(
      quantizing(
        [[1, NaN]],
        [
          [0, 4],
          [0, 1],
        ],
      ),
    ),
    'a minimum is NaN': fc.constant(
      quantizing(
        [[1, 2]],
        [
          [0, 4],
          [NaN, 1],
        ],
      ),
    ),
    'a maximum is NaN': fc.constant(
      quantizing(
        [[1, 2]],
        [
          [0, NaN],
          [0, 1],
        ],
      ),
    ),
    'the widths differ': fc.constant({
      ...quantizing(
        [[1, 2, 3]],
        [
          [0, 4],
          [0, 4],
          [0, 4],
        ],
      ),
      minimum: tensor('float32', [2], [0, 0]),
    }),
  },
  boundSource:
    'spec/bounds/scalarCodes.ts: what the computed number may be off, relatively by the errors of two differences, two quotients and two products, 0 where every order is exact; a code is refused where the number so widened does not come within a half of it',
  admits: (a, { input, rounding, output }) => codesRefusal(a, rounding, input, output.codes),
  laws: quantizeLaws,
  examples: [
    {
      id: 'ordinary',
      why: 'each dimension has its own range',
      flags: ['ordinary'],
      input: quantizing(
        [
          [0, 3, -7],
          [0.9, -2, 1.5],
        ],
        [
          [0, 1],
          [-4, 4],
          [-10, 2],
        ],
      ),
    },
    {
      id: 'outside',
      why: 'what is outside the range is clamped: 300 wraps to 44, −5 to 251',
      flags: ['index-sq8-01'],
      input: quantizing(
        [
          [300, -5, 100],
          [1e6, -1e6, 255.25],
        ],
        [
          [0, 255],
          [0, 255],
          [0, 255],
        ],
      ),
    },
    {
      id: 'constant',
      why: 'a constant dimension has code 0, whatever stands in it',
      flags: ['index-sq8-04', 'constant'],
      input: quantizing(
        [
          [7, 1, 1.25],
          [3, 0.5, 100],
        ],
        [
          [7, 7],
          [0, 2],
          [1.25, 1.25],
        ],
      ),
    },
    {
      id: 'extremes',
      why: 'the difference of −3e38 and 3e38 overflows float32, and a double holds it',
      flags: ['index-sq8-03', 'overflow'],
      input: quantizing(
        [
          [1e38, -1e38, 3],
          [-2e38, 2.5e38, -1],
        ],
        [
          [-3e38, 3e38],
          [-3e38, 3e38],
          [-2, 4],
        ],
      ),
    },
    {
      id: 'the-ends',
      why: 'the minimum is 0, the maximum 255, and the codes next to them are used',
      flags: ['index-sq8-07', 'ends'],
      input: quantizing(
        [[-128, 127, -127, 126, -1]],
        Array.from({ length: 5 }, () => [-128, 127] as const),
      ),
    },
    {
      id: 'halves',
      why: 'halves go to the even code: 1.5 to 2, 4.5 to 4, 7.5 to 8, 10.5 to 10; every order of operations meets them exactly',
      flags: ['half-to-even', 'ties'],
      input: quantizing(
        [[0.5, 1.5, 2.5, 3.5, 9.5]],
        Array.from({ length: 5 }, () => [0, 85] as const),
      ),
    },
    {
      id: 'halves-from-below',
      why: 'the same in a range that starts below 0: a half is one of the code, not of the number',
      flags: ['half-to-even', 'ties'],
      input: quantizing(
        [
          [-61.5, -59.5],
          [-60.5, -54.5],
        ],
        [
          [-64, 21],
          [-64, 21],
        ],
      ),
    },
    {
      id: 'far-from-zero',
      why: 'a range of 1 at 1000: a minimum that is subtracted behind the scale costs three digits',
      flags: ['offset'],
      input: quantizing(
        [[1000.25, 1000.75, 1000.1]],
        Array.from({ length: 3 }, () => [1000, 1001] as const),
      ),
    },
    {
      id: 'infinities',
      why: 'infinities are clamped like everything outside the range',
      flags: ['infinity'],
      input: quantizing(
        [[Infinity, -Infinity, 0.75]],
        [
          [-1, 1],
          [-1, 1],
          [-1, 1],
        ],
      ),
    },
  ],
});
