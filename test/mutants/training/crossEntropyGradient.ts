import { softCappedLogits, staleLastLogits } from '../classics.ts';
import { roundTo } from '../../../spec/format.ts';
import { mapped } from '../../../spec/laws.ts';
import { countedIn, isIgnored } from '../../../spec/training/tokens.ts';
import { float32, unitOf } from '../../honest/machine.ts';
import {
  crossEntropyGradient as honest,
  probabilitiesOf,
  sharesOf,
  throughSoftmax,
  type Backward,
  type Target,
} from '../../honest/training/crossEntropyGradient.ts';
import { withInput, withOutput, type Mutants } from '../mutant.ts';

const f = Math.fround;
const unit = unitOf(float32);
const sound = honest(unit, throughSoftmax);
type Kernel = Mutants<'crossEntropyGradient'>['honest'];

const masked = (x: number, mask: 0 | 1): number => x * mask;

/** A gradient made of other probabilities, shares or another division. */
const made = ({
  probabilities = (row: readonly number[]) => probabilitiesOf(unit, row),
  shares = (token: Target) => sharesOf(unit, token),
  scale = ({ gradient, count }: Target) => f(gradient / f(count)),
}): Kernel => {
  const backward: Backward = (_unit, token) => {
    const own = shares(token);
    return probabilities(token.row).map((p, j) => f(f(p - (own[j] ?? NaN)) * scale(token)));
  };
  return honest(unit, backward);
};

/** The gradient of ignored rows too, of which token 0 is taken for the target. */
const withoutIgnoring = withInput(sound, (input) => ({
  ...input,
  ignoreIndex: undefined,
  targets: mapped(input.targets, (target) =>
    target >= 0 && target < (input.logits.shape[1] ?? 0) ? target : 0,
  ),
}));

export const crossEntropyGradient: Mutants<'crossEntropyGradient'> = {
  honest: sound,
  mutants: [
    {
      id: 'probabilities-alone',
      defect: 'classic',
      wrong: 'p in the place of p − q',
      run: made({ shares: ({ row }) => row.map(() => 0) }),
    },
    {
      id: 'opposite-sign',
      defect: 'classic',
      wrong: 'q − p',
      run: withOutput(sound, ({ logitsGradient }) => ({
        logitsGradient: mapped(logitsGradient, (x) => -x),
      })),
    },
    {
      id: 'not-divided',
      defect: 'classic',
      wrong: 'the gradient of the sum where the mean is asked for',
      run: made({ scale: ({ gradient }) => gradient }),
    },
    {
      id: 'mean-over-all',
      defect: 'classic',
      wrong: 'divides by the number of all tokens, the ignored ones included',
      run: withOutput(sound, ({ logitsGradient }, input) => {
        const all = input.targets.data.length;
        const share = input.reduction === 'mean' ? countedIn(input).length / all : 1;
        return { logitsGradient: mapped(logitsGradient, (x) => f(x * share)) };
      }),
    },
    {
      id: 'ignored-rows-counted',
      defect: 'cross-entropy-loss-01',
      wrong: 'gives ignored rows a gradient, and counts them',
      run: withoutIgnoring,
    },
    {
      id: 'ignored-times-zero',
      defect: 'classic',
      wrong: 'multiplies ignored rows by 0: NaN gets through',
      run: async (input) => {
        const width = input.logits.shape[1] ?? 1;
        const { logitsGradient } = await sound(input);
        return {
          logitsGradient: mapped(logitsGradient, (x, i) =>
            isIgnored(input, Math.floor(i / width)) ? masked(input.logits.data[i] ?? 0, 0) : x,
          ),
        };
      },
    },
    {
      id: 'counts-the-default',
      defect: 'cross-entropy-loss-06',
      wrong: 'ignores −100 alone, and takes other targets outside of the vocabulary for token 0',
      run: (input) => (input.ignoreIndex === -100 ? sound(input) : withoutIgnoring(input)),
    },
    {
      id: 'smoothing-left-out',
      defect: 'classic',
      wrong: 'leaves the label smoothing out',
      run: withInput(sound, (input) => ({ ...input, labelSmoothing: 0 })),
    },
    {
      id: 'smooths-over-the-others',
      defect: 'classic',
      wrong: 'spreads s over the V − 1 other tokens',
      run: made({
        shares: ({ row, target, smoothing }) =>
          row.map((_, j) =>
            row.length === 1
              ? 1
              : j === target
                ? f(1 - smoothing)
                : f(smoothing / (row.length - 1)),
          ),
      }),
    },
    {
      id: 'smooths-the-target-only',
      defect: 'classic',
      wrong: 'takes s from the target and gives it to no token',
      run: made({
        shares: ({ row, target, smoothing }) =>
          row.map((_, j) => (j === target ? f(1 - smoothing) : 0)),
      }),
    },
    {
      id: 'gradient-of-the-first',
      defect: 'cross-entropy-loss-09',
      wrong: 'takes the first token’s gradient for every token where each has its own',
      run: withInput(sound, (input) => ({
        ...input,
        outputGradient: mapped(input.outputGradient, () => input.outputGradient.data[0] ?? 0),
      })),
    },
    {
      id: 'gradient-left-out',
      defect: 'classic',
      wrong: 'takes 1 for the gradient of the loss',
      run: withInput(sound, (input) => ({
        ...input,
        outputGradient: mapped(input.outputGradient, () => 1),
      })),
    },
    {
      id: 'targets-from-one',
      defect: 'classic',
      wrong: 'takes the token after the target',
      run: made({
        shares: (token) =>
          sharesOf(unit, { ...token, target: (token.target + 1) % token.row.length }),
      }),
    },
    {
      id: 'impossible-is-not-a-number',
      defect: 'classic',
      wrong: 'multiplies with the loss, which is Infinity for an impossible token',
      run: made({
        probabilities: (row) =>
          probabilitiesOf(unit, row).map((p) => f(f(p * f(Math.log(p))) / f(Math.log(p)))),
      }),
    },
    {
      id: 'unshifted',
      defect: 'classic',
      wrong: 'takes exponentials of the logits as they are',
      run: made({
        probabilities: (row) => {
          const weights = row.map((x) => f(Math.exp(x)));
          const total = unit.sum(weights);
          return weights.map((w) => f(w / total));
        },
      }),
    },
    {
      id: 'bfloat16-probabilities',
      defect: 'classic',
      wrong: 'keeps the probabilities in bfloat16 and says nothing of it',
      run: made({
        probabilities: (row) => probabilitiesOf(unit, row).map((p) => roundTo(p, 'bfloat16')),
      }),
    },
    softCappedLogits(sound),
    staleLastLogits(sound),
  ],
};
