import fc, { type Arbitrary } from 'fast-check';
import type { Level } from '../component.ts';
import { elements, leading, longLengths, randomStream, seededNumbers } from '../generate.ts';
import { floats } from '../schema.ts';
import { sizeOf, tensor, type FloatTensor } from '../tensor.ts';

/** Two vectors, or two tensors of as many. */
export interface Pair {
  readonly a: FloatTensor;
  readonly b: FloatTensor;
}

export const pairFields = {
  a: floats('[..., D]', 'vectors'),
  b: floats('[..., D]', 'as many vectors'),
};

/** A golden vector's input. Without a shape, one vector each. */
export const pair = (
  a: readonly number[],
  b: readonly number[],
  shape: readonly number[] = [a.length],
): Pair => ({ a: tensor('float32', shape, a), b: tensor('float32', shape, b) });

type Couple = readonly [number, number];

const apart = (element: Arbitrary<number>): Arbitrary<Couple> => fc.tuple(element, element);

/** Sums of few of their products are exact in 24 bits, not in 11. */
const smallIntegers = apart(fc.integer({ min: -60, max: 60 }));

/** A number of 19 bits times 0, 1 or −1: exact unless an input is cut to fewer bits. */
const longTimesUnit: Arbitrary<Couple> = fc.tuple(
  fc.integer({ min: -(2 ** 19), max: 2 ** 19 }).map((x) => x / 256),
  fc.constantFrom(0, 0, 1, -1),
);

/** Components far from zero, and near each other: what is lost when squares are subtracted. */
const offset: Arbitrary<Couple> = fc
  .tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 }))
  .map(([x, y]) => [10000 + x, 10000 + y]);

const extremes = apart(
  fc.oneof(
    fc.constantFrom(0, -0, 1, -1, 3, 0.5, 30000, -30000, 2 ** -14, 2 ** -24, 2 ** -126, 2 ** -149),
    fc.integer({ min: -1000, max: 1000 }),
    fc.integer({ min: -(2 ** 15), max: 2 ** 15 }).map((x) => x / 2 ** 20),
  ),
);

/** Products of these are subnormal in float32, or below all of its numbers. */
const underflowing = apart(
  fc.constantFrom(2 ** -70, -(2 ** -75), 3 * 2 ** -75, 1.375 * 2 ** -74, 0),
);

/** Small vectors, whose norms an epsilon would drown. */
const faint = apart(fc.integer({ min: -100, max: 100 }).map((x) => x * 2 ** -20));

const equal = elements('core').map((x): Couple => [x, x]);
const opposite = elements('core').map((x): Couple => [x, -x]);
const againstZero = elements('core').map((x): Couple => [x, 0]);
const special = apart(fc.constantFrom(NaN, Infinity, -Infinity, 0, 1, -2, 3, 3, 1));

const finiteEdges = [
  smallIntegers,
  longTimesUnit,
  offset,
  extremes,
  underflowing,
  faint,
  equal,
  opposite,
  againstZero,
];

const ofCouples = (shape: readonly number[], couples: readonly Couple[]): Pair => ({
  a: tensor(
    'float64',
    shape,
    couples.map(([x]) => x),
  ),
  b: tensor(
    'float64',
    shape,
    couples.map(([, y]) => y),
  ),
});

const seededIntegers = (seed: number, count: number): number[] => {
  const next = randomStream(seed);
  return Array.from({ length: count }, () => Math.floor(next() * 33) - 16);
};

/** Long vectors from a seed: of ordinary numbers, of numbers far from zero, or of integers, whose sums are exact. */
const longPairs = (shape: readonly number[]): Arbitrary<Pair> =>
  fc.tuple(fc.nat(), fc.constantFrom('ordinary', 'integers', 'offset')).map(([seed, kind]) => {
    const draw = (from: number) =>
      kind === 'integers'
        ? seededIntegers(from, sizeOf(shape))
        : seededNumbers(from, sizeOf(shape), { mean: kind === 'offset' ? 100 : 0 });
    return { a: tensor('float64', shape, draw(seed)), b: tensor('float64', shape, draw(seed + 1)) };
  });

/** Inputs of a level. NaN and infinities are among the edges where they have a meaning. */
export const pairs = (level: Level, { finite = false } = {}): Arbitrary<Pair> =>
  fc
    .tuple(leading(level), level === 'edge' ? fc.nat({ max: 8 }) : longLengths(level))
    .chain(([rows, width]) => {
      const shape = [...rows, width];
      if (level === 'scale') return longPairs(shape);
      const kinds =
        level === 'core'
          ? [apart(elements('core'))]
          : finite
            ? finiteEdges
            : [...finiteEdges, special];
      const size = { minLength: sizeOf(shape), maxLength: sizeOf(shape) };
      return fc
        .oneof(...kinds.map((couple) => fc.array(couple, size)))
        .map((couples) => ofCouples(shape, couples));
    });

/** Inputs that must be rejected. */
export const invalidPairs = {
  'the widths differ': fc.constant({
    a: tensor('float32', [2], [1, 2]),
    b: tensor('float32', [3], [1, 2, 3]),
  }),
  'the numbers of vectors differ': fc.constant({
    a: tensor('float32', [2, 2], [1, 2, 3, 4]),
    b: tensor('float32', [3, 2], [1, 2, 3, 4, 5, 6]),
  }),
};
