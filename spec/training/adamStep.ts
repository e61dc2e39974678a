import fc from 'fast-check';
import { adamErrors } from '../bounds/adamStep.ts';
import { component } from '../component.ts';
import { elementParts } from '../partsOf.ts';
import { fields, floats, option, positiveInteger } from '../schema.ts';
import { example, inputs } from './adamInputs.ts';
import {
  changesSign,
  forgetsScale,
  isElementwise,
  keepsMomentsApart,
  restsWithoutGradient,
} from './adamLaws.ts';
import { factor, share, vector } from './optimizerInputs.ts';
import { adamSizes } from './sizes.ts';

/** Parameter, gradient, mean and variance of elements in the middle of a training. */
const usual = [
  [0.5, 0.1, 0.02, 0.004],
  [-1.25, -0.3, 0.05, 0.02],
  [0, 0.7, -0.4, 0.3],
  [3, -0.002, 0.001, 0.00001],
];

/** The same before the first step: no moments yet. */
const starting = usual.map(([parameter = 0, gradient = 0]) => [parameter, gradient, 0, 0]);

/** Gradients of the size of the usual ε. */
const faint = [
  [0, 3e-8, 0, 0],
  [0, -1e-8, 0, 0],
  [1, 2e-9, 0, 0],
  [0, 5e-10, 0, 0],
];

/**
 * m' = β₁ m + (1 − β₁) g; v' = β₂ v + (1 − β₂) g²; p' = p − η m̂ / (√v̂ + ε) with m̂ = m' / (1 − β₁^t), v̂ = v' / (1 − β₂^t).
 * ε is added to the root of the corrected variance: not under the root, not before the correction. The first step has t = 1. Decoupled decay (AdamW) takes
 * ηλp from the parameter as it was before the step; coupled decay adds λp to the gradient, so that both moments see it.
 * g = 0 with m = 0 leaves the parameter alone; an infinite gradient makes it NaN; a square that underflows leaves η m̂ / ε.
 *
 * @example
 * adamStep({ parameter: [1], gradient: [0.5], mean: [0], variance: [0], step: 1, learningRate: 0.1 }) // → { parameter: [0.9], mean: [0.05], variance: [0.00025] }
 */
export const adamStep = component({
  family: 'training',
  summary: 'Moves a parameter by its mean gradient over the root of the mean square.',
  formula: String.raw`m' = \beta_1 m + (1 - \beta_1) g,\quad v' = \beta_2 v + (1 - \beta_2) g^2,\quad p' = p - \eta\lambda p - \eta \frac{m' / (1 - \beta_1^t)}{\sqrt{v' / (1 - \beta_2^t)} + \varepsilon}`,
  source:
    'Kingma, Ba, Adam: A Method for Stochastic Optimization, 2015, algorithm 1; decay: Loshchilov, Hutter, Decoupled Weight Decay Regularization, 2019, algorithm 2, without its schedule multiplier, λ scaled by η as in PyTorch',
  domain:
    'Any gradients: NaN gives NaN; ±∞ gives a mean of ±∞, a variance of ∞ and a parameter of NaN. Steps from 1 on; β from 0 up to but without 1; rate, ε and decay from 0 on, 0/0 being NaN. Of a parameter or a moment that is not finite nothing is said, nor of a negative variance, nor where a square may overflow.',
  input: fields({
    parameter: floats('[...]', 'p, what is learnt'),
    gradient: floats('[...]', 'g, of the loss by the parameter'),
    mean: floats('[...]', 'm, the moving mean of gradients, not corrected'),
    variance: floats('[...]', 'v, the moving mean of their squares, not corrected'),
    step: positiveInteger('t, the number of this step, the first being 1'),
    learningRate: factor('η'),
    beta1: share('β₁, what is kept of the mean').default(0.9),
    beta2: share('β₂, what is kept of the variance').default(0.999),
    epsilon: factor('ε, added to the root').default(1e-8),
    weightDecay: factor('λ').default(0),
    decay: option(
      ['decoupled', 'coupled'],
      'whether the decay shrinks the parameter or is added to the gradient',
    ),
  }),
  output: fields({
    parameter: floats('[...]', 'after the step'),
    mean: floats('[...]', "m'"),
    variance: floats('[...]', "v'"),
  }),
  arbitrary: inputs,
  sized: adamSizes,
  parts: elementParts(
    ['parameter', 'gradient', 'mean', 'variance'],
    ['parameter', 'mean', 'variance'],
  ),
  invalid: {
    'the steps are counted from 0': fc.constant(example(usual, { step: 0, learningRate: 0.1 })),
    'the gradient has another shape': fc.constant({
      ...example(usual, { step: 1, learningRate: 0.1 }),
      gradient: vector([1, 2]),
    }),
    'the variance has another shape': fc.constant({
      ...example(usual, { step: 1, learningRate: 0.1 }),
      variance: vector([1, 2, 3]),
    }),
    'the learning rate is not a number': fc.constant(
      example(usual, { step: 1, learningRate: NaN }),
    ),
  },
  bound: (a, { input, rounding }) => {
    const errors = Array.from(input.parameter.data, (parameter, i) =>
      adamErrors(
        rounding,
        {
          parameter,
          gradient: input.gradient.data[i] ?? NaN,
          mean: input.mean.data[i] ?? NaN,
          variance: input.variance.data[i] ?? NaN,
        },
        input,
      ),
    );
    return {
      parameter: errors.map(({ parameter }) => a.from(parameter)),
      mean: errors.map(({ mean }) => a.from(mean)),
      variance: errors.map(({ variance }) => a.from(variance)),
    };
  },
  boundSource:
    "spec/bounds/adamStep.ts, every constant kept: of m' about 3u(β₁|m| + (1 − β₁)|g|), of v' relative 4u, of the step ½ the error of v̂ and 8u, with the error of 1 − β^t as declared (algorithm.adamBeta: host-f64 or f32; 1 − fl(β) only where f32 is declared); derived for this suite",
  alsoRight: ({ parameter, mean, variance }, _field, index) =>
    ![parameter, mean, variance].every(({ data }) => Number.isFinite(data[index])),
  laws: {
    'changes its sign with parameter, gradient and mean': changesSign,
    'takes the same step where gradients, moments and epsilon are scaled together': forgetsScale,
    'leaves a parameter alone that has neither gradient nor mean': restsWithoutGradient,
    'has moments that decoupled decay does not touch': keepsMomentsApart,
    'treats each element by itself': isElementwise,
  },
  examples: [
    {
      id: 'first-step',
      why: 'without bias correction the first step is a third of what it should be, or three times',
      flags: ['bias-correction'],
      input: example(
        [
          [0.5, 0.1, 0, 0],
          [-1.25, -0.3, 0, 0],
          [0, 7, 0, 0],
        ],
        { step: 1, learningRate: 0.001 },
      ),
    },
    {
      id: 'thousandth-step',
      why: 'a step that is counted from 0, or β₁ and β₂ exchanged',
      flags: ['bias-correction', 'ordinary'],
      input: example(usual, { step: 1000, learningRate: 0.01 }),
    },
    {
      id: 'faint-gradients',
      why: 'epsilon under the root, or added before the correction, where gradients are as small as it',
      flags: ['adam-01', 'epsilon'],
      input: example(faint, { step: 1, learningRate: 0.1 }),
    },
    {
      id: 'large-epsilon',
      why: 'the place of epsilon, in the middle of a training',
      flags: ['adam-01', 'epsilon'],
      input: example(usual, { step: 3, learningRate: 0.1, epsilon: 0.1 }),
    },
    {
      id: 'decoupled-decay',
      why: 'decay that goes through the moments, or is taken from the parameter after the step',
      flags: ['weight-decay'],
      input: example(usual, { step: 10, learningRate: 0.3, weightDecay: 0.5 }),
    },
    {
      id: 'coupled-decay',
      why: 'decay that the moments do not see',
      flags: ['adam-04', 'weight-decay'],
      input: example(usual, { step: 10, learningRate: 0.3, weightDecay: 0.5, decay: 'coupled' }),
    },
    ...([1, 1000] as const).flatMap((step) =>
      (['decoupled', 'coupled'] as const).map((decay) => ({
        id: `step-${step}-${decay}`,
        why: `${decay} decay as the other kind, at step ${step}`,
        flags: ['bias-correction', 'adam-04', 'weight-decay'],
        input: example(step === 1 ? starting : usual, {
          step,
          learningRate: 0.1,
          weightDecay: 0.25,
          decay,
        }),
      })),
    ),
    {
      id: 'other-betas',
      why: 'shares of 0.9 and 0.999 built in; with powers of two the moments are exact to the last bit',
      flags: ['rounding'],
      input: example(
        [
          [0, 1023, -515, 2049],
          [5, -257, 1001, 65],
          [-2, 3, 129, 4097],
        ],
        { step: 2, learningRate: 0.25, beta1: 0.5, beta2: 0.75 },
      ),
    },
    {
      id: 'vanishing-square',
      why: 'a square that underflows leaves the mean over epsilon; no gradient, no step',
      flags: ['underflow', 'zero'],
      input: example(
        [
          [0, 1e-25, 0, 0],
          [0, -4e-24, 3e-25, 0],
          [1 / 3, 0, 0, 0],
          [-7, 0, 0, 0.5],
        ],
        { step: 1, learningRate: 0.1 },
      ),
    },
    {
      id: 'not-finite',
      why: 'an infinite gradient is NaN in the parameter, not a step of 0, and stays in its place',
      flags: ['infinity'],
      input: example(
        [
          [1, Infinity, 0.5, 0.25],
          [2, NaN, 0.5, 0.25],
          [3, -Infinity, 0, 0],
          [4, 0.5, 0.25, 0.125],
        ],
        { step: 5, learningRate: 0.1 },
      ),
    },
  ],
});
