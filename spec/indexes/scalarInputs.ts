import fc, { type Arbitrary } from 'fast-check';
import type { Span } from '../bounds/scalarCodes.ts';
import type { Level } from '../component.ts';
import { exponentOf } from '../format.ts';
import { randomStream } from '../generate.ts';
import { tensor } from '../tensor.ts';
import type { Quantizing } from './scalarLaws.ts';
import { sizes, spans } from './scalarRanges.ts';

/** Vectors and the ranges of their dimensions, [minimum, maximum] each. */
export const quantizing = (
  vectors: readonly (readonly number[])[],
  ranges: readonly (readonly [number, number])[],
): Quantizing => ({
  vectors: tensor('float32', [vectors.length, ranges.length], vectors.flat()),
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

/** Numbers of a range and around it, from one uniform in [−0.25, 1.25). */
const numberIn = ({ minimum, maximum }: Span, share: number): number => {
  const x = minimum * (1 - share) + maximum * share;
  return Number.isFinite(x) ? x : minimum;
};

/** Where the code changes, or nearly: a half-integer of the range, and its neighbours. */
const halfway = ({ minimum, maximum }: Span, code: number, nudge: number): number => {
  const x = minimum + ((2 * code + 1) * (maximum / 2 - minimum / 2)) / 255;
  return nudge === 0 || x === 0 ? x : x + nudge * 2 ** (exponentOf(x) - 23);
};

const numbersOf = (level: Level, span: Span): Arbitrary<number> => {
  const inside = fc
    .double({ min: -0.25, max: 1.25, noNaN: true })
    .map((share) => numberIn(span, share));
  if (level !== 'edge') return inside;
  return fc.oneof(
    { weight: 2, arbitrary: inside },
    {
      weight: 5,
      arbitrary: fc
        .tuple(fc.integer({ min: 0, max: 254 }), fc.constantFrom(0, 0, 0, 0, 1, -1))
        .map(([code, nudge]) => halfway(span, code, nudge)),
    },
    { weight: 1, arbitrary: fc.constantFrom(span.minimum, span.maximum, 0, -0) },
    { weight: 1, arbitrary: fc.constantFrom(Infinity, -Infinity, 3e38, -3e38, 2 ** -149, 300, -5) },
  );
};

/** Over 64 numbers come from a seed. */
const vectorsIn = (
  level: Level,
  count: number,
  ranges: readonly Span[],
): Arbitrary<readonly number[]> => {
  const size = count * ranges.length;
  if (size <= 64)
    return fc
      .tuple(
        ...Array.from({ length: count }, () => ranges).flatMap((row) =>
          row.map((span) => numbersOf(level, span)),
        ),
      )
      .map((row) => row);
  return fc.nat().map((seed) => {
    const next = randomStream(seed);
    return Array.from({ length: count }, () =>
      ranges.map((span) => numberIn(span, 1.5 * next() - 0.25)),
    ).flat();
  });
};

/** Vectors in their ranges, and around them. */
export const quantizings = (level: Level): Arbitrary<Quantizing> =>
  sizes(level)
    .chain(([count, width]) =>
      spans(level, width).chain((ranges) =>
        vectorsIn(level, count, ranges).map((values) => ({ count, width, ranges, values })),
      ),
    )
    .map(({ count, width, ranges, values }) => ({
      vectors: tensor('float64', [count, width], values),
      minimum: tensor(
        'float64',
        [width],
        ranges.map(({ minimum }) => minimum),
      ),
      maximum: tensor(
        'float64',
        [width],
        ranges.map(({ maximum }) => maximum),
      ),
    }));
