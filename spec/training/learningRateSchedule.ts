import fc from 'fast-check';
import { z } from 'zod';
import { scheduleError } from '../bounds/schedule.ts';
import { component } from '../component.ts';
import { fields, floats, positiveInteger, real } from '../schema.ts';
import { factor } from './optimizerInputs.ts';
import { inputs, problemsOf, type ScheduleInput } from './scheduleInputs.ts';
import { isSymmetric, risesEvenly, scales, staysAtEnd } from './scheduleLaws.ts';
import { scheduleSizes } from './sizes.ts';

const count = (description: string) =>
  real('an integer ≥ 0', (n) => Number.isSafeInteger(n) && n >= 0, description);

const cosine = { kind: 'cosine', peak: 0.001, warmup: 100, total: 1000 } as const;
const linear = { kind: 'linear', peak: 0.5, final: 0.125, warmup: 8, total: 40 } as const;

const example = (
  id: string,
  why: string,
  flags: readonly string[],
  input: ScheduleInput,
): { id: string; why: string; flags: readonly string[]; input: ScheduleInput } => ({
  id,
  why,
  flags,
  input,
});

/**
 * noam: r = width^−½ min(t^−½, t warmup^−3⁄2), with t from 1 on; it rises to the step `warmup`, where both terms agree.
 * cosine and linear: r = peak t / warmup before the step `warmup`, so that step 0 gives 0 and step `warmup` the peak itself; then
 * final + (peak − final) (1 + cos πx) / 2, or final + (peak − final) (1 − x), with x = (t − warmup) / (total − warmup): step `total` gives the final rate, and so does every later one.
 * The rate is a tensor of shape [].
 *
 * @example
 * learningRateSchedule({ kind: 'cosine', step: 50, peak: 0.5, total: 100 }) // → { learningRate: [0.25] }
 */
export const learningRateSchedule = component({
  family: 'training',
  summary: 'The learning rate of a step: it warms up, then declines.',
  formula: String.raw`r_{\text{noam}} = d^{-1/2} \min(t^{-1/2}, t\,w^{-3/2}),\quad r_{\cos} = f + \tfrac12 (p - f)(1 + \cos \pi x),\quad r_{\text{linear}} = f + (p - f)(1 - x),\quad x = \frac{t - w}{T - w};\quad r = p\,t / w \text{ for } t < w`,
  source:
    'noam: Vaswani et al., Attention Is All You Need, 2017, §5.3, eq. 3; cosine: Loshchilov, Hutter, SGDR: Stochastic Gradient Descent with Warm Restarts, 2017, eq. 5, one cycle; linear: Devlin et al., BERT, 2018, appendix A.2',
  domain:
    'Whole steps, under noam from 1, else from 0 on. Each kind takes its own constants alone: noam width and warmup ≥ 1; cosine and linear peak, total, and where given final and warmup, which is below total. The final rate may be above the peak. Where a power, a product of peak and step, or a rate leaves the normal numbers of a narrow format, little or nothing is said.',
  input: fields({
    kind: z.enum(['noam', 'cosine', 'linear']).meta({ description: 'noam, cosine or linear' }),
    step: count('t; the first is 1 under noam, else 0'),
    width: positiveInteger('noam: numbers that stand for a token').optional(),
    warmup: count('steps to the peak; noam must have it, else 0 where it is left out').optional(),
    peak: factor('cosine, linear: the rate at the end of the warm-up').optional(),
    final: factor('cosine, linear: the rate from `total` on; 0 where it is left out').optional(),
    total: positiveInteger('cosine, linear: the step that has the final rate').optional(),
  }).superRefine((input, context) => {
    for (const { field, message } of problemsOf(input))
      context.addIssue({ code: 'custom', path: [field], message });
  }),
  output: fields({ learningRate: floats('[]', 'of this step, a tensor of shape []') }),
  arbitrary: inputs,
  sized: scheduleSizes,
  invalid: {
    'the steps of noam are counted from 0': fc.constant({
      kind: 'noam',
      step: 0,
      width: 512,
      warmup: 4000,
    }),
    'the step is negative': fc.constant({ ...cosine, step: -1 }),
    'the step is no integer': fc.constant({ ...linear, step: 2.5 }),
    'the kind is unknown': fc.constant({ ...cosine, kind: 'polynomial', step: 3 }),
    'the peak is not a number': fc.constant({ ...cosine, step: 3, peak: NaN }),
  },
  bound: (a, { input, rounding }) => {
    const { kind, step, width = NaN, warmup = 0, peak = NaN, final = 0, total = NaN } = input;
    const constants = { kind, step, width, warmup, peak, final, total };
    return { learningRate: [a.from(scheduleError(rounding, constants))] };
  },
  boundSource:
    'spec/bounds/schedule.ts: powers by roots and quotients or by e^(y log x); a share of the way off by its quotient, its cosine by |sin| of that and the declared accuracy; each stated number rounded once; Higham, Accuracy and Stability of Numerical Algorithms, 2002, §2.2, §3.1',
  laws: {
    'is doubled by doubling its rates, and halved by a width four times as large': scales,
    'falls after the peak as it nears the final rate': isSymmetric,
    'rises in even steps': risesEvenly,
    'stays at the final rate': staysAtEnd,
  },
  examples: [
    example('noam', 'width and warmup of the paper, before the peak', ['ordinary'], {
      kind: 'noam',
      step: 100,
      width: 512,
      warmup: 4000,
    }),
    example('noam-after-the-peak', 'max instead of min', ['minimum'], {
      kind: 'noam',
      step: 20000,
      width: 512,
      warmup: 4000,
    }),
    example('noam-first-step', 'steps that are counted from 0', ['off-by-one'], {
      kind: 'noam',
      step: 1,
      width: 768,
      warmup: 10,
    }),
    example(
      'cosine-warming-up',
      'a warm-up that begins at step 1 or ends a step early',
      ['off-by-one'],
      {
        ...cosine,
        step: 37,
      },
    ),
    example('cosine-at-the-peak', 'the last step of the warm-up has the peak', ['off-by-one'], {
      ...cosine,
      step: 100,
    }),
    example('cosine', 'degrees, a whole turn, or steps of the warm-up counted in', ['ordinary'], {
      ...cosine,
      step: 333,
      final: 0.0001,
    }),
    example('cosine-after-the-end', 'a cosine that comes back up', ['clamped'], {
      ...cosine,
      step: 1500,
      final: 0.0003,
    }),
    example('linear-warming-up', 'exact, to the last bit', ['rounding'], { ...linear, step: 5 }),
    example(
      'linear',
      'a decline that takes no account of the warm-up, or ends at 0',
      ['ordinary'],
      {
        ...linear,
        step: 15,
      },
    ),
    example('linear-at-the-end', 'a decline that ends a step late', ['off-by-one'], {
      ...linear,
      step: 40,
    }),
    example('linear-without-warm-up', 'a division by a warm-up of 0', ['zero'], {
      kind: 'linear',
      step: 0,
      peak: 0.3,
      total: 7,
    }),
  ],
});
