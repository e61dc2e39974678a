import fc, { type Arbitrary } from 'fast-check';
import type { z } from 'zod';
import type { Level, Law } from '../component.ts';
import { longLengths, ordinary, seededNumbers } from '../generate.ts';
import { inapplicable } from '../laws.ts';
import { floats } from '../schema.ts';
import { tensor, type FloatTensor } from '../tensor.ts';

/** Finite, and none over the one before it. */
const isFalling = ({ data }: FloatTensor): boolean =>
  Array.from(data).every(
    (x, i, all) => Number.isFinite(x) && (i === 0 || x <= (all[i - 1] ?? NaN)),
  );

/** The scores of a search, best first. */
export const sortedScores = (): z.ZodType<FloatTensor, FloatTensor> =>
  floats('[N]', 'similarities, best first').refine(isFalling, {
    error: 'expected finite scores of which none is over the one before it',
  });

export const scoreTensor = (values: readonly number[]): FloatTensor =>
  tensor('float32', [values.length], values);

export const fallingTensor = (values: readonly number[]): FloatTensor =>
  tensor(
    'float64',
    [values.length],
    values.toSorted((x, y) => y - x),
  );

/** Similarities as they occur, in no format exactly. */
const usual = fc.constantFrom(0.95, 0.9, 0.78, 0.7, 0.65, 0.45, 0.3, 0.23, 0.1);

/** Few different numbers, so that many are equal; some over 1, some faint, some far apart. */
const edgePools: readonly Arbitrary<number>[] = [
  fc.constantFrom(1, 0.5, 0.25, 0.75),
  fc.constantFrom(0, -0, 1, -1, -0.5),
  fc.constantFrom(1, 1 + 2 ** -7, 1 - 2 ** -8, 1 + 2 ** -23, 2),
  fc.integer({ min: -4, max: 4 }),
  fc.integer({ min: -900, max: 1000 }),
  fc.integer({ min: -60, max: 60 }).map((x) => x * 2 ** -20),
  fc.constantFrom(1000, 2 ** -14, -(2 ** -14), 2 ** -24, 2 ** -126, 2 ** -149, -(2 ** -130)),
  fc.constantFrom(-0.25, -0.5, -1, -2),
];

/** Falling scores of a level, at most 1000 in magnitude, in float64. */
export function fallingScores(level: Level): Arbitrary<FloatTensor> {
  if (level === 'scale')
    return fc
      .tuple(longLengths('scale'), fc.nat(), fc.boolean())
      .map(([count, seed, isCoarse]) =>
        fallingTensor(
          seededNumbers(seed, count).map((x) => (isCoarse ? Math.round(x * 16) / 16 : x)),
        ),
      );
  if (level === 'core')
    return fc
      .array(fc.oneof(usual, ordinary(1)), { minLength: 1, maxLength: 8 })
      .map(fallingTensor);
  return fc
    .constantFrom(...edgePools)
    .chain((pool) => fc.array(pool, { maxLength: 8 }))
    .map(fallingTensor);
}

/** Scores of which none is negative and one at least is positive in every format. */
export const massiveScores = (level: Level): Arbitrary<FloatTensor> =>
  fallingScores(level).map((scores) => {
    const values = Array.from(scores.data, Math.abs);
    const isFaint = values.length > 0 && values.every((x) => x < 2 ** -12);
    return fallingTensor(isFaint ? [...values.slice(1), 1] : values);
  });

interface Sorted {
  readonly scores: FloatTensor;
}
export interface Count {
  readonly count: number;
}
export type CutoffLaw<I> = Law<I, I, Count>;

export const withScores = <I extends Sorted>(input: I, values: readonly number[]): I => ({
  ...input,
  scores: { ...input.scores, shape: [values.length], data: values },
});

/** Two inputs, and what the count of the second must be. Nothing: the law says nothing here. */
export const countLaw =
  <I extends Sorted>(
    relate: (
      input: I,
    ) => { readonly input: I; readonly holds: (own: number, other: number) => boolean } | undefined,
  ): CutoffLaw<I> =>
  async (input, run) => {
    const relation = relate(input);
    if (relation === undefined) return inapplicable;
    const own = (await run(input)).output.count;
    const other = (await run(relation.input)).output.count;
    return relation.holds(own, other) ? undefined : `${own}, and ${other} of the other`;
  };

/** Whether doubling a number stays far from where any format ends. */
export const isTame = (x: number): boolean =>
  x === 0 || (Math.abs(x) >= 2 ** -10 && Math.abs(x) <= 2 ** 10);

/** Why a count is none of a list of so many, or nothing. */
export const countRefusal = (count: number, length: number): string | undefined =>
  Number.isInteger(count) && count >= 0 && count <= length
    ? undefined
    : `expected a count from 0 to ${length}, got ${count}`;
