import fc, { type Arbitrary } from 'fast-check';
import type { Level } from './component.ts';
import { tensor, sizeOf, type BooleanTensor, type FloatTensor } from './tensor.ts';

/** Lengths of an axis: small ones, and at scale those around powers of two, primes, and tile edges. */
export const lengths = (level: Level, largest = 6): Arbitrary<number> =>
  level === 'scale'
    ? fc.constantFrom(7, 8, 9, 15, 16, 17, 31, 32, 33, 37, 63, 64, 65, 67, 127, 128, 129)
    : fc.integer({ min: 1, max: largest });

/** A long axis for reductions. */
export const longLengths = (level: Level, largest = 8): Arbitrary<number> =>
  level === 'scale'
    ? fc.constantFrom(
        63,
        64,
        65,
        127,
        128,
        129,
        251,
        255,
        256,
        257,
        509,
        511,
        512,
        513,
        1021,
        1024,
        1025,
      )
    : fc.integer({ min: 1, max: largest });

/** Zero, one or two leading axes. */
export const leading = (level: Level): Arbitrary<readonly number[]> =>
  level === 'scale'
    ? fc.constantFrom<readonly number[]>([], [2])
    : fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 2 });

/** Ordinary numbers: small integers, halves, and doubles up to `magnitude`. */
export const ordinary = (magnitude = 4): Arbitrary<number> =>
  fc.oneof(
    { weight: 1, arbitrary: fc.integer({ min: -4, max: 4 }) },
    {
      weight: 3,
      arbitrary: fc.double({ min: -magnitude, max: magnitude, noNaN: true }).map(flushTiny),
    },
  );

/** Doubles are drawn evenly over bit patterns, so that most are near zero: those would all be subnormal in a narrow format. */
const flushTiny = (x: number): number =>
  Math.abs(x) < 2 ** -12 ? Math.round(x * 2 ** 40) / 2 ** 20 : x;

/** Numbers at the edges of what a format holds, repeated often enough to tie. */
export const extreme = (magnitude = 2 ** 40): Arbitrary<number> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(0, -0, 1, -1, 2, 0.5, 3) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(2 ** -149, -(2 ** -149), 2 ** -126, 2 ** -130, 2 ** -24, 2 ** -14),
    },
    { weight: 2, arbitrary: fc.double({ min: -magnitude, max: magnitude, noNaN: true }) },
    { weight: 2, arbitrary: fc.integer({ min: -1000, max: 1000 }) },
  );

/** Elements of a level's tensors. */
export const elements = (level: Level): Arbitrary<number> =>
  level === 'edge' ? extreme() : ordinary();

/** A pseudo-random sequence in [0, 1) (mulberry32): large tensors come from a seed, so that generating and shrinking them is cheap. */
export function randomStream(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Approximately normal numbers from a seed: the sum of twelve uniform ones, less six. */
export function seededNumbers(
  seed: number,
  count: number,
  { mean = 0, deviation = 1 } = {},
): number[] {
  const next = randomStream(seed);
  return Array.from({ length: count }, () => {
    let total = -6;
    for (let i = 0; i < 12; i += 1) total += next();
    return mean + deviation * total;
  });
}

/** A float tensor of a known shape. Over 64 elements it comes from a seed. */
export function floatTensor(
  shape: readonly number[],
  element: Arbitrary<number>,
  spread?: { readonly mean?: number; readonly deviation?: number },
): Arbitrary<FloatTensor> {
  const size = sizeOf(shape);
  if (size > 64)
    return fc.nat().map((seed) => tensor('float64', shape, seededNumbers(seed, size, spread)));
  return fc
    .array(element, { minLength: size, maxLength: size })
    .map((values) => tensor('float64', shape, values));
}

/** A mask of a known shape. Over 64 elements it comes from a seed, three of four true. */
export function booleanTensor(shape: readonly number[]): Arbitrary<BooleanTensor> {
  const size = sizeOf(shape);
  if (size > 64)
    return fc.nat().map((seed) => {
      const next = randomStream(seed);
      return tensor(
        'bool',
        shape,
        Array.from({ length: size }, () => (next() < 0.75 ? 1 : 0)),
      );
    });
  return fc
    .array(fc.boolean(), { minLength: size, maxLength: size })
    .map((values) => tensor('bool', shape, values.map(Number)));
}

/** Either the value or nothing, so that the default is used. */
export const maybe = <T>(value: Arbitrary<T>): Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined });
