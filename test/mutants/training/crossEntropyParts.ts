import type { Kernel } from '../../../conformance/interface/implementation.ts';
import { rowsOf, tensor } from '../../../spec/tensor.ts';
import type { Labels } from '../../../spec/training/tokens.ts';
import { counts, lossesOf, total, type Counts, type Row } from './tokenLosses.ts';

const f = Math.fround;
type Reduction = 'mean' | 'sum' | 'none';

/** The parts of a cross-entropy, each of which a mutant replaces. */
interface Parts {
  readonly losses: (row: Row) => Row;
  /** Which of the losses is the target's. */
  readonly pick: (target: number, width: number) => number;
  /** Of the target's loss and all of them. */
  readonly smooth: (own: number, losses: Row, smoothing: number) => number;
  readonly counts: Counts;
  /** The loss of an ignored row. */
  readonly ignored: (losses: Row, smoothing: number) => number;
  readonly count: (labels: Labels, counted: number) => number;
  readonly mean: (losses: Row, count: number) => number;
  readonly reduction: (asked: Reduction) => Reduction;
}

/** The target's loss and the even one in shares of 1 − s and s; one without a share is left out. */
export const mix = (own: number, even: number, s: number): number =>
  s === 0 ? own : s === 1 ? even : f(f(f(1 - s) * own) + f(f(s) * even));

const sound: Parts = {
  losses: lossesOf,
  pick: (target) => target,
  smooth: (own, losses, s) => mix(own, f(total(losses) / losses.length), s),
  counts,
  ignored: () => 0,
  count: (_labels, counted) => counted,
  mean: (losses, count) => f(total(losses) / count),
  reduction: (asked) => asked,
};

/** A cross-entropy in float32 with some of its parts replaced. */
export function assembled(changed: Partial<Parts>): Kernel<'crossEntropy'> {
  const parts = { ...sound, ...changed };
  return ({ logits, labelSmoothing, reduction, ...labels }) => {
    const isCounted = Array.from(labels.targets.data, (_, i) => parts.counts(labels, i));
    const losses = rowsOf(logits).map((row, i) => {
      const all = parts.losses(row);
      if (isCounted[i] !== true) return f(parts.ignored(all, labelSmoothing));
      const target = parts.pick(labels.targets.data[i] ?? NaN, row.length);
      return f(parts.smooth(all[target] ?? NaN, all, labelSmoothing));
    });
    const asked = parts.reduction(reduction);
    if (asked === 'none') return { loss: tensor('float32', [losses.length], losses) };
    const count = parts.count(labels, isCounted.filter((counted) => counted).length);
    const loss = asked === 'sum' ? total(losses) : parts.mean(losses, count);
    return { loss: tensor('float32', [], [f(loss)]) };
  };
}
