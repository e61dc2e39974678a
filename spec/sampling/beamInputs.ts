import fc, { type Arbitrary } from 'fast-check';
import type { Level } from '../component.ts';
import { maybe, seededNumbers } from '../generate.ts';
import { tensor, type FloatTensor } from '../tensor.ts';

/** An input as it is written. */
export interface Search {
  readonly initial: FloatTensor;
  readonly transition: FloatTensor;
  readonly length: number;
  readonly beams: number;
  readonly end?: number | undefined;
  readonly lengthPenalty?: number | undefined;
}

/** Rows of log-probabilities, approximately normalised. */
const normalised = (seed: number, width: number): readonly number[] => {
  const scores = seededNumbers(seed, width * (width + 1), { deviation: 2 });
  return Array.from({ length: width + 1 }, (_, i) => {
    const row = scores.slice(i * width, (i + 1) * width);
    const total = row.reduce((sum, x) => sum + Math.exp(x), 0);
    return row.map((x) => x - Math.log(total));
  }).flat();
};

/** Whole numbers and halves, so that sums are exact and tie; excluded tokens and transitions; numbers in steps that a narrow sum loses. */
const tied = fc.constantFrom(0, -1, -1, -2, -3, -0.5, -4, -Infinity);
const spread = fc.constantFrom(-1000, -1001, -0.25, -0.375, -2048, -1, -0.125, -Infinity);

const valuesOf = (level: Level, width: number): Arbitrary<readonly number[]> => {
  const count = width * (width + 1);
  const all = (element: Arbitrary<number>) =>
    fc.array(element, { minLength: count, maxLength: count });
  const random = fc.nat().map((seed) => normalised(seed, width));
  if (level !== 'edge') return random;
  return fc.oneof(all(tied), all(tied), all(spread), random);
};

const sizesOf = (level: Level): Arbitrary<{ width: number; length: number; beams: number }> =>
  level === 'scale'
    ? fc.record({
        width: fc.constantFrom(7, 8, 9, 16, 17, 31),
        length: fc.constantFrom(2, 7, 8, 9, 16),
        beams: fc.constantFrom(1, 3, 4, 5, 8),
      })
    : fc.record({
        width: fc.integer({ min: 1, max: 5 }),
        length: fc.integer({ min: 1, max: 5 }),
        beams: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.constantFrom(9, 40)),
      });

/** Searches of a level. */
export const beamSearches = (level: Level): Arbitrary<Search> =>
  sizesOf(level).chain(({ width, length, beams }) =>
    fc
      .tuple(
        valuesOf(level, width),
        maybe(fc.nat({ max: width - 1 })),
        maybe(fc.constantFrom(0, 0, 1, 0.6, 2, 0.5, -1)),
      )
      .map(([values, end, lengthPenalty]) => ({
        initial: tensor('float64', [width], values.slice(0, width)),
        transition: tensor('float64', [width, width], values.slice(width)),
        length,
        beams,
        end,
        lengthPenalty,
      })),
  );

/** A search of float32 log-probabilities: those of the first token, then a row for each token before. */
export const model = (
  [initial = [], ...transition]: readonly (readonly number[])[],
  rest: Omit<Search, 'initial' | 'transition'>,
): Search => ({
  initial: tensor('float32', [initial.length], initial),
  transition: tensor('float32', [initial.length, initial.length], transition.flat()),
  ...rest,
});
