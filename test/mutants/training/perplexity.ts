import { softCappedLogits, staleLastLogits } from '../classics.ts';
import type { Kernel } from '../../../conformance/interface/implementation.ts';
import { roundTo } from '../../../spec/format.ts';
import { rowsOf, tensor } from '../../../spec/tensor.ts';
import { perplexity as honest } from '../../honest/training/perplexity.ts';
import { declared, float32, unitOf } from '../../honest/machine.ts';
import { type Mutants } from '../mutant.ts';
import {
  counts,
  countsMinus100,
  countsUnlessMinus100,
  countsWhatIsIgnored,
  lossesOf,
  softmaxOf,
  tiledLosses,
  total,
  type Counts,
  type Row,
} from './tokenLosses.ts';

const f = Math.fround;
const exp = (x: number): number => f(Math.exp(x));
const mean = (losses: Row, count = losses.length): number => f(total(losses) / count);

/** The parts of a perplexity, each of which a mutant replaces. */
interface Parts {
  readonly losses: (row: Row) => Row;
  readonly pick: (target: number, width: number) => number;
  readonly counts: Counts;
  /** From the losses of the tokens that count, and the number of all. */
  readonly whole: (losses: Row, tokens: number) => number;
}

function kernel({
  losses = lossesOf,
  pick = (target) => target,
  counts: isCounted = counts,
  whole = (all) => exp(mean(all)),
}: Partial<Parts>): Kernel<'perplexity'> {
  return ({ logits, ...labels }) => {
    const rows = rowsOf(logits);
    const counted = rows.flatMap((row, i) => {
      const target = pick(labels.targets.data[i] ?? NaN, row.length);
      return isCounted(labels, i) ? [losses(row)[target] ?? NaN] : [];
    });
    return { perplexity: tensor('float32', [], [f(whole(counted, rows.length))]) };
  };
}

export const perplexity: Mutants<'perplexity'> = {
  honest: honest(unitOf(float32), 'distances'),
  numerics: {
    ...declared(float32),
    algorithm: { softmax: 'shifted', crossEntropy: 'fused' },
  },
  mutants: [
    {
      id: 'keeps-the-ignored',
      defect: 'cross-entropy-loss-04',
      wrong: 'the condition is the wrong way round: only ignored rows count',
      run: kernel({
        counts: countsWhatIsIgnored,
        pick: (target, width) => Math.min(Math.max(target, 0), width - 1),
      }),
    },
    {
      id: 'counts-the-default',
      defect: 'cross-entropy-loss-06',
      wrong: 'ignores only a number that differs from −100, and takes target −100 for token 0',
      run: kernel({ counts: countsMinus100, pick: (target) => Math.max(target, 0) }),
    },
    {
      id: 'tile-of-minus-infinity',
      defect: 'attention-sdpa-12',
      wrong: 'a tile of −Infinity alone makes the running sum NaN',
      run: kernel({ losses: tiledLosses }),
    },
    {
      id: 'always-minus-100',
      defect: 'classic',
      wrong: 'compares with −100, whatever is to be ignored',
      run: kernel({ counts: countsUnlessMinus100, pick: (target) => Math.max(target, 0) }),
    },
    {
      id: 'two-to-the-nats',
      defect: 'classic',
      wrong: '2^loss of a loss in nats',
      run: kernel({ whole: (losses) => 2 ** mean(losses) }),
    },
    {
      id: 'e-to-the-bits',
      defect: 'classic',
      wrong: 'e^loss of a loss in bits',
      run: kernel({ whole: (losses) => exp(f(mean(losses) / Math.LN2)) }),
    },
    {
      id: 'exponential-of-sum',
      defect: 'classic',
      wrong: 'does not divide by the count',
      run: kernel({ whole: (losses) => exp(losses.length === 0 ? NaN : total(losses)) }),
    },
    {
      id: 'mean-of-exponentials',
      defect: 'classic',
      wrong: "the mean of the tokens' own perplexities",
      run: kernel({ whole: (losses) => mean(losses.map(exp)) }),
    },
    {
      id: 'mean-over-all',
      defect: 'classic',
      wrong: 'divides by the number of all tokens, the ignored ones included',
      run: kernel({
        whole: (losses, tokens) => exp(mean(losses, losses.length === 0 ? 0 : tokens)),
      }),
    },
    {
      id: 'one-for-none',
      defect: 'classic',
      wrong: 'e^0 where no token counts',
      run: kernel({ whole: (losses) => exp(mean(losses, Math.max(1, losses.length))) }),
    },
    {
      id: 'clipped-loss',
      defect: 'classic',
      wrong: 'clips the loss to 20 before the exponential',
      run: kernel({ whole: (losses) => exp(mean(losses) > 20 ? 20 : mean(losses)) }),
    },
    {
      id: 'largest-for-infinity',
      defect: 'classic',
      wrong: 'the largest number instead of Infinity',
      run: kernel({
        whole: (losses) =>
          exp(mean(losses)) === Infinity ? (2 - 2 ** -23) * 2 ** 127 : exp(mean(losses)),
      }),
    },
    {
      id: 'loss-only',
      defect: 'classic',
      wrong: 'the cross-entropy itself',
      run: kernel({ whole: (losses) => mean(losses) }),
    },
    {
      id: 'softmax-twice',
      defect: 'classic',
      wrong: 'takes probabilities for logits',
      run: kernel({ losses: (row) => lossesOf(softmaxOf(row)) }),
    },
    {
      id: 'unshifted',
      defect: 'classic',
      wrong: 'takes exponentials of the logits as they are',
      run: kernel({ losses: (row) => lossesOf(row, 0) }),
    },
    {
      id: 'targets-from-one',
      defect: 'classic',
      wrong: 'the loss of the token after the target',
      run: kernel({ pick: (target, width) => (target + 1) % width }),
    },
    {
      id: 'bfloat16-loss',
      defect: 'classic',
      wrong: 'keeps the mean in bfloat16 before the exponential',
      run: kernel({ whole: (losses) => exp(roundTo(mean(losses), 'bfloat16')) }),
    },
    softCappedLogits(honest(unitOf(float32), 'distances')),
    staleLastLogits(honest(unitOf(float32), 'distances')),
  ],
};
