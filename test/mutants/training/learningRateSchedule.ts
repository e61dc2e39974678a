import { roundTo } from '../../../spec/format.ts';
import { tensor } from '../../../spec/tensor.ts';
import {
  filledIn,
  learningRateSchedule as honest,
  type Constants,
} from '../../honest/training/learningRateSchedule.ts';
import { float32, unitOf } from '../../honest/machine.ts';
import type { Mutants } from '../mutant.ts';

type Schedule = Mutants<'learningRateSchedule'>['honest'];

const sound = honest(unitOf(float32));

const soundNoam = ({ step, width, warmup }: Constants): number =>
  width ** -0.5 * Math.min(step ** -0.5, step * warmup ** -1.5);
const soundRise = ({ step, warmup, peak }: Constants): number => (peak * step) / warmup;
const wayOf = ({ step, warmup, total }: Constants): number => (step - warmup) / (total - warmup);
const soundCosine = (c: Constants, way = Math.min(1, wayOf(c))): number =>
  c.final + (c.peak - c.final) * 0.5 * (1 + Math.cos(Math.PI * way));
const soundLinear = (c: Constants, way = Math.min(1, wayOf(c))): number =>
  c.final + (c.peak - c.final) * (1 - way);

/** A schedule made in double of its parts, each of which a mutant replaces, and rounded once. */
const scheduling =
  ({ noam = soundNoam, rise = soundRise, cosine = soundCosine, linear = soundLinear }): Schedule =>
  (input) => {
    const constants = filledIn(input);
    const rate = (): number => {
      if (input.kind === 'noam') return noam(constants);
      if (constants.step < constants.warmup) return rise(constants);
      return (input.kind === 'cosine' ? cosine : linear)(constants);
    };
    return { learningRate: tensor('float32', [], [rate()]) };
  };

const { cos, max, PI } = Math;

export const learningRateSchedule: Mutants<'learningRateSchedule'> = {
  honest: sound,
  mutants: [
    {
      id: 'maximum',
      defect: 'classic',
      wrong: 'takes the larger of both terms of noam',
      run: scheduling({
        noam: ({ step, width, warmup }) => width ** -0.5 * max(step ** -0.5, step * warmup ** -1.5),
      }),
    },
    {
      id: 'noam-from-zero',
      defect: 'classic',
      wrong: 'counts the steps of noam from 0',
      run: scheduling({ noam: (c) => (c.step === 1 ? 0 : soundNoam({ ...c, step: c.step - 1 })) }),
    },
    {
      id: 'noam-without-width',
      defect: 'classic',
      wrong: 'does not scale noam with the width',
      run: scheduling({ noam: (c) => soundNoam({ ...c, width: 1 }) }),
    },
    {
      id: 'noam-exponent',
      defect: 'classic',
      wrong: 'raises the warm-up of noam to −½',
      run: scheduling({
        noam: ({ step, width, warmup }) =>
          width ** -0.5 * Math.min(step ** -0.5, step * warmup ** -0.5),
      }),
    },
    {
      id: 'warm-up-from-one',
      defect: 'classic',
      wrong: 'warms up by (t + 1) / warmup',
      run: scheduling({ rise: (c) => soundRise({ ...c, step: c.step + 1 }) }),
    },
    {
      id: 'warm-up-ends-late',
      defect: 'classic',
      wrong: 'warms up by t / (warmup + 1)',
      run: scheduling({ rise: (c) => soundRise({ ...c, warmup: c.warmup + 1 }) }),
    },
    {
      id: 'warm-up-from-final',
      defect: 'classic',
      wrong: 'warms up from the final rate, not from 0',
      run: scheduling({ rise: (c) => c.final + soundRise({ ...c, peak: c.peak - c.final }) }),
    },
    {
      id: 'without-warm-up',
      defect: 'classic',
      wrong: 'has the peak from the start',
      run: scheduling({ rise: ({ peak }) => peak }),
    },
    {
      id: 'warm-up-counted-in',
      defect: 'classic',
      wrong: 'declines as if from step 0: t / total',
      run: scheduling({
        cosine: (c) => soundCosine(c, Math.min(1, c.step / c.total)),
        linear: (c) => soundLinear(c, Math.min(1, c.step / c.total)),
      }),
    },
    {
      id: 'ends-late',
      defect: 'classic',
      wrong: 'declines a step late, and ends one after `total`',
      run: scheduling({
        cosine: (c) => soundCosine({ ...c, step: max(c.warmup, c.step - 1) }),
        linear: (c) => soundLinear({ ...c, step: max(c.warmup, c.step - 1) }),
      }),
    },
    {
      id: 'not-clamped',
      defect: 'classic',
      wrong: 'goes on after the last step: the cosine comes up again',
      run: scheduling({
        cosine: (c) => soundCosine(c, wayOf(c)),
        linear: (c) => soundLinear(c, wayOf(c)),
      }),
    },
    {
      id: 'zero-after-the-end',
      defect: 'classic',
      wrong: 'is 0 after the last step',
      run: scheduling({
        cosine: (c) => (c.step > c.total ? 0 : soundCosine(c)),
        linear: (c) => (c.step > c.total ? 0 : soundLinear(c)),
      }),
    },
    {
      id: 'degrees',
      defect: 'classic',
      wrong: 'leaves out π: the cosine of x',
      run: scheduling({
        cosine: (c) => c.final + (c.peak - c.final) * 0.5 * (1 + cos(Math.min(1, wayOf(c)))),
      }),
    },
    {
      id: 'whole-turn',
      defect: 'classic',
      wrong: 'takes cos 2πx',
      run: scheduling({
        cosine: (c) =>
          c.final + (c.peak - c.final) * 0.5 * (1 + cos(2 * PI * Math.min(1, wayOf(c)))),
      }),
    },
    {
      id: 'final-forgotten',
      defect: 'classic',
      wrong: 'declines to 0',
      run: scheduling({
        cosine: (c) => soundCosine({ ...c, final: 0 }),
        linear: (c) => soundLinear({ ...c, final: 0 }),
      }),
    },
    {
      id: 'final-added',
      defect: 'classic',
      wrong: 'adds the final rate to a decline from the peak to 0',
      run: scheduling({
        cosine: (c) => c.final + soundCosine({ ...c, final: 0 }),
        linear: (c) => c.final + soundLinear({ ...c, final: 0 }),
      }),
    },
    {
      id: 'linear-for-cosine',
      defect: 'classic',
      wrong: 'declines evenly under cosine as well',
      run: scheduling({ cosine: (c) => soundLinear(c) }),
    },
    {
      id: 'bfloat16-share',
      defect: 'classic',
      wrong: 'keeps the share of the way in bfloat16',
      run: scheduling({
        cosine: (c) => soundCosine(c, roundTo(Math.min(1, wayOf(c)), 'bfloat16')),
        linear: (c) => soundLinear(c, roundTo(Math.min(1, wayOf(c)), 'bfloat16')),
      }),
    },
    {
      id: 'as-a-vector',
      defect: 'classic',
      wrong: 'gives a vector of one rate, not a scalar',
      run: async (input) => {
        const { learningRate } = await sound(input);
        return { learningRate: tensor('float32', [1], learningRate.data) };
      },
    },
  ],
};
