import fc from 'fast-check';
import { sgdErrors } from '../bounds/sgdStep.ts';
import { component, type Law } from '../component.ts';
import { elementParts } from '../partsOf.ts';
import { differ, inapplicable, mapped, metamorphic, reversed } from '../laws.ts';
import { fields, floats } from '../schema.ts';
import type { FloatTensor } from '../tensor.ts';
import { areFinite, factor, vector } from './optimizerInputs.ts';
import { example, inputs, withTensors, type SgdInput } from './sgdInputs.ts';
import { descentSizes } from './sizes.ts';

interface SgdOutput {
  readonly parameter: FloatTensor;
  readonly velocity: FloatTensor;
}
type SgdLaw = Law<SgdInput, SgdInput, SgdOutput>;

const isModerate = ({ data }: FloatTensor): boolean =>
  Array.from(data).every((x) => x === 0 || (Math.abs(x) < 64 && Math.abs(x) > 2 ** -12));

const doublesWithAll: SgdLaw = metamorphic((source) =>
  isModerate(source.parameter) &&
  isModerate(source.gradient) &&
  (source.velocity === undefined || isModerate(source.velocity))
    ? {
        input: withTensors(source, (held) => mapped(held, (x) => 2 * x)),
        output: (held) => mapped(held, (x) => 2 * x),
      }
    : undefined,
);

const fillsInZeros: SgdLaw = metamorphic((source) => ({
  input: { ...source, velocity: mapped(source.parameter, () => 0) },
  output: (held) => held,
}));

const startsAtGradient: SgdLaw = async ({ parameter, gradient, learningRate }, run) => {
  if (!areFinite(parameter)) return inapplicable;
  const { output, slack } = await run({ parameter, gradient, learningRate, momentum: 0.5 });
  return differ(output.velocity.data, gradient.data, (i) => slack['velocity']?.[i] ?? 0);
};

/**
 * g = gradient + λ p; v' = μ v + g; p' = p − η v', with rate η, momentum μ and decay λ. The velocity holds no rate, is not damped by 1 − μ, and the
 * parameter moves by the new one (not Nesterov's). The decay is part of the gradient, so that the velocity remembers it. A velocity that is left out is zero.
 *
 * @example
 * sgdStep({ parameter: [1], gradient: [0.5], velocity: [2], learningRate: 0.25, momentum: 0.5 }) // → { parameter: [0.625], velocity: [1.5] }
 */
export const sgdStep = component({
  family: 'training',
  summary: 'Moves a parameter against its gradient, with momentum.',
  formula: String.raw`g = \nabla + \lambda p,\quad v' = \mu v + g,\quad p' = p - \eta v'`,
  source:
    'Sutskever, Martens, Dahl, Hinton, On the importance of initialization and momentum in deep learning, 2013, eq. 1–2, the rate taken out of the velocity as in PyTorch; decay: Krogh, Hertz, A Simple Weight Decay Can Improve Generalization, 1991',
  domain:
    'Any gradients: NaN gives NaN; an infinite one gives an infinite velocity and parameter. Rate, momentum and decay from 0 on. Of a parameter or a velocity that is not finite, nothing is said, nor where a product may overflow.',
  input: fields({
    parameter: floats('[...]', 'p, what is learnt'),
    gradient: floats('[...]', 'of the loss by the parameter'),
    velocity: floats('[...]', 'v, of the step before; left out: zeros').optional(),
    learningRate: factor('η'),
    momentum: factor('μ, what is kept of the velocity').default(0),
    weightDecay: factor('λ, what a gradient gains for each unit of its parameter').default(0),
  }),
  output: fields({
    parameter: floats('[...]', 'after the step'),
    velocity: floats('[...]', 'that the parameter moved by'),
  }),
  arbitrary: inputs,
  sized: descentSizes,
  parts: elementParts(['parameter', 'gradient', 'velocity'], ['parameter', 'velocity']),
  invalid: {
    'the gradient has another shape': fc.constant({
      ...example(
        [
          [1, 2, 3],
          [1, 2, 3],
        ],
        { learningRate: 0.1 },
      ),
      gradient: vector([1, 2]),
    }),
    'the velocity has another shape': fc.constant(
      example(
        [
          [1, 2, 3],
          [1, 2, 3],
          [4, 5],
        ],
        { learningRate: 0.1, momentum: 0.5 },
      ),
    ),
    'the learning rate is not a number': fc.constant(
      example(
        [
          [1, 2],
          [3, 4],
        ],
        { learningRate: NaN },
      ),
    ),
  },
  bound: (a, { input, rounding }) => {
    const errors = Array.from(input.parameter.data, (parameter, i) => {
      const gradient = input.gradient.data[i] ?? NaN;
      const velocity = input.velocity === undefined ? 0 : (input.velocity.data[i] ?? NaN);
      return sgdErrors(rounding, { parameter, gradient, velocity }, input);
    });
    return {
      parameter: errors.map(({ parameter }) => a.from(parameter)),
      velocity: errors.map(({ velocity }) => a.from(velocity)),
    };
  },
  boundSource:
    'spec/bounds/sgdStep.ts: a sum of three products, then a product and a difference, each stated number rounded once; Higham, Accuracy and Stability of Numerical Algorithms, 2002, §3.1',
  alsoRight: ({ parameter, velocity }, _field, index) =>
    !Number.isFinite(parameter.data[index]) || !Number.isFinite(velocity?.data[index] ?? 0),
  laws: {
    'changes its sign with all of its tensors': metamorphic((source) => ({
      input: withTensors(source, (held) => mapped(held, (x) => -x)),
      output: (held) => mapped(held, (x) => -x),
    })),
    'is doubled by doubling all of its tensors': doublesWithAll,
    'begins with the gradient as its velocity': startsAtGradient,
    'takes a velocity that is left out for zeros': ({ velocity: _given, ...source }, run) =>
      fillsInZeros(source, run),
    'treats each element by itself': metamorphic((source) => ({
      input: withTensors(source, (held) => reversed(held)),
      output: (held) => reversed(held),
    })),
  },
  examples: [
    {
      id: 'worked-example',
      why: 'neither momentum nor decay: p − ηg',
      flags: ['ordinary'],
      input: example(
        [
          [1, -2, 0.5],
          [0.5, 0.25, -4],
        ],
        { learningRate: 0.1 },
      ),
    },
    {
      id: 'momentum',
      why: 'the rate in the velocity, dampening, Nesterov’s look ahead, or the old velocity',
      flags: ['momentum'],
      input: example(
        [
          [1, -2, 0.5, 0],
          [0.5, 0.25, -4, 1],
          [2, -1, 3, -0.5],
        ],
        { learningRate: 0.1, momentum: 0.9 },
      ),
    },
    {
      id: 'decay',
      why: 'decay that the velocity does not remember, or that sees the new parameter',
      flags: ['weight-decay'],
      input: example(
        [
          [10, -20, 5],
          [0.5, 0.25, -4],
          [2, -1, 3],
        ],
        { learningRate: 0.5, momentum: 0.9, weightDecay: 0.1 },
      ),
    },
    {
      id: 'powers-of-two',
      why: 'every step is exact, to the last bit',
      flags: ['rounding'],
      input: example(
        [
          [4095, -1025, 3, 2047],
          [129, 515, -1023, 5],
          [1001, -7, 513, 255],
        ],
        { learningRate: 0.25, momentum: 0.5, weightDecay: 0.5 },
      ),
    },
    {
      id: 'first-step',
      why: 'a velocity that is left out',
      flags: ['optional'],
      input: example(
        [
          [3, -1, 0.75],
          [-2, 0.125, 8],
        ],
        {
          learningRate: 0.01,
          momentum: 0.99,
          weightDecay: 0.01,
        },
      ),
    },
    {
      id: 'at-rest',
      why: 'no gradient: the velocity carries on, and what has none stays where it is, bit for bit',
      flags: ['zero'],
      input: example(
        [
          [1 / 3, 0.1, -7, 0],
          [0, 0, 0, 0],
          [0, 2, -3, 0.5],
        ],
        { learningRate: 0.3, momentum: 0.75 },
      ),
    },
    {
      id: 'not-finite',
      why: 'an infinity or a NaN shows, and only in its own place',
      flags: ['infinity'],
      input: example(
        [
          [1, 2, 3, 4],
          [Infinity, NaN, -Infinity, 0.5],
          [1, 1, 1, 1],
        ],
        { learningRate: 0.1, momentum: 0.5, weightDecay: 0.25 },
      ),
    },
  ],
});
