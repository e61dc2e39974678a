import { softCappedLogits } from '../classics.ts';
import { greatestOf, leastOf } from '../../../spec/extremes.ts';
import { roundTo } from '../../../spec/format.ts';
import { rowsOf } from '../../../spec/tensor.ts';
import { softmax as honest } from '../../honest/sampling/softmax.ts';
import { float32, unitOf } from '../../honest/machine.ts';
import { float32Rows, withOutput, type Mutants } from '../mutant.ts';

const f = Math.fround;
const sum = (terms: readonly number[], round = f): number =>
  terms.reduce((total, x) => round(total + x), 0);

/** A softmax made of a shift, an exponential, a sum and a last step, each of which a mutant replaces. */
const assembled =
  ({
    shift = (row: readonly number[]) => greatestOf(row),
    exp = (x: number) => f(Math.exp(x)),
    total = (w: readonly number[]) => sum(w),
    divide = (w: number, t: number) => f(w / t),
  }) =>
  (row: readonly number[]) => {
    const weights = row.map((x) => exp(f(x - shift(row))));
    const all = total(weights);
    return weights.map((w) => divide(w, all));
  };

const kernel = (parts: Parameters<typeof assembled>[0]): Mutants<'softmax'>['honest'] => {
  const compute = assembled(parts);
  return ({ logits, emptyRow }) => ({
    probabilities: float32Rows(logits, (row) =>
      row.every((x) => x === -Infinity)
        ? row.map(() => (emptyRow === 'zero' ? 0 : NaN))
        : compute(row),
    ),
  });
};

export const softmax: Mutants<'softmax'> = {
  honest: honest(unitOf(float32)),
  options: { emptyRow: ['nan', 'zero'] },
  mutants: [
    {
      id: 'maximum-from-zero',
      defect: 'softmax-02',
      wrong: 'the running maximum starts at 0',
      run: kernel({ shift: (row) => row.reduce((m, x) => Math.max(m, x), 0) }),
    },
    {
      id: 'shift-by-first',
      defect: 'softmax-03',
      wrong: 'subtracts the first element instead of the largest',
      run: kernel({ shift: ([first = 0]) => first }),
    },
    {
      id: 'reciprocal-approximation',
      defect: 'softmax-05',
      wrong: 'multiplies by an approximate reciprocal, so that one element gives 1 − 2^-24',
      run: kernel({ divide: (w, t) => f(w * f(f(1 / t) * (1 - 2 ** -24))) }),
    },
    {
      id: 'flushes-subnormals',
      defect: 'numerics-subnormal-01',
      wrong: 'flushes weights below 2^-126 to zero without saying so',
      run: kernel({
        exp: (x) => {
          const w = f(Math.exp(x));
          return w < 2 ** -126 ? 0 : w;
        },
      }),
    },
    {
      id: 'unshifted',
      defect: 'classic',
      wrong: 'takes exponentials of the logits as they are',
      run: kernel({ shift: () => 0 }),
    },
    {
      id: 'shift-by-minimum',
      defect: 'classic',
      wrong: 'subtracts the smallest element',
      run: kernel({ shift: (row) => leastOf(row) }),
    },
    {
      id: 'base-two',
      defect: 'classic',
      wrong: '2^x instead of e^x',
      run: kernel({ exp: (x) => f(2 ** x) }),
    },
    {
      id: 'float16-sum',
      defect: 'classic',
      wrong: 'sums in float16',
      run: kernel({ total: (w) => sum(w, (x) => roundTo(x, 'float16')) }),
    },
    {
      id: 'bfloat16-exponentials',
      defect: 'classic',
      wrong: 'keeps the exponentials in bfloat16',
      run: kernel({ exp: (x) => roundTo(Math.exp(x), 'bfloat16') }),
    },
    {
      id: 'fast-exponential',
      defect: 'classic',
      wrong: 'an exponential that is 64 units in the last place off',
      run: kernel({ exp: (x) => f(Math.exp(x) * (1 + (x === 0 ? 0 : 64 * 2 ** -23))) }),
    },
    {
      id: 'unnormalised',
      defect: 'classic',
      wrong: 'leaves out the division',
      run: kernel({ divide: (w) => w }),
    },
    {
      id: 'epsilon-in-denominator',
      defect: 'classic',
      wrong: 'adds 1e-6 to the sum',
      run: kernel({ divide: (w, t) => f(w / f(t + 1e-6)) }),
    },
    {
      id: 'drops-last',
      defect: 'classic',
      wrong: 'the sum stops one short',
      run: kernel({ total: (w) => (w.length > 1 ? sum(w.slice(0, -1)) : sum(w)) }),
    },
    {
      id: 'whole-tensor',
      defect: 'classic',
      wrong: 'normalises over all rows together',
      run: withOutput(kernel({}), ({ probabilities }, { logits }) => ({
        probabilities: float32Rows(probabilities, (row) =>
          row.map((p) => p / Math.max(1, rowsOf(logits).length)),
        ),
      })),
    },
    softCappedLogits(honest(unitOf(float32))),
  ],
};
