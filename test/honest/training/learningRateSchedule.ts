import type { Kernel } from '../../../conformance/interface/implementation.ts';
import type { Input } from '../../../spec/index.ts';
import type { Unit } from '../machine.ts';

/** The constants, those left out filled in. */
export const filledIn = (input: Input<'learningRateSchedule'>): Record<Constant, number> => ({
  step: input.step,
  width: input.width ?? NaN,
  warmup: input.warmup ?? 0,
  peak: input.peak ?? NaN,
  final: input.final ?? 0,
  total: input.total ?? NaN,
});
type Constant = 'step' | 'width' | 'warmup' | 'peak' | 'final' | 'total';
export type Constants = Readonly<Record<Constant, number>>;

/** By powers; where softmax is online, by roots and quotients. */
function noam({ round, machine }: Unit, { step, width, warmup }: Constants): number {
  const own = round(step);
  if (machine.online > 0) {
    const root = (x: number): number => round(1 / round(Math.sqrt(round(x))));
    const rising = round(own * round(root(warmup) / round(warmup)));
    return round(root(width) * Math.min(root(step), rising));
  }
  const power = (x: number, y: number): number => round(round(x) ** y);
  const rising = round(own * power(warmup, -1.5));
  return round(power(width, -0.5) * Math.min(power(step, -0.5), rising));
}

function declining(
  { round, machine }: Unit,
  kind: 'cosine' | 'linear',
  { step, warmup, peak, final, total }: Constants,
): number {
  const [top, bottom] = [round(peak), round(final)];
  if (step >= total) return bottom;
  const way = round(round(step - warmup) / round(total - warmup));
  const left =
    kind === 'linear'
      ? round(1 - way)
      : round(0.5 * round(1 + round(Math.cos(round(round(Math.PI) * way)))));
  return machine.order === 'pairwise'
    ? round(round(top * left) + round(bottom * round(1 - left)))
    : round(bottom + round(round(top - bottom) * left));
}

/** A sound schedule on any machine. */
export const learningRateSchedule =
  (unit: Unit): Kernel<'learningRateSchedule'> =>
  (input) => {
    const { round, store, machine } = unit;
    const constants = filledIn(input);
    const { step, warmup, peak } = constants;
    const rising = (): number =>
      machine.order === 'pairwise'
        ? round(round(peak) * round(round(step) / round(warmup)))
        : round(round(round(peak) * round(step)) / round(warmup));
    const rate = (): number => {
      if (input.kind === 'noam') return noam(unit, constants);
      return step < warmup ? rising() : declining(unit, input.kind, constants);
    };
    return { learningRate: store([], [rate()]) };
  };
