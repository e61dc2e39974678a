import { clippedGradient } from '../classics.ts';
import { roundTo } from '../../../spec/format.ts';
import { mapped, reversed } from '../../../spec/laws.ts';
import { rowsOf } from '../../../spec/tensor.ts';
import { float32, unitOf } from '../../honest/machine.ts';
import {
  softmaxGradient as honest,
  throughDifference,
  type Backward,
} from '../../honest/training/softmaxGradient.ts';
import { withInput, withOutput, type Mutants } from '../mutant.ts';

const f = Math.fround;
const unit = unitOf(float32);
const sound = honest(unit, throughDifference(unit));

/** A gradient made of the probabilities and the gradient that comes in. */
const made = (
  compute: (
    p: readonly number[],
    g: readonly number[],
    row: readonly number[],
  ) => readonly number[],
): Mutants<'softmaxGradient'>['honest'] => {
  const backward: Backward = ({ weights, total }, row, g) =>
    compute(
      weights.map((w) => f(w / total)),
      g,
      row,
    );
  return honest(unit, backward);
};

const sum = (terms: readonly number[], round = f): number =>
  terms.reduce((total, x) => round(total + x), 0);

export const softmaxGradient: Mutants<'softmaxGradient'> = {
  honest: sound,
  options: { emptyRow: ['nan', 'zero'] },
  mutants: [
    {
      id: 'forgets-the-sum',
      defect: 'classic',
      wrong: 'p g without p Σ p g',
      run: made((p, g) => p.map((own, j) => f(own * (g[j] ?? NaN)))),
    },
    {
      id: 'diagonal',
      defect: 'classic',
      wrong: 'p (1 − p) g, the diagonal of the Jacobian alone',
      run: made((p, g) => p.map((own, j) => f(f(own * f(1 - own)) * (g[j] ?? NaN)))),
    },
    {
      id: 'sum-without-probabilities',
      defect: 'classic',
      wrong: 'p (g − Σ g)',
      run: made((p, g) => p.map((own, j) => f(own * f((g[j] ?? NaN) - sum(g))))),
    },
    {
      id: 'mean-of-gradients',
      defect: 'classic',
      wrong: 'p (g − the plain mean of g)',
      run: made((p, g) => p.map((own, j) => f(own * f((g[j] ?? NaN) - f(sum(g) / g.length))))),
    },
    {
      id: 'without-the-factor',
      defect: 'classic',
      wrong: 'g − Σ p g, as of a log-softmax gone wrong',
      run: made((p, g) => {
        const mean = unit.dot(p, g);
        return g.map((x) => f(x - mean));
      }),
    },
    {
      id: 'log-softmax',
      defect: 'classic',
      wrong: 'g − p Σ g, the gradient of the log-softmax',
      run: made((p, g) => p.map((own, j) => f((g[j] ?? NaN) - f(own * sum(g))))),
    },
    {
      id: 'opposite-sign',
      defect: 'classic',
      wrong: 'the other sign',
      run: withOutput(sound, ({ logitsGradient }) => ({
        logitsGradient: mapped(logitsGradient, (x) => -x),
      })),
    },
    {
      id: 'first-row-sum',
      defect: 'classic',
      wrong: 'takes Σ p g of the first row for every row',
      run: async (input) => {
        const { logitsGradient } = await sound(input);
        const width = input.logits.shape.at(-1) ?? 1;
        const [g = []] = rowsOf(input.outputGradient);
        const repeated = mapped(input.outputGradient, (_x, i) => g[i % width] ?? NaN);
        const other = await sound({ ...input, outputGradient: repeated });
        return {
          logitsGradient: mapped(logitsGradient, (x, i) =>
            i < width ? x : (other.logitsGradient.data[i] ?? NaN),
          ),
        };
      },
    },
    {
      id: 'reversed-gradient',
      defect: 'classic',
      wrong: 'reads the gradient from its end',
      run: withInput(sound, (input) => ({
        ...input,
        outputGradient: reversed(input.outputGradient),
      })),
    },
    {
      id: 'float16-sum',
      defect: 'classic',
      wrong: 'adds Σ p g up in float16',
      run: made((p, g) => {
        const mean = sum(
          p.map((own, j) => f(own * (g[j] ?? NaN))),
          (x) => roundTo(x, 'float16'),
        );
        return p.map((own, j) => f(own * f((g[j] ?? NaN) - mean)));
      }),
    },
    {
      id: 'bfloat16-probabilities',
      defect: 'classic',
      wrong: 'keeps the probabilities in bfloat16 and says nothing of it',
      run: made((given, g) => {
        const p = given.map((x) => roundTo(x, 'bfloat16'));
        const mean = unit.dot(p, g);
        return p.map((own, j) => f(own * f((g[j] ?? NaN) - mean)));
      }),
    },
    {
      id: 'unshifted',
      defect: 'classic',
      wrong: 'takes exponentials of the logits as they are',
      run: made((_p, g, row) => {
        const weights = row.map((x) => f(Math.exp(x)));
        const total = sum(weights);
        const p = weights.map((w) => f(w / total));
        const mean = unit.dot(p, g);
        return p.map((own, j) => f(own * f((g[j] ?? NaN) - mean)));
      }),
    },
    {
      id: 'cleans',
      defect: 'gradients-07',
      wrong: 'gives 0 where a logit is NaN',
      run: withOutput(sound, ({ logitsGradient }) => ({
        logitsGradient: mapped(logitsGradient, (x) => (Number.isNaN(x) ? 0 : x)),
      })),
    },
    clippedGradient(sound),
  ],
};
