import { staleLastLogits } from '../classics.ts';
import type { Kernel } from '../../../conformance/interface/implementation.ts';
import { greatestOf } from '../../../spec/extremes.ts';
import { roundTo } from '../../../spec/format.ts';
import { logSoftmax as honest } from '../../honest/sampling/logSoftmax.ts';
import { declared, float32, unitOf } from '../../honest/machine.ts';
import { float32Rows, type Mutants } from '../mutant.ts';

const f = Math.fround;
const special = (row: readonly number[]) => !Number.isFinite(greatestOf(row));
const rows =
  (compute: (row: readonly number[], shift: number) => readonly number[]): Kernel<'logSoftmax'> =>
  ({ logits }) => ({
    logProbabilities: float32Rows(logits, (row) =>
      special(row) ? row.map(() => NaN) : compute(row, greatestOf(row)),
    ),
  });
const logTotal = (row: readonly number[], shift: number): number =>
  f(Math.log(row.reduce((total, x) => f(total + f(Math.exp(f(x - shift)))), 0)));

export const logSoftmax: Mutants<'logSoftmax'> = {
  honest: honest(unitOf(float32)),
  numerics: { ...declared(float32), algorithm: { softmax: 'shifted', logSoftmax: 'shifted' } },
  mutants: [
    {
      id: 'logarithm-of-softmax',
      defect: 'classic',
      wrong: 'takes the logarithm of a computed softmax',
      run: rows((row, m) => {
        const total = row.reduce((t, x) => f(t + f(Math.exp(f(x - m)))), 0);
        return row.map((x) => f(Math.log(f(f(Math.exp(f(x - m))) / total))));
      }),
    },
    {
      id: 'unshifted',
      defect: 'classic',
      wrong: 'takes exponentials of the logits as they are',
      run: rows((row) => row.map((x) => f(x - logTotal(row, 0)))),
    },
    {
      id: 'maximum-from-zero',
      defect: 'softmax-02',
      wrong: 'the running maximum starts at 0',
      run: rows((row, m) =>
        row.map((x) => f(f(x - Math.max(0, m)) - logTotal(row, Math.max(0, m)))),
      ),
    },
    {
      id: 'base-two',
      defect: 'classic',
      wrong: 'the logarithm to base 2',
      run: rows((row, m) => row.map((x) => f(f(x - m) - f(logTotal(row, m) / Math.LN2)))),
    },
    {
      id: 'forgets-shift',
      defect: 'classic',
      wrong: 'does not add the maximum back',
      run: rows((row, m) => row.map((x) => f(x - logTotal(row, m)))),
    },
    {
      id: 'float16-sum',
      defect: 'classic',
      wrong: 'sums in float16',
      run: rows((row, m) => {
        const total = row.reduce((t, x) => roundTo(t + Math.exp(x - m), 'float16'), 0);
        return row.map((x) => f(f(x - m) - Math.log(total)));
      }),
    },
    {
      id: 'large-log-sum-exp',
      defect: 'classic',
      wrong: 'subtracts a rounded max + log of the sum although it declares otherwise',
      run: rows((row, m) => row.map((x) => f(x - f(m + logTotal(row, m))))),
    },
    staleLastLogits(honest(unitOf(float32))),
  ],
};
