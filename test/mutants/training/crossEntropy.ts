import { softCappedLogits } from '../classics.ts';
import { roundTo } from '../../../spec/format.ts';
import { crossEntropy as honest } from '../../honest/training/crossEntropy.ts';
import { declared, float32, unitOf } from '../../honest/machine.ts';
import { type Mutants } from '../mutant.ts';
import { assembled, mix } from './crossEntropyParts.ts';
import {
  countsMinus100,
  countsUnlessMinus100,
  countsWhatIsIgnored,
  greatest,
  logTotal,
  lossesOf,
  softmaxOf,
  tiledLosses,
  total,
} from './tokenLosses.ts';

const f = Math.fround;
const masked = (loss: number, mask: 0 | 1): number => loss * mask;

const numerics = {
  ...declared(float32),
  algorithm: { softmax: 'shifted', crossEntropy: 'fused' },
} as const;

export const crossEntropy: Mutants<'crossEntropy'> = {
  honest: honest(unitOf(float32), 'distances'),
  numerics,
  mutants: [
    {
      id: 'smooths-ignored-rows',
      defect: 'cross-entropy-loss-01',
      wrong: 'the even part of the smoothing is taken over the ignored rows too',
      run: assembled({ ignored: (losses, s) => (s * total(losses)) / losses.length }),
    },
    {
      id: 'looks-up-weights-of-ignored',
      defect: 'cross-entropy-loss-02',
      wrong: 'divides by Σ weight[target], which is undefined for a target that is ignored',
      run: assembled({
        count: ({ targets }, counted) =>
          Array.from(targets.data).some((target) => target < 0) ? NaN : counted,
      }),
    },
    {
      id: 'keeps-the-ignored',
      defect: 'cross-entropy-loss-04',
      wrong: 'the condition is the wrong way round: only ignored rows count',
      run: assembled({
        counts: countsWhatIsIgnored,
        pick: (target, width) => Math.min(Math.max(target, 0), width - 1),
      }),
    },
    {
      id: 'counts-the-default',
      defect: 'cross-entropy-loss-06',
      wrong: 'ignores only a number that differs from −100, and takes target −100 for token 0',
      run: assembled({ counts: countsMinus100, pick: (target) => Math.max(target, 0) }),
    },
    {
      id: 'always-reduces',
      defect: 'cross-entropy-loss-09',
      wrong: 'gives the mean where each loss is asked for',
      run: assembled({ reduction: (asked) => (asked === 'none' ? 'mean' : asked) }),
    },
    {
      id: 'tile-of-minus-infinity',
      defect: 'attention-sdpa-12',
      wrong: 'a tile of −Infinity alone makes the running sum NaN',
      run: assembled({ losses: tiledLosses }),
    },
    {
      id: 'maximum-from-zero',
      defect: 'softmax-02',
      wrong: 'the running maximum starts at 0',
      run: assembled({ losses: (row) => lossesOf(row, Math.max(0, greatest(row))) }),
    },
    {
      id: 'always-minus-100',
      defect: 'classic',
      wrong: 'compares with −100, whatever is to be ignored',
      run: assembled({ counts: countsUnlessMinus100, pick: (target) => Math.max(target, 0) }),
    },
    {
      id: 'mean-over-all',
      defect: 'classic',
      wrong: 'divides by the number of all tokens, the ignored ones included',
      run: assembled({ count: ({ targets }) => targets.data.length }),
    },
    {
      id: 'ignored-loss-counted',
      defect: 'classic',
      wrong: 'leaves the ignored out of the count only, and takes them for token 0 in the sum',
      run: assembled({ ignored: ([first = 0]) => first }),
    },
    {
      id: 'ignored-times-zero',
      defect: 'classic',
      wrong: 'multiplies the losses with the mask: NaN in an ignored row gets through',
      run: assembled({ ignored: (losses) => masked(total(losses), 0) }),
    },
    {
      id: 'mean-of-none-is-zero',
      defect: 'classic',
      wrong: 'divides by at least 1',
      run: assembled({ count: (_labels, counted) => Math.max(1, counted) }),
    },
    {
      id: 'smooths-over-the-others',
      defect: 'classic',
      wrong: 'spreads s over the V − 1 other tokens',
      run: assembled({
        smooth: (own, losses, s) =>
          losses.length === 1 ? own : mix(own, f((total(losses) - own) / (losses.length - 1)), s),
      }),
    },
    {
      id: 'smooths-the-target-only',
      defect: 'classic',
      wrong: 'takes s from the target and gives it to no other token',
      run: assembled({ smooth: (own, _losses, s) => f(f(1 - s) * own) }),
    },
    {
      id: 'smooths-by-the-sum',
      defect: 'classic',
      wrong: 's instead of s / V for each token',
      run: assembled({ smooth: (own, losses, s) => mix(own, total(losses), s) }),
    },
    {
      id: 'zero-share-times-infinity',
      defect: 'classic',
      wrong: 'a product of shares and losses, where 0 · ∞ is NaN',
      run: assembled({
        smooth: (own, losses, s) =>
          f(f((1 - s) * own) + f(total(losses.map((x) => f(s * x))) / losses.length)),
      }),
    },
    {
      id: 'base-two',
      defect: 'classic',
      wrong: 'bits instead of nats',
      run: assembled({ losses: (row) => lossesOf(row).map((loss) => f(loss / Math.LN2)) }),
    },
    {
      id: 'softmax-twice',
      defect: 'classic',
      wrong: 'takes probabilities for logits',
      run: assembled({ losses: (row) => lossesOf(softmaxOf(row)) }),
    },
    {
      id: 'logarithm-of-softmax',
      defect: 'classic',
      wrong: 'takes the logarithm of a computed softmax',
      run: assembled({ losses: (row) => softmaxOf(row).map((p) => f(-Math.log(p))) }),
    },
    {
      id: 'clips-probabilities',
      defect: 'classic',
      wrong: 'clips probabilities to at least 1e-7 before the logarithm',
      run: assembled({
        losses: (row) => softmaxOf(row).map((p) => f(-Math.log(p < 1e-7 ? 1e-7 : p))),
      }),
    },
    {
      id: 'unshifted',
      defect: 'classic',
      wrong: 'takes exponentials of the logits as they are',
      run: assembled({ losses: (row) => lossesOf(row, 0) }),
    },
    {
      id: 'large-log-sum-exp',
      defect: 'classic',
      wrong: 'subtracts from a rounded max + log of the sum although it declares otherwise',
      run: assembled({
        losses: (row) => {
          const whole = f(greatest(row) + logTotal(row, greatest(row)));
          return row.map((x) => f(whole - x));
        },
      }),
    },
    {
      id: 'float16-sum',
      defect: 'classic',
      wrong: 'adds the losses up in float16',
      run: assembled({
        mean: (losses, count) => f(total(losses, (x) => roundTo(x, 'float16')) / count),
      }),
    },
    {
      id: 'targets-from-one',
      defect: 'classic',
      wrong: 'the loss of the token after the target',
      run: assembled({ pick: (target, width) => (target + 1) % width }),
    },
    {
      id: 'sum-for-mean',
      defect: 'classic',
      wrong: 'does not divide by the count',
      run: assembled({ mean: (losses) => total(losses) }),
    },
    {
      id: 'mean-for-sum',
      defect: 'classic',
      wrong: 'gives the mean where the sum is asked for',
      run: assembled({ reduction: (asked) => (asked === 'sum' ? 'mean' : asked) }),
    },
    softCappedLogits(honest(unitOf(float32), 'distances')),
  ],
};
