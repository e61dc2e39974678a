import fc, { type Arbitrary } from 'fast-check';
import type { Level } from '../component.ts';
import { longLengths, randomStream } from '../generate.ts';

export interface Sequences {
  readonly first: readonly number[];
  readonly second?: readonly number[] | undefined;
  readonly maxLength: number;
  readonly classify?: number | undefined;
  readonly separate?: number | undefined;
  readonly pad?: number | undefined;
}

/** Ids go into tensors of int32. */
export const largestId = 2 ** 31 - 1;

/** Ids of control tokens stand among the others: 0, 101 and 102 are the defaults. */
const id = (level: Level): Arbitrary<number> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: 1000, max: 30_000 }) },
    { weight: 2, arbitrary: fc.constantFrom(0, 101, 102) },
    {
      weight: 1,
      arbitrary: level === 'edge' ? fc.constantFrom(1, 2, 3, largestId) : fc.nat({ max: 200 }),
    },
  );

const seededIds = (seed: number, length: number): readonly number[] => {
  const next = randomStream(seed);
  return Array.from({ length }, () => Math.floor(next() * 400));
};

const list = (level: Level): Arbitrary<readonly number[]> =>
  level === 'scale'
    ? fc.tuple(fc.nat(), longLengths(level)).map(([seed, length]) => seededIds(seed, length))
    : fc.array(id(level), { maxLength: level === 'edge' ? 4 : 12 });

/** How much longer the row is than what stands in it. */
const spare = (level: Level): Arbitrary<number> => {
  if (level === 'core') return fc.integer({ min: -10, max: 6 });
  return level === 'edge'
    ? fc.constantFrom(0, 0, 1, -1, -2, -3, -100)
    : fc.constantFrom(0, 1, -1, -2, -63, -64, -255, -500, 100);
};

/** Sometimes control tokens have one id. */
const controls: Arbitrary<Pick<Sequences, 'classify' | 'separate' | 'pad'>> = fc.oneof(
  fc.constant({}),
  fc.record(
    { classify: fc.nat({ max: 3 }), separate: fc.nat({ max: 3 }), pad: fc.nat({ max: 3 }) },
    { requiredKeys: [] },
  ),
);

export const sequenceInputs = (level: Level): Arbitrary<Sequences> =>
  fc
    .tuple(list(level), list(level), fc.constantFrom('other', 'equal', 'none'))
    .chain(([first, other, kind]) => {
      const second = { other, equal: first.toReversed(), none: undefined }[kind];
      const control = second === undefined ? 2 : 3;
      const whole = control + first.length + (second?.length ?? 0);
      return fc.tuple(spare(level), controls).map(([more, chosen]) => ({
        first,
        ...(second === undefined ? {} : { second }),
        maxLength: Math.max(control, whole + more),
        ...chosen,
      }));
    });
