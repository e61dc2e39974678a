import fc, { type Arbitrary } from 'fast-check';
import { z } from 'zod';
import type { Arithmetic } from '../arithmetic.ts';
import { dropRange, heldBetween } from '../bounds/cutoffs.ts';
import { component } from '../component.ts';
import type { Rounding } from '../numerics.ts';
import { shiftedExactly } from '../sampling/laws.ts';
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
import { beforeGap } from './worked.ts';
import { gapSizes } from './sizes.ts';

interface Gapped {
  readonly scores: FloatTensor;
  readonly gap: number;
}

/** Why a count is none that a sound implementation can give: a drop before the cut surely exceeds the gap, or the one at the cut surely does not. */
function refusal<N>(
  a: Arithmetic<N>,
  { scores, gap }: Gapped,
  count: number,
  rounding: Rounding,
): string | undefined {
  const values = Array.from(scores.data);
  const outside = countRefusal(count, values.length);
  if (outside !== undefined) return outside;
  if (count === 0) return values.length === 0 ? undefined : 'the best score is left out';
  const held = heldBetween(rounding, gap);
  const drops = values
    .slice(0, count)
    .map((x, i) => dropRange(a, rounding, x, values[i + 1] ?? x))
    .slice(0, count < values.length ? count : count - 1);
  const surely = drops
    .slice(0, count - 1)
    .findIndex(({ least }) => a.compare(least, a.from(held.most)) > 0);
  if (surely >= 0) return `the drop after score ${surely} surely exceeds ${gap}, and it goes on`;
  const last = drops[count - 1];
  return last !== undefined && a.compare(last.most, a.from(held.least)) <= 0
    ? `it stops after score ${count - 1}, where the drop surely does not exceed ${gap}`
    : undefined;
}

/** Any width; one of the drops, which it then equals; a common one. */
const gapsFor = ({ data }: FloatTensor): Arbitrary<number> => {
  const values = Array.from(data);
  const drops = values.slice(1).map((x, i) => (values[i] ?? NaN) - x);
  return fc.oneof(
    fc.constantFrom(0, 0.15, 0.1, 0.5, 1, 2 ** -20, 0.25),
    drops.length === 0 ? fc.constant(0) : fc.constantFrom(...drops),
    fc.double({ min: 0, max: 2, noNaN: true }),
  );
};

const doubled = (input: Gapped): Gapped | undefined => {
  const values = Array.from(input.scores.data);
  return [...values, input.gap].every(isTame)
    ? {
        ...withScores(
          input,
          values.map((x) => 2 * x),
        ),
        gap: 2 * input.gap,
      }
    : undefined;
};

const fiveScores = [0.95, 0.78, 0.65, 0.45, 0.23];

/**
 * gapCutoff(s, g) counts the scores that stand before the first drop to the next one that exceeds g; all where none does. A drop that equals g
 * does not exceed it. The best score always counts: there is no drop before it. Only neighbours are compared: neither the slow fall of many
 * scores nor the greatest drop of all ends the list.
 *
 * @example
 * gapCutoff({ scores: [0.95, 0.78, 0.65, 0.45, 0.23], gap: 0.15 }) // → { count: 1 }
 */
export const gapCutoff = component({
  family: 'similarity',
  summary: 'Counts the results before the first great drop in similarity.',
  formula: String.raw`c = \min \left( \{ i \ge 1 : s_i - s_{i+1} > g \} \cup \{ n \} \right)`,
  source: 'house definition; "similarity gap approach" of the notes on vector stores',
  domain:
    'Finite scores that fall; those that rise anywhere, and NaN, are rejected; g ≥ 0. No scores give 0. The drop is a subtraction: where it rounds, or g does, a drop near g may go either way.',
  input: fields({
    scores: sortedScores(),
    gap: real(
      'a finite number ≥ 0',
      (gap) => Number.isFinite(gap) && gap >= 0,
      'the greatest drop that does not end the list',
    ),
  }),
  output: z.strictObject({
    count: z.int().describe('how many, from the best on, stand before the first drop over the gap'),
  }),
  arbitrary: (level) =>
    fallingScores(level).chain((scores) =>
      fc.record({ scores: fc.constant(scores), gap: gapsFor(scores) }),
    ),
  sized: gapSizes,
  invalid: {
    'the scores rise': fc.constant({ gap: 0.5, scores: scoreTensor([0.25, 0.5, 0.75]) }),
    'one score is out of order': fc.constant({
      gap: 0.5,
      scores: scoreTensor([0.75, 0.25, 0.5, 0.125]),
    }),
    'a score is NaN': fc.constant({ gap: 0.5, scores: scoreTensor([0.75, NaN, 0.25]) }),
    'the gap is NaN': fc.constant({ scores: scoreTensor([0.75, 0.25]), gap: NaN }),
  },
  boundSource:
    'spec/bounds/cutoffs.ts: a difference is exact where the format holds it (Sterbenz, Floating-point computation, 1974), otherwise rounded once, and once more where it is stored; the gap is rounded once',
  admits: (a, { input, rounding, output }) => refusal(a, input, output.count, rounding),
  laws: {
    'counts all of equal scores': async (input, run) => {
      const values = Array.from(input.scores.data, () => input.scores.data[0] ?? 0);
      const { output } = await run(withScores(input, values));
      return output.count === values.length
        ? undefined
        : `${output.count} of ${values.length} equal scores`;
    },
    'never falls as the gap widens': countLaw((input) => ({
      input: { ...input, gap: input.gap + 0.25 },
      holds: (own, other) => other >= own,
    })),
    'stops where it stopped whatever comes after': countLaw((input) => {
      const values = Array.from(input.scores.data);
      return {
        input: withScores(input, [...values, ...values.slice(-1), ...values.slice(-1)]),
        holds: (own, other) => other === (own < values.length ? own : own + Math.min(own, 1) * 2),
      };
    }),
    'is the same when all scores are moved alike': countLaw((input) => {
      const scores = shiftedExactly(input.scores, 4);
      const isExact = Array.from(input.scores.data).every((x) => Number.isInteger(x * 16));
      return scores && isExact
        ? { input: { ...input, scores }, holds: (own, other) => own === other }
        : undefined;
    }),
    'is the same when scores and gap are doubled': countLaw((input) => {
      const twice = doubled(input);
      return twice && { input: twice, holds: (own, other) => own === other };
    }),
  },
  worked: [beforeGap],
  examples: [
    {
      id: 'third',
      why: 'the first drop over 0.18 is the third; the scores of the notes',
      flags: ['classic'],
      input: { scores: scoreTensor(fiveScores), gap: 0.18 },
    },
    {
      id: 'none',
      why: 'no drop exceeds the gap: all count',
      flags: ['all'],
      input: { scores: scoreTensor(fiveScores), gap: 0.25 },
    },
    {
      id: 'equality',
      why: 'a drop equal to the gap ends the list',
      flags: ['strictness'],
      input: { scores: scoreTensor([1, 0.75, 0.5, 0.125, 0]), gap: 0.25 },
    },
    {
      id: 'constant',
      why: 'equal scores: a range of 0 to divide by, and NaN in every comparison',
      flags: ['similarity-cutoffs-05', 'ties'],
      input: { scores: scoreTensor([0.5, 0.5, 0.5, 0.5]), gap: 0 },
    },
    {
      id: 'pair',
      why: 'two results: a rule for the last that looks two back reads before the list',
      flags: ['similarity-cutoffs-05', 'two'],
      input: { scores: scoreTensor([0.75, 0.625]), gap: 0.125 },
    },
    {
      id: 'slow-fall',
      why: 'the fall from the best exceeds the gap, no drop does until the last',
      flags: ['cumulative'],
      input: { scores: scoreTensor([8, 7, 6, 5, 4, 3, 0]), gap: 2 },
    },
    {
      id: 'greater-drop-later',
      why: 'cut at the greatest drop, or the last that exceeds the gap, not the first',
      flags: ['elbow'],
      input: { scores: scoreTensor([30, 29, 24, 10, 9, 5]), gap: 3 },
    },
    {
      id: 'negative',
      why: 'a drop relative to the score, or to its magnitude',
      flags: ['negative', 'relative'],
      input: { scores: scoreTensor([0.5, 0.25, 0, -0.25, -0.75, -0.875]), gap: 0.375 },
    },
    {
      id: 'fine',
      why: 'small drops between large scores, which 16 bits do not tell apart',
      flags: ['precision'],
      input: { scores: scoreTensor([4101, 4100.75, 4099, 4098.5, 4098.25]), gap: 0.5 },
    },
  ],
});
