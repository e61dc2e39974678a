import type { Law, Observed } from '../component.ts';
import { differ, inapplicable, mapped, metamorphic, type Relation } from '../laws.ts';
import type { FloatTensor } from '../tensor.ts';
import type { ScheduleInput } from './scheduleInputs.ts';

interface Rate {
  readonly learningRate: FloatTensor;
}
type ScheduleLaw = Law<ScheduleInput, ScheduleInput, Rate>;

const rateOf = ({ output, slack }: Observed<Rate>) => ({
  value: output.learningRate.data[0] ?? NaN,
  slack: slack['learningRate']?.[0] ?? 0,
});

export const scales: ScheduleLaw = metamorphic((source): Relation<ScheduleInput> => {
  const { peak, final, width } = source;
  const doubled = (rate: number | undefined): number | undefined =>
    rate === undefined ? undefined : 2 * rate;
  return source.kind === 'noam'
    ? {
        input: { ...source, width: 4 * (width ?? NaN) },
        output: (rate) => mapped(rate, (x) => x / 2),
      }
    : {
        input: { ...source, peak: doubled(peak), final: doubled(final) },
        output: (rate) => mapped(rate, (x) => 2 * x),
      };
});

/** As far below the peak after the warm-up as above the final rate before the end: cos(π − x) = −cos x. */
export const isSymmetric: ScheduleLaw = async (source, run) => {
  const { kind, step, warmup = 0, peak = NaN, final = 0, total = NaN } = source;
  if (kind === 'noam' || step < warmup || step > total) return inapplicable;
  const here = rateOf(await run(source));
  const there = rateOf(await run({ ...source, step: warmup + total - step }));
  return differ(
    [here.value + there.value],
    [peak + final],
    () => here.slack + there.slack + (peak + final) * 2 ** -50,
  );
};

/** r(2t) = 2 r(t) up to the peak. */
export const risesEvenly: ScheduleLaw = async (source, run) => {
  const warmup = source.warmup ?? 0;
  if (source.step < 1 || 2 * source.step > warmup) return inapplicable;
  const one = rateOf(await run(source));
  const two = rateOf(await run({ ...source, step: 2 * source.step }));
  return differ([2 * one.value], [two.value], () => 2 * one.slack + two.slack);
};

/** The final rate, from the last step on. */
export const staysAtEnd: ScheduleLaw = async (source, run) => {
  const { kind, step, final = 0, total = NaN } = source;
  if (kind === 'noam') return inapplicable;
  const late = rateOf(await run({ ...source, step: step + total }));
  return differ([late.value], [final], () => late.slack);
};
