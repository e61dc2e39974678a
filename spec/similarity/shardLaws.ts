import type { Law } from '../component.ts';
import { inapplicable } from '../laws.ts';
import { order, hitsOf, type Merged, type Sharded } from './shards.ts';

type MergeLaw = Law<Sharded, Sharded, Merged>;

/** Where the scores of two answers differ, or nothing: the ids of equal ones may. */
function difference(expected: Merged['scores'], actual: Merged['scores']): string | undefined {
  if (expected.length !== actual.length)
    return `expected lists for ${expected.length} queries, got ${actual.length}`;
  const at = expected.findIndex((list, query) => list.join() !== actual[query]?.join());
  return at < 0
    ? undefined
    : `query ${at}: expected the scores ${expected[at]?.join(', ')}, got ${actual[at]?.join(', ')}`;
}

/** The law that a changed input has the same scores, as far as `part` goes. */
const sameScores =
  (
    change: (input: Sharded) => Sharded | undefined,
    part: (scores: Merged['scores'], input: Sharded) => Merged['scores'] = (scores) => scores,
  ): MergeLaw =>
  async (input, run) => {
    const changed = change(input);
    if (changed === undefined || input.ids.length === 0) return inapplicable;
    const before = await run(input);
    const after = await run(changed);
    return difference(part(before.output.scores, changed), after.output.scores);
  };

/** The best first of all that is found for a query, as one shard that holds everything finds it. */
function united(input: Sharded): Sharded {
  const sorted = hitsOf(input).map((hits) =>
    hits.toSorted((x, y) => order(input.metric)(x.score, y.score)),
  );
  return {
    ...input,
    ids: [sorted.map((list) => list.map(({ id }) => id))],
    scores: [sorted.map((list) => list.map(({ score }) => score))],
  };
}

export const mergeLaws: Readonly<Record<string, MergeLaw>> = {
  'does not depend on the order of the shards': sameScores((input) => ({
    ...input,
    ids: input.ids.toReversed(),
    scores: input.scores.toReversed(),
  })),
  'finds what a search of the union finds': sameScores(united),
  'is the same in two steps, however the shards are split': async (input, run) => {
    const count = input.ids.length;
    if (count < 2) return inapplicable;
    const whole = await run(input);
    for (let split = 1; split < count; split += Math.ceil(count / 5)) {
      const half = async (from: number, to: number): Promise<Merged> =>
        (
          await run({
            ...input,
            ids: input.ids.slice(from, to),
            scores: input.scores.slice(from, to),
          })
        ).output;
      const halves = [await half(0, split), await half(split, count)];
      const twice = await run({
        ...input,
        ids: halves.map(({ ids }) => ids),
        scores: halves.map(({ scores }) => scores),
      });
      const problem = difference(whole.output.scores, twice.output.scores);
      if (problem !== undefined) return `split at ${split}, ${problem}`;
    }
    return undefined;
  },
  'begins with what it finds when fewer are asked for': sameScores(
    (input) => (input.k > 1 ? { ...input, k: Math.ceil(input.k / 2) } : undefined),
    (scores, { k }) => scores.map((list) => list.slice(0, k)),
  ),
  'answers each query by itself': sameScores(
    (input) => ({
      ...input,
      ids: input.ids.map((shard) => shard.slice(-1)),
      scores: input.scores.map((shard) => shard.slice(-1)),
    }),
    (scores) => scores.slice(-1),
  ),
  'ignores a shard that finds nothing': sameScores((input) => {
    const nothing = (input.ids[0] ?? []).map(() => []);
    return { ...input, ids: [...input.ids, nothing], scores: [...input.scores, nothing] };
  }),
};
