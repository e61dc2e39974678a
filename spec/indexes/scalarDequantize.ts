import fc, { type Arbitrary } from 'fast-check';
import { decodedError } from '../bounds/scalarCodes.ts';
import { component, type Level } from '../component.ts';
import { rowParts } from '../partsOf.ts';
import { randomStream } from '../generate.ts';
import { fields, floats, integers } from '../schema.ts';
import { flatMapRows, tensor } from '../tensor.ts';
import { notFinite } from '../notFinite.ts';
import { decodingLaws, type Decoding } from './decodingLaws.ts';
import {
  hasFiniteEnds,
  isOrdered,
  notOrdered,
  rangeFields,
  sizes,
  spans,
  spansOf,
} from './scalarRanges.ts';
import { dequantizedSizes } from './sizes.ts';

/** Codes and the ranges of their dimensions, [minimum, maximum] each. */
const decoding = (
  codes: readonly (readonly number[])[],
  ranges: readonly (readonly [number, number])[],
): Decoding => ({
  codes: tensor('uint8', [codes.length, ranges.length], codes.flat()),
  minimum: tensor(
    'float32',
    [ranges.length],
    ranges.map(([low]) => low),
  ),
  maximum: tensor(
    'float32',
    [ranges.length],
    ranges.map(([, high]) => high),
  ),
});

const codesOf = (size: number): Arbitrary<readonly number[]> =>
  size > 64
    ? fc.nat().map((seed) => {
        const next = randomStream(seed);
        return Array.from({ length: size }, () => Math.floor(256 * next()));
      })
    : fc.array(
        fc.oneof(
          { weight: 1, arbitrary: fc.constantFrom(0, 255, 1, 254, 127, 128, 51, 85, 3, 5) },
          { weight: 3, arbitrary: fc.integer({ min: 0, max: 255 }) },
        ),
        { minLength: size, maxLength: size },
      );

const inputs = (level: Level): Arbitrary<Decoding> =>
  sizes(level)
    .chain(([count, width]) =>
      fc.tuple(fc.constant([count, width]), spans(level, width), codesOf(count * width)),
    )
    .map(([shape, ranges, codes]) => ({
      codes: tensor('uint8', shape, codes),
      minimum: tensor(
        'float64',
        [ranges.length],
        ranges.map(({ minimum }) => minimum),
      ),
      maximum: tensor(
        'float64',
        [ranges.length],
        ranges.map(({ maximum }) => maximum),
      ),
    }));

/**
 * minimum + code · (maximum − minimum) / 255, by dimension: code 0 is the minimum, code 255 the maximum up to rounding.
 *
 * A code stands for the number that it is the code of, and not for the middle of an interval: there is no half. A constant dimension has
 * its constant, whatever the code. The 255th part may be taken before or after the product.
 *
 * @example
 * scalarDequantize({ codes: [[51, 9], [255, 0]], minimum: [-1, 2], maximum: [4, 2] }) // → { vectors: [[0, 2], [4, 2]] }
 */
export const scalarDequantize = component({
  family: 'indexes',
  summary: 'Gives back the numbers that bytes stand for.',
  formula: String.raw`x = x_{\min} + c\,\frac{x_{\max} - x_{\min}}{255}`,
  source:
    'Gersho & Gray, Vector quantization and signal compression, 1992, §5.2 (uniform quantizers); 255 steps between the ends: house definition',
  domain:
    'Codes are 0 to 255. No NaN, no minimum above its maximum. Where maximum − minimum or 255 times it may leave the range of the accumulation format nothing is said, nor where an end is infinite, which may be rejected.',
  input: fields({
    codes: integers('[N, D]', 'uint8', 'uint8'),
    ...rangeFields,
  }).refine(isOrdered, notOrdered),
  output: fields({ vectors: floats('[N, D]', 'what the codes stand for') }),
  arbitrary: inputs,
  sized: dequantizedSizes,
  parts: rowParts({
    unit: 'vector',
    cut: { codes: 1 },
    outputs: ({ codes }) => ({ vectors: codes.shape.slice(-1) }),
  }),
  mayReject: ({ minimum, maximum }) => notFinite({ minimum, maximum }),
  invalid: {
    'the widths differ': fc.constant({
      ...decoding(
        [[1, 2, 3]],
        [
          [0, 4],
          [0, 4],
          [0, 4],
        ],
      ),
      maximum: tensor('float32', [2], [4, 4]),
    }),
    'the codes are wider': fc.constant({
      ...decoding(
        [[1, 2]],
        [
          [0, 4],
          [0, 4],
        ],
      ),
      codes: tensor('uint8', [1, 3], [1, 2, 3]),
    }),
  },
  bound: (a, { input, rounding }) => {
    const ranges = spansOf(input);
    return {
      vectors: flatMapRows(input.codes, (row) =>
        row.map((code, d) =>
          a.from(decodedError(a, rounding, code, ranges[d] ?? { minimum: NaN, maximum: NaN })),
        ),
      ),
    };
  },
  boundSource:
    'spec/bounds/scalarCodes.ts: code · r / 255 relatively by the errors of r, a quotient and two products, and one rounding of the sum; 0 where all orders are exact (Higham, Accuracy and Stability of Numerical Algorithms, 2002, §2.2)',
  alsoRight: (input, _field, index) => {
    const ranges = spansOf(input);
    const span = ranges[index % ranges.length];
    return span !== undefined && !hasFiniteEnds(span);
  },
  laws: decodingLaws,
  examples: [
    {
      id: 'ordinary',
      why: 'each dimension has its own range',
      flags: ['ordinary'],
      input: decoding(
        [
          [10, 200, 77],
          [131, 3, 254],
        ],
        [
          [0, 1],
          [-4, 4],
          [-10, 2],
        ],
      ),
    },
    {
      id: 'the-ends',
      why: 'code 0 is the minimum and 255 the maximum: 256 steps, or the middle of a step, miss them',
      flags: ['ends'],
      input: decoding(
        [
          [0, 255],
          [255, 0],
          [254, 1],
        ],
        [
          [-5, 250],
          [1, 256],
        ],
      ),
    },
    {
      id: 'unsigned',
      why: 'codes over 127 are no negative numbers',
      flags: ['signed'],
      input: decoding(
        [[128, 127, 255, 200]],
        [
          [0, 510],
          [0, 510],
          [0, 510],
          [10, 520],
        ],
      ),
    },
    {
      id: 'constant',
      why: 'a constant dimension keeps its constant, whatever the code',
      flags: ['index-sq8-04', 'constant'],
      input: decoding(
        [
          [0, 9, 130],
          [3, 200, 60],
        ],
        [
          [0.3, 0.3],
          [-7, -7],
          [0, 51],
        ],
      ),
    },
    {
      id: 'extremes',
      why: 'the difference of −3e38 and 3e38 overflows float32, and a double holds it',
      flags: ['index-sq8-03', 'overflow'],
      input: decoding(
        [
          [100, 200, 7],
          [3, 250, 90],
        ],
        [
          [-3e38, 3e38],
          [-2e38, 3e38],
          [-2, 508],
        ],
      ),
    },
    {
      id: 'far-from-zero',
      why: 'a range of 1 at 1000, in which a step must not be rounded to fewer digits',
      flags: ['offset'],
      input: decoding(
        [[64, 100, 251]],
        [
          [1000, 1001],
          [-1001, -1000],
          [1000, 1016],
        ],
      ),
    },
    {
      id: 'exact',
      why: 'steps of a power of two: every order of operations is exact',
      flags: ['exact'],
      input: decoding(
        [
          [17, 201],
          [254, 99],
        ],
        [
          [-1, 254],
          [4096, 4159.75],
        ],
      ),
    },
  ],
});
