import fc from 'fast-check';
import { z } from 'zod';
import { metrics } from '../bounds/ranking.ts';
import { component } from '../component.ts';
import { fields, positiveInteger } from '../schema.ts';
import { mergeLaws } from './shardLaws.ts';
import { mergeRefusal, sharded, shardeds, shardsProblem } from './shards.ts';
import { shardSizes } from './sizes.ts';

const valid = sharded([['1=3 2=2'], ['3=2.5']], 2);
const lists = <T extends z.ZodType>(item: T, description: string) =>
  z.array(z.array(item).readonly()).readonly().meta({ description });

/**
 * The k best of what several shards have found for the same queries, best first: by falling similarity (cosine, dot) or rising distance
 * (euclidean), each id with the score that its shard gave it, unchanged.
 *
 * A shard may hold all of the best: k of each are needed, and no share of k will do. Lists may be of any length, also empty; where fewer than
 * k are found there are fewer, and nothing fills them up. Those that tie stand in any order. Every vector is in one shard: an id in two, or
 * twice in a list, is invalid, and no merger need look for it. Without any shard there are no queries.
 *
 * @example
 * shardedSearch({ ids: [[[4, 7]], [[1, 9]]], scores: [[[5, 2]], [[3, 1]]], k: 3, metric: 'dot' }) // → { ids: [[4, 1, 7]], scores: [[5, 3, 2]] }
 */
export const shardedSearch = component({
  family: 'similarity',
  summary: 'Merges what several parts of a collection have found.',
  formula: String.raw`\operatorname{top}_k \bigcup_{s} F_s,\quad \operatorname{top}_k\!\left(\textstyle\bigcup_s V_s\right) = \operatorname{top}_k \bigcup_s \operatorname{top}_k V_s`,
  source:
    'Knuth, The Art of Computer Programming, volume 3, 2nd edition, 1998, §5.4.1 (multiway merging); the interface is a house definition',
  domain:
    'Finite scores, each list best first. Shards of as many queries, ids and scores of the same lengths; an id in two shards, or twice in a list, is never put: some mergers reject it, others keep it once, and either is right. Scores are passed through: no rounding is involved, and only equal ones may stand either way.',
  input: fields({
    ids: z
      .array(lists(z.int(), 'of a shard'))
      .readonly()
      .meta({ description: 'for each shard and query, the ids that were found, best first' }),
    scores: z
      .array(lists(z.number(), 'of a shard'))
      .readonly()
      .meta({ description: 'the same for their scores' }),
    k: positiveInteger('how many to find for each query'),
    metric: z
      .enum(metrics)
      .meta({ description: 'cosine or dot (more is nearer), or euclidean (less is nearer)' }),
  }).superRefine((input, context) => {
    const problem = shardsProblem(input);
    if (problem !== undefined)
      context.addIssue({ code: 'custom', path: ['ids'], message: problem });
  }),
  output: fields({
    ids: lists(z.int(), 'for each query, the ids of the best'),
    scores: lists(z.number(), 'the score of each'),
  }),
  arbitrary: shardeds,
  sized: shardSizes,
  invalid: {
    'k is 0': fc.constant({ ...valid, k: 0 }),
    'a list is not sorted': fc.constant(sharded([['1=2 2=3'], ['3=2']], 2)),
    'distances fall': fc.constant({ ...valid, metric: 'euclidean' }),
    'a score is missing': fc.constant({ ...valid, scores: [[[3]], [[2.5]]] }),
    'the numbers of queries differ': fc.constant(sharded([['1=3', '2=2'], ['3=2']], 2)),
    'the numbers of shards differ': fc.constant({ ...valid, scores: [[[3, 2]]] }),
  },
  boundSource:
    'none: scores are passed through and compared as they are; an answer is refused where its scores are not the k best of the query, or an id has not its own',
  admits: (_a, { input, output }) => mergeRefusal(input, output),
  laws: mergeLaws,
  examples: [
    {
      id: 'ordinary',
      why: 'two shards, interleaved',
      flags: ['ordinary'],
      input: sharded([['4=5 7=2.5 2=1'], ['1=3 9=2 5=0.5']], 4),
    },
    {
      id: 'all-from-one',
      why: 'the best are all in the last shard: a share of k from each loses them',
      flags: ['sharded-merge-02', 'share'],
      input: sharded(
        [['10=1 11=0.5 12=0.25'], ['20=1.5 21=1.25'], ['30=7 31=6 32=5']],
        3,
        'cosine',
      ),
    },
    {
      id: 'distances',
      why: 'less is nearer: the order of similarities gives the farthest',
      flags: ['sharded-merge-03', 'metric'],
      input: sharded([['3=0.5 8=2 1=4'], ['6=0.25 2=3 5=6']], 3, 'euclidean'),
    },
    {
      id: 'queries',
      why: 'three queries, each of which is merged, with lists of different lengths',
      flags: ['sharded-merge-07', 'batch'],
      input: sharded(
        [
          ['1=2 2=1', '2=4', ''],
          ['5=3', '6=5 5=3.5 7=1', '7=2'],
          ['', '9=4.5', '8=2.5 9=1.5'],
        ],
        2,
      ),
    },
    {
      id: 'ties',
      why: 'six of a score across the border of what is found: none twice, and none dropped as a duplicate',
      flags: ['sharded-merge-01', 'ties'],
      input: sharded([['1=2 2=1 3=1'], ['4=1 5=1 6=1'], ['7=1 8=0.5']], 5, 'cosine'),
    },
    {
      id: 'fewer-than-asked-for',
      why: 'fewer are found than k: nothing fills the rest',
      flags: ['k-over-n'],
      input: sharded([['12=0.5'], [''], ['3=0.25 40=1.75']], 10, 'euclidean'),
    },
    {
      id: 'signs',
      why: 'scores on both sides of 0, whose text sorts otherwise',
      flags: ['order'],
      input: sharded([['1=7.5 2=-0.5 3=-7'], ['4=1.25 5=-1 6=-2.25']], 5),
    },
    {
      id: 'one-shard',
      why: 'a single shard, which is cut to k all the same',
      flags: ['one'],
      input: sharded([['6=4 2=3 9=2.25 1=0']], 3),
    },
  ],
});
