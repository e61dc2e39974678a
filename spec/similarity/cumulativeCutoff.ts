import fc, { type Arbitrary } from 'fast-check';
import { z } from 'zod';
import type { Arithmetic } from '../arithmetic.ts';
import { heldBetween, shareError } from '../bounds/cutoffs.ts';
import { component } from '../component.ts';
import type { Rounding } from '../numerics.ts';
import { fields, real } from '../schema.ts';
import type { FloatTensor } from '../tensor.ts';
import {
  countLaw,
  countRefusal,
  isTame,
  massiveScores,
  scoreTensor,
  sortedScores,
  withScores,
} from './scores.ts';
import { massSizes } from './sizes.ts';

interface Cut {
  readonly scores: FloatTensor;
  readonly mass: number;
}

const isMassive = ({ data }: FloatTensor): boolean => {
  const values = Array.from(data);
  return values.every((x) => x >= 0) && (values.length === 0 || values.some((x) => x > 0));
};

/**
 * Why a count is none that a sound implementation can give: the scores before the last surely have the mass, or those that count surely lack it.
 * All may count whatever the mass: rounding may leave the share of all below 1.
 */
function refusal<N>(
  a: Arithmetic<N>,
  { scores, mass }: Cut,
  count: number,
  rounding: Rounding,
): string | undefined {
  const values = Array.from(scores.data);
  const outside = countRefusal(count, values.length);
  if (outside !== undefined) return outside;
  if (count === 0) return values.length === 0 ? undefined : 'no score counts';
  const error = shareError(rounding, values, mass);
  if (error === Infinity) return undefined;
  const held = heldBetween(rounding, mass);
  const total = a.sum(values.map(a.from));
  const through = (k: number): N => a.sum(values.slice(0, k).map(a.from));
  const border = (of: number, off: number): N => a.multiply(a.add(a.from(of), a.from(off)), total);
  if (count > 1 && a.compare(through(count - 1), border(held.most, error)) >= 0)
    return `${count - 1} scores surely have ${mass} of the sum, and ${count} count`;
  return count < values.length && a.compare(through(count), border(held.least, -error)) < 0
    ? `the ${count} scores that count surely have less than ${mass} of the sum`
    : undefined;
}

/** Any share; one that a prefix has; a common one. */
const massesFor = ({ data }: FloatTensor): Arbitrary<number> => {
  const values = Array.from(data);
  const total = values.reduce((sum, x) => sum + x, 0);
  const shares = values
    .map((_, i) => values.slice(0, i + 1).reduce((sum, x) => sum + x, 0) / total)
    .filter((share) => share > 0 && share <= 1);
  return fc.oneof(
    fc.constantFrom(0.5, 0.25, 0.75, 0.9, 0.95, 1, 0.125),
    shares.length === 0 ? fc.constant(1) : fc.constantFrom(...shares),
    fc.double({ min: 0.01, max: 1, noNaN: true }),
  );
};

/**
 * cumulativeCutoff(s, m) is the length of the shortest prefix whose share of the sum of all scores is at least m: what topP with boundary
 * include does with probabilities, the scores taken for masses. The score that crosses m counts; at least one does. At m = 1 scores of 0 at the
 * end do not count. The sum is that of the list, not 1: scores of a search are no distribution, and only their ratios matter here.
 *
 * @example
 * cumulativeCutoff({ scores: [4, 2, 1, 1], mass: 0.75 }) // → { count: 2 }
 */
export const cumulativeCutoff = component({
  family: 'similarity',
  summary: 'Counts the best results that together have a share of all similarity.',
  formula: String.raw`c = \min \{ k : \textstyle\sum_{i \le k} s_i \ge m \sum_{i \le n} s_i \}`,
  source:
    'house definition, by analogy with nucleus sampling: Holtzman, Buys, Du, Forbes, Choi, The curious case of neural text degeneration, 2020, eq. 2',
  domain:
    'Finite scores ≥ 0 that fall, and whose sum is positive; those that rise anywhere, negative ones, NaN, and a list of zeros alone are rejected; 0 < m ≤ 1. No scores give 0. A share that cannot be told from m may be decided either way; where the sum leaves the range of the format nothing is said.',
  input: fields({
    scores: sortedScores().refine(isMassive, {
      error: 'expected scores of which none is negative, and not all are 0',
    }),
    mass: real('a number in (0, 1]', (mass) => mass > 0 && mass <= 1, 'the share to reach'),
  }),
  output: z.strictObject({
    count: z.int().describe('the length of the shortest prefix that has the share'),
  }),
  arbitrary: (level) =>
    massiveScores(level).chain((scores) =>
      fc.record({ scores: fc.constant(scores), mass: massesFor(scores) }),
    ),
  sized: massSizes,
  invalid: {
    'the scores rise': fc.constant({ mass: 0.5, scores: scoreTensor([0.25, 0.5, 0.75]) }),
    'one score is out of order': fc.constant({
      mass: 0.5,
      scores: scoreTensor([0.75, 0.25, 0.5, 0.125]),
    }),
    'a score is NaN': fc.constant({ mass: 0.5, scores: scoreTensor([0.75, NaN, 0.25]) }),
    'the mass is NaN': fc.constant({ mass: NaN, scores: scoreTensor([0.75, 0.25]) }),
  },
  boundSource:
    'spec/bounds/cutoffs.ts: a share is known within (1 + u)^n (1 + ρ)(1 + u) / (1 − u)^(n − 1) − 1 + 2u, exactly where the sum is a power of two and the format holds every partial sum',
  admits: (a, { input, rounding, output }) => refusal(a, input, output.count, rounding),
  laws: {
    'counts one where the first share surely reaches the mass': async (input, run) => {
      const count = input.scores.data.length;
      const { output } = await run({ ...input, mass: 1 / (4 * Math.max(1, count)) });
      return output.count === Math.min(1, count) ? undefined : `${output.count} of ${count}`;
    },
    'counts half of equal scores for half the mass': async (input, run) => {
      const { length } = input.scores.data;
      const half = 2 ** Math.min(6, Math.floor(Math.log2(Math.max(1, length))));
      const equal = new Array<number>(2 * half).fill(1);
      const { output } = await run({ ...withScores(input, equal), mass: 0.5 });
      return output.count === half ? undefined : `${output.count} of ${2 * half} equal scores`;
    },
    'never falls as the mass rises': countLaw((input) => ({
      input: { ...input, mass: Math.min(1, input.mass + 0.25) },
      holds: (own, other) => other >= own,
    })),
    'is the same when all scores are doubled': countLaw((input) => {
      const values = Array.from(input.scores.data);
      return values.every(isTame)
        ? {
            input: withScores(
              input,
              values.map((x) => 2 * x),
            ),
            holds: (own, other) => own === other,
          }
        : undefined;
    }),
  },
  examples: [
    {
      id: 'crossing',
      why: 'the score that crosses the mass is dropped, or one too many counted',
      flags: ['sampling-top-p-02'],
      input: { scores: scoreTensor([0.95, 0.78, 0.65, 0.45, 0.23]), mass: 0.65 },
    },
    {
      id: 'equality-of-eight',
      why: 'the same of equal scores whose sum is not 1',
      flags: ['sampling-top-p-01', 'ties'],
      input: {
        scores: scoreTensor([3, 3, 3, 3, 3, 3, 3, 3, 4, 4].sort((x, y) => y - x)),
        mass: 0.625,
      },
    },
    {
      id: 'equality',
      why: 'one more counted where the share is the mass exactly',
      flags: ['sampling-top-p-01'],
      input: { scores: scoreTensor([0.5, 0.25, 0.125, 0.125]), mass: 0.75 },
    },
    {
      id: 'over-one',
      why: 'scores compared with the mass as if their sum were 1',
      flags: ['normalisation'],
      input: { scores: scoreTensor([9, 7, 6, 5, 5]), mass: 0.6 },
    },
    {
      id: 'under-one',
      why: 'scores of a sum below the mass, all of which would count',
      flags: ['normalisation'],
      input: { scores: scoreTensor([0.125, 0.0625, 0.03125, 0.03125]), mass: 0.5625 },
    },
    {
      id: 'zeros-at-the-end',
      why: 'scores of 0 counted at mass 1',
      flags: ['zero'],
      input: { scores: scoreTensor([2, 1, 1, 0, 0]), mass: 1 },
    },
    {
      id: 'steep',
      why: 'shares of exponentials, or of squares, in place of the scores',
      flags: ['softmax'],
      input: { scores: scoreTensor([16, 8, 8, 8, 8, 8, 4, 4]), mass: 0.75 },
    },
    {
      id: 'long',
      why: 'a cumulative sum kept in 8 bits',
      flags: ['accumulation'],
      input: { scores: scoreTensor(new Array<number>(1024).fill(1)), mass: 0.75 },
    },
  ],
});
