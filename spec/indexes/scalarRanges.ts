import fc, { type Arbitrary } from 'fast-check';
import type { Span } from '../bounds/scalarCodes.ts';
import type { Level } from '../component.ts';
import { ordinary, randomStream, seededNumbers } from '../generate.ts';
import { floats } from '../schema.ts';
import type { FloatTensor } from '../tensor.ts';

const withoutNaN = (shape: string, description: string) =>
  floats(shape, description).refine(
    ({ data }: FloatTensor) => !Array.from(data).some(Number.isNaN),
    {
      error: 'expected no NaN',
    },
  );

/** The fields that say what 0 and 255 stand for. */
export const rangeFields = {
  minimum: withoutNaN('[D]', 'what code 0 stands for, by dimension'),
  maximum: withoutNaN('[D]', 'what code 255 stands for; not below the minimum'),
};
export const vectorField = withoutNaN('[N, D]', 'any numbers; those outside the range are clamped');

interface Ranges {
  readonly minimum: FloatTensor;
  readonly maximum: FloatTensor;
}

/** Where a minimum is above its maximum, as an issue of the schema. */
export const isOrdered = ({ minimum, maximum }: Ranges): boolean =>
  Array.from(minimum.data).every((low, d) => !(low > (maximum.data[d] ?? Infinity)));
export const notOrdered = {
  path: ['maximum'],
  error: 'expected no maximum below its minimum',
};

/** The range of each dimension. */
export const spansOf = ({ minimum, maximum }: Ranges): readonly Span[] =>
  Array.from(minimum.data, (low, d) => ({ minimum: low, maximum: maximum.data[d] ?? NaN }));

/** Whether codes stand for numbers at all: neither end is infinite. */
export const hasFiniteEnds = ({ minimum, maximum }: Span): boolean =>
  Number.isFinite(minimum) && Number.isFinite(maximum);

/** Whether nothing can overflow, or lose digits below the normal range, in sums of 16 bits: the range from 2^-4 to 120, its ends within twice it. */
export const isTame = ({ minimum, maximum }: Span): boolean => {
  const range = maximum - minimum;
  const far = Math.max(Math.abs(minimum), Math.abs(maximum));
  return range >= 2 ** -4 && range <= 120 && far <= 2 * range;
};

/** A range in which many half-integers are computed exactly in every order: 85 · 2^k, 255 · 2^k and others, from a multiple of 2^k. */
const exactSpans: Arbitrary<Span> = fc
  .tuple(
    fc.constantFrom(85, 85, 255, 5, 51),
    fc.integer({ min: -4, max: 6 }),
    fc.constantFrom(0, 0, 1, -1, -64, 128),
  )
  .map(([parts, exponent, from]) => ({
    minimum: from * 2 ** exponent,
    maximum: (from + parts) * 2 ** exponent,
  }));

const spanFrom = (from: number, width: number): Span => ({
  minimum: from,
  maximum: from + Math.abs(width),
});

const ordinarySpans: Arbitrary<Span> = fc.tuple(ordinary(8), ordinary(8)).map(([x, y]) => ({
  minimum: Math.min(x, y),
  maximum: Math.max(x, y) + 0.25,
}));

const edgeSpans: Arbitrary<Span> = fc.oneof(
  { weight: 4, arbitrary: exactSpans },
  { weight: 1, arbitrary: ordinary(8).map((x) => spanFrom(x, 0)) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      { minimum: -3e38, maximum: 3e38 },
      { minimum: 0, maximum: 3e38 },
      { minimum: -60000, maximum: 60000 },
      { minimum: 2 ** -149, maximum: 2 ** -140 },
      { minimum: -(2 ** -126), maximum: 2 ** -120 },
      { minimum: 1000, maximum: 1001 },
      { minimum: -0, maximum: 0 },
      { minimum: -1, maximum: 1 },
    ),
  },
);

/** The ranges of so many dimensions. */
export const spans = (level: Level, width: number): Arbitrary<readonly Span[]> =>
  level === 'scale'
    ? fc.nat().map((seed) => {
        const from = seededNumbers(seed, width, { deviation: 4 });
        const next = randomStream(seed + 1);
        return from.map((x) => spanFrom(x, 8 * next() + 2 ** -4));
      })
    : fc.array(level === 'edge' ? edgeSpans : ordinarySpans, {
        minLength: width,
        maxLength: width,
      });

/** How many vectors of what width there are. */
export const sizes = (level: Level): Arbitrary<readonly [number, number]> =>
  level === 'scale'
    ? fc.tuple(fc.constantFrom(7, 17, 31), fc.constantFrom(8, 15, 33, 65))
    : fc.tuple(
        fc.integer({ min: level === 'edge' ? 0 : 1, max: 5 }),
        fc.integer({ min: level === 'edge' ? 0 : 1, max: 5 }),
      );
