import { roundTo } from '../../../spec/format.ts';
import {
  bestFirst,
  reordered,
  searchOf,
  type Hypothesis,
  type Steps,
} from '../../honest/sampling/beamSearch.ts';
import { float32, unitOf } from '../../honest/machine.ts';
import { withInput, type Mutants } from '../mutant.ts';

const unit = unitOf(float32);
const changed = (steps: Partial<Steps>) => searchOf(unit, steps);
const f = Math.fround;
const honest = changed({});

/** The best of each group, then the best of these. */
const bestOfGroups = (
  candidates: readonly Hypothesis[],
  beams: number,
  perGroup: number,
): readonly Hypothesis[] => {
  const counts = new Map<number, number>();
  return bestFirst(candidates)
    .filter(({ parent }) => {
      const count = counts.get(parent) ?? 0;
      counts.set(parent, count + 1);
      return count < perGroup;
    })
    .slice(0, beams);
};

export const beamSearch: Mutants<'beamSearch'> = {
  honest,
  mutants: [
    {
      id: 'greedy',
      defect: 'classic',
      wrong: 'follows the likeliest token alone',
      run: withInput(honest, (search) => ({ ...search, beams: 1 })),
    },
    {
      id: 'greedy-behind-first',
      defect: 'classic',
      wrong: 'gives each hypothesis its likeliest continuation alone',
      run: changed({
        keep: (candidates, { beams }, step) =>
          step === 0 ? bestFirst(candidates).slice(0, beams) : bestOfGroups(candidates, beams, 1),
      }),
    },
    {
      id: 'one-parent',
      defect: 'classic',
      wrong: 'continues the best hypothesis alone',
      run: changed({
        keep: (candidates, { beams }) =>
          bestFirst(candidates.filter(({ parent, ended }) => ended || parent === 0)).slice(
            0,
            beams,
          ),
      }),
    },
    {
      id: 'ended-extended',
      defect: 'classic',
      wrong: 'goes on behind the end',
      run: changed({ isEnd: () => false }),
    },
    {
      id: 'ended-dropped',
      defect: 'classic',
      wrong: 'loses what has ended at the next step',
      run: changed({ stay: () => [] }),
    },
    {
      id: 'ended-kept',
      defect: 'classic',
      wrong: 'keeps what has ended, however much better the others are',
      run: changed({
        keep: (candidates, { beams }, step) => {
          const old = candidates.filter(({ ended, tokens }) => ended && tokens.length <= step);
          const rest = candidates.filter((one) => !old.includes(one));
          return bestFirst([...old, ...bestFirst(rest).slice(0, Math.max(0, beams - old.length))]);
        },
      }),
    },
    {
      id: 'not-added-up',
      defect: 'classic',
      wrong: 'scores a hypothesis by its last token',
      run: changed({ add: (_sum, logProbability) => logProbability }),
    },
    {
      id: 'penalty-inverted',
      defect: 'classic',
      wrong: 'multiplies by the power of the length',
      run: changed({ score: (sum, count, { lengthPenalty }) => f(sum * count ** lengthPenalty) }),
    },
    {
      id: 'penalty-ignored',
      defect: 'classic',
      wrong: 'does not look at the length',
      run: changed({ score: (sum) => sum }),
    },
    {
      id: 'penalty-of-whole-length',
      defect: 'classic',
      wrong: 'divides all by the power of the greatest length',
      run: changed({
        score: (sum, _count, { length, lengthPenalty }) => f(sum / length ** lengthPenalty),
      }),
    },
    {
      id: 'penalty-without-end',
      defect: 'classic',
      wrong: 'does not count the end as a token',
      run: (search) =>
        changed({
          score: (sum, count, { lengthPenalty }) => f(sum / count ** lengthPenalty),
          keep: (candidates, { beams, lengthPenalty }) =>
            bestFirst(
              candidates.map((one) => ({
                ...one,
                score: one.ended
                  ? f(one.sum / Math.max(1, one.tokens.length - 1) ** lengthPenalty)
                  : one.score,
              })),
            ).slice(0, beams),
        })(search),
    },
    {
      id: 'penalty-of-gnmt',
      defect: 'classic',
      wrong: 'divides by ((5 + T) / 6)^λ',
      run: changed({
        score: (sum, count, { lengthPenalty }) => f(sum / ((5 + count) / 6) ** lengthPenalty),
      }),
    },
    {
      id: 'penalty-at-the-end',
      defect: 'classic',
      wrong: 'searches by sums, and divides what it has found in their order',
      run: async (search) => {
        const bare = await honest({ ...search, lengthPenalty: 0 });
        const rows = bare.sequences.data;
        const counts = Array.from(bare.scores.data, (_, i) => {
          const row = Array.from(rows.slice(i * search.length, (i + 1) * search.length));
          const at = search.end === undefined ? -1 : row.indexOf(search.end);
          return at < 0 ? search.length : at + 1;
        });
        const data = Float32Array.from(
          bare.scores.data,
          (sum, i) => sum / (counts[i] ?? 1) ** search.lengthPenalty,
        );
        return { sequences: bare.sequences, scores: { ...bare.scores, data } };
      },
    },
    {
      id: 'transposed',
      defect: 'classic',
      wrong: 'reads the transition from what follows to what was before',
      run: changed({
        logProbability: ({ initial, transition }, last, token) =>
          (last === undefined
            ? initial.data[token]
            : transition.data[token * initial.data.length + last]) ?? NaN,
      }),
    },
    {
      id: 'filled-with-zero',
      defect: 'classic',
      wrong: 'fills up with token 0',
      run: changed({ padding: () => 0 }),
    },
    {
      id: 'excluded-as-far',
      defect: 'classic',
      wrong: 'takes −Infinity for −10⁹',
      run: changed({
        logProbability: ({ initial, transition }, last, token) =>
          Math.max(
            -1e9,
            (last === undefined
              ? initial.data[token]
              : transition.data[last * initial.data.length + token]) ?? NaN,
          ),
      }),
    },
    {
      id: 'worst-first',
      defect: 'classic',
      wrong: 'gives the best last',
      run: reordered(honest, (count) => Array.from({ length: count }, (_, i) => count - 1 - i)),
    },
    {
      id: 'best-alone',
      defect: 'classic',
      wrong: 'gives the best alone',
      run: async (search) => {
        const { sequences, scores } = await honest(search);
        const count = Math.min(1, scores.data.length);
        return {
          sequences: {
            ...sequences,
            shape: [count, search.length],
            data: sequences.data.slice(0, count * search.length),
          },
          scores: { ...scores, shape: [count], data: scores.data.slice(0, count) },
        };
      },
    },
    {
      id: 'bfloat16-sums',
      defect: 'classic',
      wrong: 'adds up in bfloat16 without saying so',
      run: changed({ add: (sum, logProbability) => roundTo(sum + logProbability, 'bfloat16') }),
    },
  ],
};
