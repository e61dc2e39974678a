import type { Kernel } from '../../../conformance/interface/implementation.ts';
import type { Input } from '../../../spec/index.ts';
import { hitsOf, order, type Hit } from '../../../spec/similarity/shards.ts';
import { withInput, withOutput, type Mutants } from '../mutant.ts';

type Sharded = Input<'shardedSearch'>;
type Hits = readonly Hit[];

/** A merger of all queries, by what is done with the hits of one. */
const merged =
  (merge: (hits: Hits, input: Sharded, query: number) => Hits): Kernel<'shardedSearch'> =>
  (input) => {
    const found = hitsOf(input).map((hits, query) => merge(hits, input, query));
    return {
      ids: found.map((hits) => hits.map(({ id }) => id)),
      scores: found.map((hits) => hits.map(({ score }) => score)),
    };
  };

const sorted = (hits: Hits, { metric }: Sharded): Hits =>
  hits.toSorted((x, y) => order(metric)(x.score, y.score));
const honest = merged((hits, input) => sorted(hits, input).slice(0, input.k));

/** The hits of one shard. */
const shardOf = ({ ids, scores }: Sharded, shard: number, query: number): Hits =>
  (ids[shard]?.[query] ?? []).map((id, i) => ({
    id,
    score: scores[shard]?.[query]?.[i] ?? NaN,
  }));

export const shardedSearch: Mutants<'shardedSearch'> = {
  honest,
  mutants: [
    {
      id: 'ties-by-arrival',
      defect: 'sharded-merge-01',
      wrong:
        'answers in two pages, for the second of which the shards arrive in another order: equal scores stand on both, or on none',
      run: merged((hits, input) => {
        const page = Math.ceil(input.k / 2);
        const again = sorted(hits.toReversed(), input);
        return [...sorted(hits, input).slice(0, page), ...again.slice(page, input.k)];
      }),
    },
    {
      id: 'cut-before-sorting',
      defect: 'sharded-merge-02',
      wrong: 'cuts what the shards have sent to k, and then sorts',
      run: merged((hits, input) => sorted(hits.slice(0, input.k), input)),
    },
    {
      id: 'greatest-first',
      defect: 'sharded-merge-03',
      wrong: 'merges distances as if they were similarities',
      run: merged((hits, { k }) => hits.toSorted((x, y) => y.score - x.score).slice(0, k)),
    },
    {
      id: 'returns-in-the-loop',
      defect: 'sharded-merge-07',
      wrong: 'returns after the first query: the others have what the first shard found',
      run: merged((hits, input, query) =>
        (query === 0 ? sorted(hits, input) : shardOf(input, 0, query)).slice(0, input.k),
      ),
    },
    {
      id: 'last-shard-lost',
      defect: 'sharded-merge-07',
      wrong: 'merges all shards but the last',
      run: merged((_hits, input, query) =>
        sorted(
          input.ids.slice(0, -1).flatMap((_, shard) => shardOf(input, shard, query)),
          input,
        ).slice(0, input.k),
      ),
    },
    {
      id: 'unsorted',
      defect: 'classic',
      wrong: 'sets the lists of the shards one behind the other',
      run: merged((hits, { k }) => hits.slice(0, k)),
    },
    {
      id: 'k-of-each',
      defect: 'classic',
      wrong: 'gives k of each shard, and not of all',
      run: merged((_hits, input, query) =>
        sorted(
          input.ids.flatMap((_, shard) => shardOf(input, shard, query).slice(0, input.k)),
          input,
        ),
      ),
    },
    {
      id: 'share-of-k',
      defect: 'classic',
      wrong: 'takes the same share of k from each shard',
      run: merged((_hits, input, query) =>
        sorted(
          input.ids.flatMap((_, shard) =>
            shardOf(input, shard, query).slice(0, Math.ceil(input.k / input.ids.length)),
          ),
          input,
        ).slice(0, input.k),
      ),
    },
    {
      id: 'equal-scores-dropped',
      defect: 'classic',
      wrong: 'keeps one hit of each score',
      run: merged((hits, input) =>
        sorted([...new Map(hits.map((hit) => [hit.score, hit])).values()], input).slice(0, input.k),
      ),
    },
    {
      id: 'scores-alone',
      defect: 'classic',
      wrong: 'sorts the scores, and leaves the ids where they were',
      run: withOutput(honest, (output, input) => ({
        ...output,
        ids: hitsOf(input).map((hits) => hits.slice(0, input.k).map(({ id }) => id)),
      })),
    },
    {
      id: 'sorted-as-text',
      defect: 'classic',
      wrong: 'sorts the scores as text',
      run: merged((hits, { k, metric }) =>
        hits
          .toSorted((x, y) => order(metric)(0, 1) * -String(x.score).localeCompare(String(y.score)))
          .slice(0, k),
      ),
    },
    {
      id: 'filled-up',
      defect: 'classic',
      wrong: 'fills up with −1 where fewer than k are found',
      run: merged((hits, input) => {
        const found = sorted(hits, input).slice(0, input.k);
        const missing = Math.max(0, Math.min(input.k, 100) - found.length);
        return [...found, ...Array.from({ length: missing }, () => ({ id: -1, score: 0 }))];
      }),
    },
    {
      id: 'one-too-few',
      defect: 'classic',
      wrong: 'gives k − 1 where k is over 1',
      run: withInput(honest, (input) => ({ ...input, k: Math.max(1, input.k - 1) })),
    },
  ],
};
