import fc, { type Arbitrary } from 'fast-check';
import { metrics, type Metric } from '../bounds/ranking.ts';
import type { Level } from '../component.ts';
import { booleanTensor, floatTensor, ordinary, randomStream, seededNumbers } from '../generate.ts';
import { tensor, type BooleanTensor, type FloatTensor } from '../tensor.ts';

/** What is searched, for what, and among which. */
export interface Search {
  readonly vectors: FloatTensor;
  readonly queries: FloatTensor;
  readonly k: number;
  readonly metric: Metric;
  readonly allowed?: BooleanTensor | undefined;
}

interface Sizes {
  readonly count: number;
  readonly asked: number;
  readonly width: number;
}

const small = (least: number): Arbitrary<Sizes> =>
  fc.record({
    count: fc.integer({ min: least, max: 9 }),
    asked: fc.integer({ min: least, max: 3 }),
    width: fc.integer({ min: 1, max: 5 }),
  });

const large: Arbitrary<Sizes> = fc.record({
  count: fc.constantFrom(31, 32, 33, 63, 64, 65, 127, 128, 129),
  asked: fc.constantFrom(1, 2, 3),
  width: fc.constantFrom(3, 8, 16, 17),
});

/** No mask, all, none, one, or any of them. */
const masks = (count: number): Arbitrary<BooleanTensor | undefined> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constant(undefined) },
    { weight: 2, arbitrary: booleanTensor([count]) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(0, 1).map((value) =>
        tensor(
          'bool',
          [count],
          Array.from({ length: count }, () => value),
        ),
      ),
    },
    {
      weight: 1,
      arbitrary: fc.nat({ max: Math.max(0, count - 1) }).map((only) =>
        tensor(
          'bool',
          [count],
          Array.from({ length: count }, (_, i) => (i === only ? 1 : 0)),
        ),
      ),
    },
  );

/** Integers tie, repeat and have exact scores; of those far from zero only the differences are small; faint ones an epsilon would drown. */
const edgeElements = fc.constantFrom(
  fc.integer({ min: -2, max: 2 }),
  fc.integer({ min: -2, max: 2 }),
  fc.integer({ min: -60, max: 60 }),
  fc.integer({ min: -5, max: 5 }).map((x) => 10000 + x),
  fc.integer({ min: -100, max: 100 }).map((x) => x * 2 ** -20),
  fc.constantFrom(0, -0, 1),
  ordinary(),
);

/** Long lists, half of them of integers with exact scores and many ties. */
const seeded = (shape: readonly number[], seed: number, integers: boolean): FloatTensor => {
  const size = shape.reduce((product, length) => product * length, 1);
  const next = randomStream(seed);
  return tensor(
    'float64',
    shape,
    integers
      ? Array.from({ length: size }, () => Math.floor(next() * 9) - 4)
      : seededNumbers(seed, size),
  );
};

const tensorsOf = (level: Level, { count, asked, width }: Sizes) => {
  const shapes = [
    [count, width],
    [asked, width],
  ] as const;
  if (level === 'scale')
    return fc.tuple(fc.nat(), fc.boolean()).map(([seed, integers]) => ({
      vectors: seeded(shapes[0], seed, integers),
      queries: seeded(shapes[1], seed + 1, integers),
    }));
  return (level === 'edge' ? edgeElements : fc.constant(ordinary())).chain((element) =>
    fc.record({
      vectors: floatTensor(shapes[0], element),
      queries: floatTensor(shapes[1], element),
    }),
  );
};

/** Searches of a level: every metric, k from 1 to beyond the number of vectors. */
export const searches = (level: Level): Arbitrary<Search> =>
  (level === 'scale' ? large : small(level === 'edge' ? 0 : 1)).chain((sizes) =>
    fc
      .tuple(
        tensorsOf(level, sizes),
        fc.constantFrom(...metrics),
        fc.oneof(fc.integer({ min: 1, max: sizes.count + 2 }), fc.constant(1)),
        masks(sizes.count),
      )
      .map(([tensors, metric, k, allowed]) => ({
        ...tensors,
        k,
        metric,
        ...(allowed === undefined ? {} : { allowed }),
      })),
  );

/** A golden vector's input: vectors and queries by rows. */
export const search = (
  vectors: readonly (readonly number[])[],
  queries: readonly (readonly number[])[],
  k: number,
  metric: Metric,
  allowed?: readonly number[],
): Search => {
  const width = vectors[0]?.length ?? 0;
  return {
    vectors: tensor('float32', [vectors.length, width], vectors.flat()),
    queries: tensor('float32', [queries.length, width], queries.flat()),
    k,
    metric,
    ...(allowed === undefined ? {} : { allowed: tensor('bool', [vectors.length], allowed) }),
  };
};
