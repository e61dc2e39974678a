import type { Kernel } from '../../../conformance/interface/implementation.ts';
import { roundTo } from '../../../spec/format.ts';
import { float32, unitOf } from '../../honest/machine.ts';
import { cumulativeCutoff as honest } from '../../honest/similarity/cumulativeCutoff.ts';
import { withInput, withOutput, type Mutants } from '../mutant.ts';

const f = Math.fround;
const unit = unitOf(float32);
const sound = honest(unit);

interface Shares {
  readonly values: readonly number[];
  readonly total: number;
}

/** Counts to the first place where the cumulative masses, over their sum or another number, reach the mass. */
const reaching =
  ({
    massOf = (x: number): number => x,
    over = ({ total }: Shares): number => total,
    reaches = (share: number, mass: number): boolean => share >= mass,
    round = f,
  } = {}): Kernel<'cumulativeCutoff'> =>
  ({ scores, mass }) => {
    const values = Array.from(scores.data, massOf);
    const total = values.reduce((sum, x) => round(sum + x), 0);
    let cumulative = 0;
    const last = values.findIndex((x) => {
      cumulative = round(cumulative + x);
      return reaches(round(cumulative / over({ values, total })), f(mass));
    });
    return { count: last < 0 ? values.length : last + 1 };
  };

export const cumulativeCutoff: Mutants<'cumulativeCutoff'> = {
  honest: sound,
  mutants: [
    {
      id: 'one-more-at-equality',
      defect: 'sampling-top-p-01',
      wrong: 'counts one more where the share is the mass exactly',
      run: reaching({ reaches: (share, mass) => share > mass }),
    },
    {
      id: 'drops-the-crossing',
      defect: 'sampling-top-p-02',
      wrong: 'leaves out the score that crosses the mass',
      run: withOutput(
        reaching({ reaches: (share, mass) => share > mass }),
        ({ count }, { scores, mass }) => ({
          count:
            mass === 1 ? scores.data.length : Math.min(scores.data.length, Math.max(1, count - 1)),
        }),
      ),
    },
    {
      id: 'sum-is-one',
      defect: 'classic',
      wrong: 'does not divide by the sum',
      run: reaching({ over: () => 1 }),
    },
    {
      id: 'over-the-best',
      defect: 'classic',
      wrong: 'divides by the best score',
      run: reaching({ over: ({ values }) => values[0] ?? NaN }),
    },
    {
      id: 'as-threshold',
      defect: 'classic',
      wrong: 'counts the scores that are at least the mass',
      run: ({ scores, mass }) => ({
        count: Array.from(scores.data).filter((x) => x >= f(mass)).length,
      }),
    },
    {
      id: 'exponentials',
      defect: 'classic',
      wrong: 'takes the softmax of the scores for their shares',
      run: reaching({ massOf: (x) => f(Math.exp(Math.min(x, 80))) }),
    },
    {
      id: 'squares',
      defect: 'classic',
      wrong: 'takes squares for masses',
      run: reaching({ massOf: (x) => f(x * x) }),
    },
    {
      id: 'complement',
      defect: 'classic',
      wrong: 'uses 1 − mass',
      run: withInput(sound, (input) => ({ ...input, mass: Math.max(2 ** -20, 1 - input.mass) })),
    },
    {
      id: 'share-of-the-count',
      defect: 'classic',
      wrong: 'counts that share of the results',
      run: ({ scores, mass }) => ({ count: Math.ceil(mass * scores.data.length) }),
    },
    {
      id: 'all-at-one',
      defect: 'classic',
      wrong: 'counts everything at mass 1',
      run: withOutput(sound, ({ count }, { scores, mass }) => ({
        count: mass === 1 ? scores.data.length : count,
      })),
    },
    {
      id: 'at-least-two',
      defect: 'classic',
      wrong: 'counts two at least',
      run: withOutput(sound, ({ count }, { scores }) => ({
        count: Math.max(count, Math.min(2, scores.data.length)),
      })),
    },
    {
      id: 'bfloat16-sum',
      defect: 'classic',
      wrong: 'sums in bfloat16',
      run: reaching({ round: (x) => roundTo(x, 'bfloat16') }),
    },
    {
      id: 'tied-together',
      defect: 'classic',
      wrong: 'counts all that equal the last one',
      run: withOutput(sound, ({ count }, { scores }) => ({
        count: Array.from(scores.data).lastIndexOf(scores.data[count - 1] ?? NaN) + 1,
      })),
    },
  ],
};
