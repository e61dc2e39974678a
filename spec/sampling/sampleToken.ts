import fc, { type Arbitrary } from 'fast-check';
import type { Arithmetic } from '../arithmetic.ts';
import { component, type Level } from '../component.ts';
import { leastOf } from '../extremes.ts';
import { exponentOf, lowestBit, roundTo } from '../format.ts';
import { longLengths, seededNumbers } from '../generate.ts';
import { inapplicable } from '../laws.ts';
import type { Rounding } from '../numerics.ts';
import { fields, floats, real } from '../schema.ts';
import { tensor, type FloatTensor } from '../tensor.ts';
import { z } from 'zod';
import { drawnToken } from './sizes.ts';

/** Probabilities whose sum is 1 up to a rounding of each to bfloat16. */
const isDistribution = ({ data }: FloatTensor): boolean => {
  const values = Array.from(data);
  const total = values.reduce((sum, p) => sum + p, 0);
  return values.every((p) => p >= 0 && p <= 1) && Math.abs(total - 1) <= 2 ** -7;
};

/**
 * How far a computed cumulative sum may be from the exact one: 0 where all probabilities are multiples of one power of two, the total is 1
 * and the format holds every partial sum; else G(V) of it, one rounding a token whatever the order of other sums, and what the total lacks of 1, for those that divide by it.
 */
function cumulativeError(values: readonly number[], u: number, rounding: Rounding): number {
  const positive = values.filter((p) => p > 0);
  const quantum = leastOf(positive.map(lowestBit));
  const total = positive.reduce((sum, p) => sum + p, 0);
  const exact = total === 1 && exponentOf(1) - quantum <= rounding.precision;
  const ofU = roundTo(u, rounding.accumulate) === u ? 0 : rounding.unit;
  if (exact) return ofU;
  return (
    rounding.growth(values.length + 2) +
    Math.abs(total - 1) * 1.01 +
    2 ** -50 +
    2 * rounding.unit +
    ofU
  );
}

function refusal<N>(
  a: Arithmetic<N>,
  values: readonly number[],
  u: number,
  token: number,
  rounding: Rounding,
): string | undefined {
  if (!Number.isInteger(token) || token < 0 || token >= values.length)
    return `expected a token from 0 to ${values.length - 1}, got ${token}`;
  if (values[token] === 0) return `token ${token} has probability 0`;
  const error = a.from(cumulativeError(values, u, rounding));
  const target = a.from(u);
  const before = a.sum(values.slice(0, token).map(a.from));
  const through = a.sum(values.slice(0, token + 1).map(a.from));
  const last = values.findLastIndex((p) => p > 0);
  if (a.compare(a.subtract(before, error), target) > 0)
    return `token ${token}: the tokens before it surely have mass over u = ${u}`;
  if (token !== last && a.compare(a.add(through, error), target) <= 0)
    return `token ${token}: the mass up to it is surely at most u = ${u}`;
  return undefined;
}

/** Probabilities that are multiples of 1/16, some of them 0. */
const dyadic: Arbitrary<readonly number[]> = fc
  .array(fc.constantFrom(0, 0, 1, 2, 3, 4), { minLength: 1, maxLength: 8 })
  .map((parts) => {
    const total = parts.reduce<number>((sum, x) => sum + x, 0);
    const size = 2 ** Math.ceil(Math.log2(Math.max(1, total)));
    return [...parts, size - total].map((x) => x / size);
  });

/** Any positive numbers, normalised. */
const normalised = (length: number): Arbitrary<readonly number[]> =>
  fc.nat().map((seed) => {
    const weights = seededNumbers(seed, length).map(Math.exp);
    const total = weights.reduce((sum, w) => sum + w, 0);
    return weights.map((w) => w / total);
  });

const distributions = (level: Level): Arbitrary<readonly number[]> => {
  const random = longLengths(level).chain(normalised);
  return level === 'edge' ? dyadic : level === 'scale' ? random : fc.oneof(dyadic, random);
};

/**
 * sampleToken(p, u) is the first token whose cumulative probability exceeds u, in index order; never one of probability 0.
 * Where rounding leaves the total at or below u, the last token of positive probability.
 *
 * @example
 * sampleToken({ probabilities: [0, 0.5, 0.5], u: 0 }) // → { token: 1 }
 */
export const sampleToken = component({
  family: 'sampling',
  summary: 'Draws a token from a distribution with a given random number.',
  formula: String.raw`t = \min \{ j : \sum_{i \le j} p_i > u \}`,
  source:
    'Devroye, Non-uniform random variate generation, 1986, §III.2.1 (inversion by sequential search)',
  domain:
    'p_j in [0, 1], their sum 1 up to rounding; u in [0, 1). Where u cannot be told from a cumulative sum, either neighbour that is not of probability 0.',
  input: fields({
    probabilities: floats('[V]', 'sums to 1').refine(isDistribution, {
      error: 'expected probabilities from 0 to 1 whose sum is 1 up to rounding',
    }),
    u: real('a number in [0, 1)', (u) => u >= 0 && u < 1, 'a uniform random number'),
  }),
  output: z.strictObject({ token: z.int().describe('the index of the token') }),
  arbitrary: (level) =>
    distributions(level).chain((values) => {
      const partial = values
        .map((_, i) => values.slice(0, i).reduce((sum, p) => sum + p, 0))
        .filter((u) => u < 1);
      return fc.record({
        probabilities: fc.constant(tensor('float64', [values.length], values)),
        u: fc.oneof(
          fc.constantFrom(0, ...partial),
          fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
          fc.constant(1 - 2 ** -24),
        ),
      });
    }),
  sized: drawnToken,
  invalid: {
    'u is 1': fc.constant({ probabilities: tensor('float32', [2], [0.5, 0.5]), u: 1 }),
    'u is negative': fc.constant({ probabilities: tensor('float32', [2], [0.5, 0.5]), u: -0.5 }),
    'u is NaN': fc.constant({ probabilities: tensor('float32', [2], [0.5, 0.5]), u: NaN }),
    'a probability is NaN': fc.constant({
      probabilities: tensor('float32', [2], [0.5, NaN]),
      u: 0.5,
    }),
  },
  boundSource:
    'the cumulative sum is known within G(V) C + u, exactly where all partial sums are representable; a token is refused only where u is surely outside its interval',
  admits: (a, { input, rounding, output }) =>
    refusal(a, Array.from(input.probabilities.data), input.u, output.token, rounding),
  laws: {
    'never draws a token of probability 0': async (input, run) => {
      const { output } = await run(input);
      return (input.probabilities.data[output.token] ?? 0) > 0
        ? undefined
        : `token ${output.token}`;
    },
    'never falls as u rises': async (input, run) => {
      if (input.u > 0.5) return inapplicable;
      const [low, high] = [await run(input), await run({ ...input, u: input.u + 0.4375 })];
      return high.output.token >= low.output.token
        ? undefined
        : `u = ${input.u} draws ${low.output.token}, a greater one ${high.output.token}`;
    },
  },
  examples: [
    {
      id: 'middle',
      why: 'the cumulative sum searched from the wrong end',
      flags: ['classic'],
      input: { probabilities: tensor('float32', [4], [0.25, 0.125, 0.5, 0.125]), u: 0.5 },
    },
    {
      id: 'zero-first',
      why: 'u = 0 draws a first token of probability 0',
      flags: ['sampling-draw-greedy-penalty-01'],
      input: { probabilities: tensor('float32', [4], [0, 0, 0, 1]), u: 0 },
    },
    {
      id: 'at-a-step',
      why: 'u equal to a cumulative sum belongs to the next token',
      flags: ['sampling-draw-greedy-penalty-01'],
      input: { probabilities: tensor('float32', [4], [0.25, 0.25, 0.25, 0.25]), u: 0.5 },
    },
    {
      id: 'at-a-step-over-zero',
      why: 'u equal to a cumulative sum, followed by a token of probability 0',
      flags: ['sampling-draw-greedy-penalty-03'],
      input: { probabilities: tensor('float32', [4], [0.5, 0, 0, 0.5]), u: 0.5 },
    },
    {
      id: 'last',
      why: 'the tail is lost',
      flags: ['sampling-draw-greedy-penalty-04'],
      input: {
        probabilities: tensor('float32', [3], [0.5, 0.5 - 2 ** -12, 2 ** -12]),
        u: 1 - 2 ** -13,
      },
    },
    {
      id: 'trailing-zero',
      why: 'a last token of probability 0 is drawn when u is near 1',
      flags: ['sampling-draw-greedy-penalty-03'],
      input: {
        probabilities: tensor('float32', [5], [0.25, 0.25, 0.25, 0.25, 0]),
        u: 1 - 2 ** -24,
      },
    },
  ],
});
