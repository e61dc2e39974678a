import fc, { type Arbitrary } from 'fast-check';
import type { Level } from '../component.ts';
import { floatTensor, ordinary, randomStream, seededNumbers } from '../generate.ts';
import { sizeOf, tensor, type FloatTensor, type IntegerTensor } from '../tensor.ts';

/** How many subvectors, centroids of each, and components of those; and how many vectors and queries. */
export interface Sizes {
  readonly books: number;
  readonly centroids: number;
  readonly width: number;
  readonly count: number;
  readonly asked: number;
}

const small = (least: number): Arbitrary<Sizes> =>
  fc.record({
    books: fc.integer({ min: 1, max: 3 }),
    centroids: fc.integer({ min: 1, max: 5 }),
    width: fc.integer({ min: 1, max: 3 }),
    count: fc.integer({ min: least, max: 5 }),
    asked: fc.integer({ min: least, max: 3 }),
  });

/** 768 components in 8 subvectors of 96, with 16 centroids in place of 256; all 256; and sizes around powers of two. */
const large: Arbitrary<Sizes> = fc
  .constantFrom(
    [8, 16, 96, 2],
    [1, 256, 2, 5],
    [2, 129, 3, 5],
    [4, 255, 1, 4],
    [3, 17, 8, 7],
    [16, 3, 5, 9],
  )
  .map(([books = 1, centroids = 1, width = 1, count = 1]) => ({
    books,
    centroids,
    width,
    count,
    asked: 2,
  }));

export const sizesOf = (level: Level): Arbitrary<Sizes> =>
  level === 'scale' ? large : small(level === 'edge' ? 0 : 1);

/** Integers tie, repeat and have exact distances; of those far from zero only the differences are small; faint ones an epsilon would drown. */
const edgeElements: Arbitrary<Arbitrary<number>> = fc.constantFrom(
  fc.integer({ min: -2, max: 2 }),
  fc.integer({ min: -60, max: 60 }),
  fc.integer({ min: -5, max: 5 }).map((x) => 10000 + x),
  fc.integer({ min: -100, max: 100 }).map((x) => x * 2 ** -20),
  fc.constantFrom(0, -0, 1, 300, -30000, 2 ** -70, 2 ** -140),
  fc.integer({ min: -(2 ** 19), max: 2 ** 19 }).map((x) => x / 256),
  ordinary(),
);

/** Long tensors, half of them of small integers, whose distances are exact and often tie. */
const seeded = (shape: readonly number[], seed: number, integers: boolean): FloatTensor => {
  const next = randomStream(seed);
  return tensor(
    'float64',
    shape,
    integers
      ? Array.from({ length: sizeOf(shape) }, () => Math.floor(next() * 17) - 8)
      : seededNumbers(seed, sizeOf(shape)),
  );
};

/** Tensors of these shapes, their elements all of one kind. */
export const alike = (
  level: Level,
  shapes: readonly (readonly number[])[],
): Arbitrary<readonly FloatTensor[]> => {
  if (level === 'scale')
    return fc
      .tuple(fc.nat(), fc.boolean())
      .map(([seed, integers]) => shapes.map((shape, i) => seeded(shape, seed + i, integers)));
  return (level === 'edge' ? edgeElements : fc.constant(ordinary())).chain((element) =>
    fc.tuple(...shapes.map((shape) => floatTensor(shape, element))),
  );
};

/** Codes of some centroids, the first and the last more often than others. */
export const codesBelow = ({ centroids, count, books }: Sizes): Arbitrary<IntegerTensor> => {
  const size = count * books;
  const code = fc.oneof(
    { weight: 3, arbitrary: fc.nat({ max: centroids - 1 }) },
    { weight: 1, arbitrary: fc.constantFrom(0, centroids - 1) },
  );
  return fc
    .array(code, { minLength: size, maxLength: size })
    .map((codes) => tensor('uint8', [count, books], codes));
};

/** A golden vector's codebooks: a list of centroids for each subvector. */
export const codebook = (...books: readonly (readonly (readonly number[])[])[]): FloatTensor =>
  tensor(
    'float32',
    [books.length, books[0]?.length ?? 0, books[0]?.[0]?.length ?? 0],
    books.flat(2),
  );

/** Golden vectors, by rows. */
export const matrix = (...rows: readonly (readonly number[])[]): FloatTensor =>
  tensor('float32', [rows.length, rows[0]?.length ?? 0], rows.flat());

/** A golden vector's codes, by rows. */
export const codesOf = (...rows: readonly (readonly number[])[]): IntegerTensor =>
  tensor('uint8', [rows.length, rows[0]?.length ?? 0], rows.flat());
