import {
  fusionOf,
  reciprocalRankFusion as honest,
} from '../../honest/similarity/reciprocalRankFusion.ts';
import { float32, unitOf } from '../../honest/machine.ts';
import { withInput, withOutput, type Mutants } from '../mutant.ts';
import { greatestOf } from '../../../spec/extremes.ts';

const unit = unitOf(float32);
const sound = honest(unit);

export const reciprocalRankFusion: Mutants<'reciprocalRankFusion'> = {
  honest: sound,
  mutants: [
    {
      id: 'ranks-from-zero',
      defect: 'classic',
      wrong: 'counts ranks from 0',
      run: fusionOf(unit, { rank: (place) => place }),
    },
    {
      id: 'constant-left-out',
      defect: 'classic',
      wrong: 'takes a constant of 0 for the default of 60',
      run: fusionOf(unit, { constant: ({ constant }) => constant || 60 }),
    },
    {
      id: 'constant-fixed',
      defect: 'classic',
      wrong: 'always 60',
      run: fusionOf(unit, { constant: () => 60 }),
    },
    {
      id: 'best-rank-only',
      defect: 'classic',
      wrong: 'the best place counts, not the sum',
      run: fusionOf(unit, { total: (terms) => greatestOf(terms) }),
    },
    {
      id: 'mean',
      defect: 'classic',
      wrong: 'divides by the number of rankings that have it',
      run: fusionOf(unit, { total: (terms) => Math.fround(unit.sum(terms) / terms.length) }),
    },
    {
      id: 'worst-first',
      defect: 'sharded-merge-03',
      wrong: 'sorts as if scores were distances',
      run: fusionOf(unit, { sort: (scored) => scored.toSorted(([, x], [, y]) => x - y) }),
    },
    {
      id: 'as-met',
      defect: 'classic',
      wrong: 'does not sort',
      run: fusionOf(unit, { sort: (scored) => scored }),
    },
    {
      id: 'sorted-by-id',
      defect: 'classic',
      wrong: 'sorts the ids as texts',
      run: fusionOf(unit, {
        sort: (scored) => scored.toSorted(([x], [y]) => String(x).localeCompare(String(y))),
      }),
    },
    {
      id: 'first-ranking-decides',
      defect: 'sharded-merge-07',
      wrong: 'returns after the first ranking',
      run: withInput(sound, ({ rankings, ...input }) => ({
        ...input,
        rankings: rankings.slice(0, 1),
      })),
    },
    {
      id: 'missing-has-a-rank',
      defect: 'classic',
      wrong: 'an id that a ranking lacks stands behind its last',
      run: withInput(sound, ({ rankings, ...input }) => {
        const all = [...new Set(rankings.flat())];
        return {
          ...input,
          rankings: rankings.map((ranking) => [
            ...ranking,
            ...all.filter((id) => !ranking.includes(id)),
          ]),
        };
      }),
    },
    {
      id: 'drops-the-last',
      defect: 'classic',
      wrong: 'loses the last id',
      run: withOutput(sound, ({ ids, scores }) => {
        const kept = Array.from(scores.data).slice(0, Math.max(0, ids.length - 1));
        return {
          ids: ids.slice(0, kept.length),
          scores: { ...scores, shape: [kept.length], data: Float32Array.from(kept) },
        };
      }),
    },
    {
      id: 'half-precision',
      defect: 'classic',
      wrong: 'keeps terms in 11 bits',
      run: fusionOf(unit, {
        term: (constant, rank) => Math.round(2 ** 16 / (constant + rank) / 32) * 2 ** -11,
      }),
    },
  ],
};
