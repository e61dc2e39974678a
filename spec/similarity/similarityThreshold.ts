import fc, { type Arbitrary } from 'fast-check';
import { z } from 'zod';
import { heldBetween } from '../bounds/cutoffs.ts';
import { component } from '../component.ts';
import type { Rounding } from '../numerics.ts';
import { fields, real } from '../schema.ts';
import type { FloatTensor } from '../tensor.ts';
import {
  countLaw,
  countRefusal,
  fallingScores,
  isTame,
  scoreTensor,
  sortedScores,
  withScores,
} from './scores.ts';
import { aboveThreshold } from './worked.ts';
import { thresholdSizes } from './sizes.ts';

interface Thresholded {
  readonly scores: FloatTensor;
  readonly threshold: number;
}

/** How many of falling scores are at least so much. */
const countFrom = (values: readonly number[], threshold: number): number =>
  values.filter((x) => x >= threshold).length;

/**
 * Why a count is none that a sound implementation can give: scores that reach the threshold count; one that does not may where the threshold
 * rounds down to it, and then so do its equals.
 */
function refusal({ scores, threshold }: Thresholded, count: number, rounding: Rounding) {
  const values = Array.from(scores.data);
  const least = countFrom(values, threshold);
  const most = countFrom(values, heldBetween(rounding, threshold).least);
  const outside = countRefusal(count, values.length);
  if (outside !== undefined) return outside;
  if (count < least) return `score ${values[count]} is left out and reaches ${threshold}`;
  if (count > most) return `score ${values[count - 1]} is counted and is surely below ${threshold}`;
  return count > least && values[count] === values[count - 1]
    ? `of equal scores ${values[count]} one is counted and one left out`
    : undefined;
}

/** Any number; one of the scores, which it then meets exactly; a common one. */
const thresholdsFor = ({ data }: FloatTensor): Arbitrary<number> =>
  fc.oneof(
    fc.constantFrom(0.5, 0.7, 0, 1, -0, 0.25, 0.1, -0.5, 2 ** -14),
    data.length === 0 ? fc.constant(0) : fc.constantFrom(...Array.from(data)),
    fc.double({ min: -2, max: 2, noNaN: true }),
  );

const invalidScores = { threshold: 0.5 };

/**
 * similarityThreshold(s, t) counts the scores that are at least t: one that equals it counts. Scores stand best first, so that the count says
 * which they are. Nothing is special about 0 and 1: a dot product, or a cosine that was rounded up, may be over 1, and both may be negative.
 *
 * @example
 * similarityThreshold({ scores: [0.95, 0.78, 0.65, 0.45, 0.23], threshold: 0.6 }) // → { count: 3 }
 */
export const similarityThreshold = component({
  family: 'similarity',
  summary: 'Counts the results that are similar enough.',
  formula: String.raw`c = |\{ i : s_i \ge t \}|`,
  source: 'house definition; inclusive as the score_threshold of qdrant, "greater or equal"',
  domain:
    'Finite scores that fall; those that rise anywhere, and NaN, are rejected. No scores give 0. A threshold that no format of the implementation holds may be rounded to one that a score meets.',
  input: fields({
    scores: sortedScores(),
    threshold: real('a finite number', Number.isFinite, 'the least score that counts'),
  }),
  output: z.strictObject({
    count: z.int().describe('how many, from the best on, are at least the threshold'),
  }),
  arbitrary: (level) =>
    fallingScores(level).chain((scores) =>
      fc.record({ scores: fc.constant(scores), threshold: thresholdsFor(scores) }),
    ),
  sized: thresholdSizes,
  invalid: {
    'the scores rise': fc.constant({ ...invalidScores, scores: scoreTensor([0.25, 0.5, 0.75]) }),
    'one score is out of order': fc.constant({
      ...invalidScores,
      scores: scoreTensor([0.75, 0.25, 0.5, 0.125]),
    }),
    'a score is NaN': fc.constant({ ...invalidScores, scores: scoreTensor([0.75, NaN, 0.25]) }),
    'the threshold is NaN': fc.constant({ scores: scoreTensor([0.75, 0.25]), threshold: NaN }),
  },
  boundSource:
    'a comparison rounds nothing; only the threshold may be rounded, to the format of accumulation or of storage (numerics.md §1)',
  admits: (_a, { input, rounding, output }) => refusal(input, output.count, rounding),
  laws: {
    'counts what equals the threshold': async (input, run) => {
      const values = Array.from(input.scores.data);
      const middle = values[Math.floor(values.length / 2)] ?? 0;
      const { output } = await run({ ...input, threshold: middle });
      const expected = countFrom(values, middle);
      return output.count === expected
        ? undefined
        : `expected ${expected} at threshold ${middle}, got ${output.count}`;
    },
    'never rises as the threshold rises': countLaw((input) => ({
      input: { ...input, threshold: input.threshold + 0.25 },
      holds: (own, other) => other <= own,
    })),
    'counts in the first half what it counts there in the whole': countLaw((input) => {
      const first = Array.from(input.scores.data).slice(0, Math.ceil(input.scores.data.length / 2));
      return {
        input: withScores(input, first),
        holds: (own, other) => other === Math.min(own, first.length),
      };
    }),
    'counts every score twice where it stands twice': countLaw((input) => ({
      input: withScores(
        input,
        Array.from(input.scores.data).flatMap((x) => [x, x]),
      ),
      holds: (own, other) => other === 2 * own,
    })),
    'is the same when scores and threshold are doubled': countLaw((input) => {
      const values = Array.from(input.scores.data);
      return [...values, input.threshold].every(isTame)
        ? {
            input: {
              ...withScores(
                input,
                values.map((x) => 2 * x),
              ),
              threshold: 2 * input.threshold,
            },
            holds: (own, other) => own === other,
          }
        : undefined;
    }),
  },
  worked: aboveThreshold,
  examples: [
    {
      id: 'medium',
      why: 'the worked example of the notes: a threshold of 0.6',
      flags: ['classic'],
      input: { scores: scoreTensor([0.95, 0.78, 0.65, 0.45, 0.23]), threshold: 0.6 },
    },
    {
      id: 'low',
      why: 'the same at 0.4: one more',
      flags: ['classic'],
      input: { scores: scoreTensor([0.95, 0.78, 0.65, 0.45, 0.23]), threshold: 0.4 },
    },
    {
      id: 'equality',
      why: 'a score equal to the threshold left out, or one that is nearly so counted',
      flags: ['similarity-cutoffs-06'],
      input: { scores: scoreTensor([0.75, 0.5, 0.4921875, 0.25]), threshold: 0.5 },
    },
    {
      id: 'equality-of-several',
      why: 'the search stops at the first of several that equal the threshold',
      flags: ['similarity-cutoffs-06', 'ties'],
      input: { scores: scoreTensor([8, 5, 5, 5, 5, 2]), threshold: 5 },
    },
    {
      id: 'over-one',
      why: 'a cosine that was rounded over 1 lost to an upper bound of 1',
      flags: ['similarity-cutoffs-07'],
      input: {
        scores: scoreTensor([1 + 2 ** -23, 1 + 2 ** -23, 1, 0.5]),
        threshold: 0.75,
      },
    },
    {
      id: 'opposite',
      why: 'orthogonal and opposite results pass, because a distance of 1 or more is taken for similarity 1',
      flags: ['similarity-cutoffs-01'],
      input: { scores: scoreTensor([0.875, 0.625, 0, -0.5, -1]), threshold: 0.25 },
    },
    {
      id: 'negative-threshold',
      why: 'a negative threshold taken for none, or for its magnitude',
      flags: ['negative'],
      input: { scores: scoreTensor([0.5, 0.25, -0.125, -0.25, -0.75]), threshold: -0.25 },
    },
    {
      id: 'all',
      why: 'the last result left out where all are similar enough',
      flags: ['all'],
      input: { scores: scoreTensor([0.9, 0.85, 0.8]), threshold: 0.3 },
    },
    {
      id: 'long',
      why: 'only a first page looked at',
      flags: ['length'],
      input: {
        scores: scoreTensor(Array.from({ length: 257 }, (_, i) => 2 - i / 128)),
        threshold: 0.25,
      },
    },
  ],
});
