import fc, { type Arbitrary } from 'fast-check';
import { z } from 'zod';
import type { Arithmetic } from '../arithmetic.ts';
import { rankRefusal, type Range } from '../bounds/ranking.ts';
import { component, type Law, type Level } from '../component.ts';
import { smallestPositive, unitRoundoff } from '../format.ts';
import { differ, inapplicable } from '../laws.ts';
import type { Rounding } from '../numerics.ts';
import { placeOfRepeat } from '../repeated.ts';
import { fields, real, reals } from '../schema.ts';
import type { FloatTensor } from '../tensor.ts';
import { fusionSizes } from './sizes.ts';

interface Fusion {
  readonly rankings: readonly (readonly number[])[];
  readonly constant: number;
}
type Asked = Omit<Fusion, 'constant'> & { readonly constant?: number | undefined };
interface Fused {
  readonly ids: readonly number[];
  readonly scores: FloatTensor;
}

/** Where each id stands, from 1, in every ranking that has it; ids in the order in which they are first met. */
export function ranksOf(rankings: Fusion['rankings']): ReadonlyMap<number, readonly number[]> {
  const found = new Map<number, readonly number[]>();
  for (const ranking of rankings)
    for (const [place, id] of ranking.entries())
      found.set(id, [...(found.get(id) ?? []), place + 1]);
  return found;
}

/**
 * What a computed score may be off. The constant rounded to the format, its sum with the rank, the division, and the sum of as many terms are off
 * relatively, and all terms are positive, so that these add up: (1 + u)^(2 + h) (1 + ρ) − 1, where what the first two do is divided by. A term that
 * is subnormal is off by η besides; a constant that rounds to 0 by as much of 1 at most. Infinity where a rank may leave the range.
 */
function scoreError<N>(
  a: Arithmetic<N>,
  { growth, height, division, tiny, largest }: Rounding,
  constant: number,
  ranks: readonly number[],
): N {
  if (ranks.reduce((x, y) => Math.max(x, y), 0) + constant >= largest / 2) return a.from(Infinity);
  const way = growth(2 + height(ranks.length));
  const relative = (way + division + tiny) * (1 + 4 * way) * (1 + division) * (1 + 2 ** -20);
  const score = scoreOf(a, constant, ranks);
  return a.add(
    a.multiply(score, a.from(relative)),
    a.from(2 * ranks.length * tinyOf(constant, ranks, tiny)),
  );
}

/** η where a term may be subnormal; terms of ordinary size have none. */
const tinyOf = (constant: number, ranks: readonly number[], tiny: number): number =>
  ranks.every((rank) => 1 / (constant + rank) > 2 ** 12 * tiny) ? 0 : tiny;

const scoreOf = <N>(
  { add, divide, from, sum }: Arithmetic<N>,
  constant: number,
  ranks: readonly number[],
): N => sum(ranks.map((rank) => divide(from(1), add(from(constant), from(rank)))));

/** Between which numbers an implementation may hold a score, rounded to storage too: scores that are ranked as they are stored tie there. */
function rangeOf<N>(
  a: Arithmetic<N>,
  rounding: Rounding,
  constant: number,
  ranks: readonly number[],
): Range<N> {
  const score = scoreOf(a, constant, ranks);
  const error = scoreError(a, rounding, constant, ranks);
  const { storage } = rounding;
  const stored = a.multiply(a.add(score, error), a.from(2 * unitRoundoff(storage)));
  const blur = a.add(a.add(error, stored), a.from(smallestPositive(storage)));
  return { least: a.subtract(score, blur), most: a.add(score, blur) };
}

function refusal<N>(
  a: Arithmetic<N>,
  {
    input,
    rounding,
    output,
  }: { readonly input: Fusion; readonly rounding: Rounding; readonly output: Fused },
): string | undefined {
  const ranks = ranksOf(input.rankings);
  const { ids } = output;
  const twice = placeOfRepeat(ids);
  if (twice !== undefined) return `${ids[twice]} stands twice`;
  const unknown = ids.find((id) => !ranks.has(id));
  if (unknown !== undefined) return `${unknown} stands in no ranking`;
  if (ids.length !== ranks.size) return `expected all ${ranks.size} ids, got ${ids.length}`;
  const ranges = new Map(
    [...ranks].map(([id, places]) => [id, rangeOf(a, rounding, input.constant, places)]),
  );
  return rankRefusal(a, ranges, ids);
}

type FusionLaw = Law<Fusion, Asked, Fused>;

/** Rankings that are changed so that every place has the same score. */
const sameScores =
  (change: (input: Fusion) => Asked | undefined): FusionLaw =>
  async (input, run) => {
    const changed = change(input);
    if (changed === undefined) return inapplicable;
    const [before, after] = [await run(input), await run(changed)];
    const [own, others] = [before.slack['scores'] ?? [], after.slack['scores'] ?? []];
    const slack = [...own, ...others].reduce((x, y) => Math.max(x, y), 0);
    return differ(before.output.scores.data, after.output.scores.data, () => 2 * slack);
  };

const laws: Readonly<Record<string, FusionLaw>> = {
  'does not mind in which order rankings come': sameScores(({ rankings, constant }) =>
    rankings.length < 2 ? undefined : { rankings: rankings.toReversed(), constant },
  ),
  'is unchanged by an empty ranking': sameScores(({ rankings, constant }) => ({
    rankings: [[], ...rankings],
    constant,
  })),
  'follows new names of the ids': sameScores(({ rankings, constant }) => ({
    rankings: rankings.map((ranking) => ranking.map((id) => 1000 - id)),
    constant,
  })),
};

const rankings = (level: Level): Arbitrary<Fusion['rankings']> =>
  level === 'scale'
    ? fc.array(fc.shuffledSubarray(Array.from({ length: 65 }, (_, i) => i)), {
        minLength: 1,
        maxLength: 9,
      })
    : fc.array(fc.uniqueArray(fc.integer({ min: 0, max: 9 }), { maxLength: 7 }), {
        minLength: level === 'edge' ? 0 : 1,
        maxLength: 5,
      });

const constants = (level: Level): Arbitrary<number | undefined> =>
  level === 'edge'
    ? fc.constantFrom(undefined, 0, 1, 0.1, 2 ** -30, 1e6)
    : fc.oneof(fc.constant(undefined), fc.integer({ min: 1, max: 100 }));

/**
 * score(d) = Σ 1 / (constant + rank of d), over the rankings that d stands in, with ranks from 1. Best first; equal scores in any order. Only places
 * count, never the scores that led to them, so that a keyword search and a vector search can be put together. An id that is missing from a ranking
 * gets nothing from it.
 *
 * @example
 * reciprocalRankFusion({ rankings: [[7, 3], [7, 5]], constant: 1 }) // → { ids: [7, 3, 5], scores: [1, 0.3333333333333333, 0.3333333333333333] }
 */
export const reciprocalRankFusion = component({
  family: 'similarity',
  summary: 'Puts several rankings together by the places in them.',
  formula: String.raw`s(d) = \sum_{r : d \in r} \frac{1}{c + \mathrm{rank}_r(d)}`,
  source: 'Cormack, Clarke & Büttcher, Reciprocal rank fusion outperforms Condorcet, 2009',
  domain:
    'constant ≥ 0 and finite. Ids are integers; one that stands twice in a ranking is rejected. No rankings, or empty ones, give nothing.',
  input: fields({
    rankings: z
      .array(z.array(z.int()).readonly())
      .readonly()
      .refine((all) => all.every((one) => new Set(one).size === one.length), {
        error: 'expected each id once in a ranking',
      })
      .meta({ description: 'lists of ids, best first' }),
    constant: real(
      'a finite number ≥ 0',
      (x) => x >= 0 && x < Infinity,
      'what is added to every rank',
    ).default(60),
  }),
  output: fields({
    ids: z.array(z.int()).readonly().meta({ description: 'all ids of the rankings, best first' }),
    scores: reals('[n]', 'the score of each'),
  }),
  arbitrary: (level) =>
    fc.tuple(rankings(level), constants(level)).map(([all, constant]) => ({
      rankings: all,
      ...(constant === undefined ? {} : { constant }),
    })),
  sized: fusionSizes,
  invalid: {
    'an id stands twice in a ranking': fc.constant({ rankings: [[1, 2, 1]] }),
    'the constant is negative': fc.constant({ rankings: [[1, 2]], constant: -1 }),
  },
  bound: (a, { input, rounding, exact }) => {
    const ranks = ranksOf(input.rankings);
    return {
      scores: exact.ids.map((id) => {
        const places = ranks.get(id) ?? [];
        return scoreError(a, rounding, input.constant, places);
      }),
    };
  },
  boundSource:
    'relative, for all terms are positive: constant, sum with the rank, division, sum of the terms (numerics.md §2.1); an order is refused where two scores, so widened, do not meet',
  admits: refusal,
  laws,
  examples: [
    {
      id: 'two-lists',
      why: 'ranks counted from 0, or lists that are merely interleaved',
      flags: ['rank-from-one'],
      input: {
        rankings: [
          [11, 12, 13, 14],
          [13, 15, 11],
        ],
      },
    },
    {
      id: 'often-and-low',
      why: 'what stands low in three lists is above what leads one',
      flags: ['sum'],
      input: {
        rankings: [
          [1, 2, 9],
          [3, 4, 9],
          [5, 6, 9],
        ],
      },
    },
    {
      id: 'no-constant',
      why: 'a constant of 0 that is taken for none given',
      flags: ['default'],
      input: {
        rankings: [
          [4, 5, 6],
          [6, 4],
        ],
        constant: 0,
      },
    },
    {
      id: 'one-list',
      why: 'one list keeps its order',
      flags: ['ordinary'],
      input: { rankings: [[30, 10, 20]], constant: 60 },
    },
    {
      id: 'missing-from-one',
      why: 'an id that a list lacks is given a rank in it',
      flags: ['missing'],
      input: { rankings: [[1, 2, 3, 4, 5], [2], [9, 2]], constant: 10 },
    },
  ],
});
