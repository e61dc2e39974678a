import fc, { type Arbitrary } from 'fast-check';
import { z } from 'zod';
import { component, type Level } from '../component.ts';
import { rowParts } from '../partsOf.ts';
import { floatTensor, leading, ordinary } from '../generate.ts';
import { blockCount, lastBlock, mapped, metamorphic, reversed } from '../laws.ts';
import { fields, floats } from '../schema.ts';
import { tensor, type FloatTensor } from '../tensor.ts';
import { forwardSizes } from './sizes.ts';

export const activations = ['relu', 'gelu'] as const;

/** The fields of a feed-forward's weights, with the lengths D and F of what they are part of. */
export const feedForwardWeights = {
  weight1: floats('[D, F]', 'widens'),
  bias1: floats('[F]', 'added before the activation'),
  weight2: floats('[F, D]', 'narrows again'),
  bias2: floats('[D]', 'added at the end'),
};

export const activationField = z
  .enum(activations)
  .meta({ description: 'relu, or gelu in its exact form' });

/** Weights about 1/√n for n inputs, so that what comes out is as large as what goes in. */
export const scaledWeights = (
  [inputs, outputs]: readonly [number, number],
  element: Arbitrary<number>,
): Arbitrary<FloatTensor> =>
  floatTensor(
    [inputs, outputs],
    element.map((x) => x / Math.sqrt(inputs)),
    { deviation: 1 / Math.sqrt(inputs) },
  );

export const feedForwardArbitrary = (
  width: number,
  hidden: number,
  element: Arbitrary<number>,
) => ({
  weight1: scaledWeights([width, hidden], element),
  bias1: floatTensor([hidden], element),
  weight2: scaledWeights([hidden, width], element),
  bias2: floatTensor([width], element),
});

const elementOf = (level: Level): Arbitrary<Arbitrary<number>> =>
  level === 'edge'
    ? fc.constantFrom(
        fc.integer({ min: -2, max: 2 }),
        ordinary(30),
        fc.constantFrom(0, 1),
        ordinary(2 ** -8),
      )
    : fc.constant(ordinary(2));

const sizesOf = (level: Level) =>
  level === 'scale'
    ? fc.tuple(fc.constantFrom(7, 16, 33), fc.constantFrom(31, 64, 65))
    : fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 8 }));

const numbers = (shape: readonly number[], step: number): FloatTensor =>
  tensor(
    'float32',
    shape,
    Array.from({ length: shape.reduce((n, m) => n * m, 1) }, (_, i) => (((i * step) % 17) - 8) / 8),
  );

const small = {
  input: numbers([2, 3, 4], 13),
  weight1: numbers([4, 6], 5),
  bias1: numbers([6], 7),
  weight2: numbers([6, 4], 3),
  bias2: numbers([4], 9),
};

/** The hidden units in the opposite order. */
const exchanged = <W extends { weight1: FloatTensor; bias1: FloatTensor; weight2: FloatTensor }>(
  weights: W,
): W => ({
  ...weights,
  weight1: reversed(weights.weight1),
  bias1: reversed(weights.bias1),
  weight2: reversed(weights.weight2, -2),
});

/**
 * y = f(x W₁ + b₁) W₂ + b₂, with f the activation, token by token: no token sees another. gelu is the exact form.
 *
 * @example
 * feedForward({ input: [1, -2], weight1: [[1, -1], [0, 1]], bias1: [0, 1], weight2: [[2, 0], [0, 3]], bias2: [0, 5], activation: 'relu' }) // → { output: [2, 5] }
 */
export const feedForward = component({
  family: 'layers',
  summary: 'Two linear layers with an activation in between, for each token alone.',
  formula: String.raw`y = f(x W_1 + b_1)\,W_2 + b_2`,
  source: 'Vaswani et al., Attention is all you need, 2017, eq. 2',
  domain: 'Finite numbers. Every token is transformed by itself.',
  input: fields({
    input: floats('[..., D]', 'the tokens'),
    ...feedForwardWeights,
    activation: activationField,
  }),
  output: fields({ output: floats('[..., D]', 'one row a token') }),
  arbitrary: (level) =>
    fc
      .tuple(sizesOf(level), elementOf(level), leading(level))
      .chain(([[width, hidden], element, rows]) =>
        fc.record({
          input: floatTensor([...rows, width], element),
          ...feedForwardArbitrary(width, hidden, element),
          activation: fc.constantFrom(...activations),
        }),
      ),
  sized: forwardSizes,
  parts: rowParts({
    cut: { input: 1 },
    outputs: ({ input }) => ({ output: input.shape.slice(-1) }),
    work: ({ weight1 }) => 60 * (weight1.shape[0] ?? 1) * (weight1.shape[1] ?? 1),
  }),
  invalid: {
    'the second weights do not take what the first give': fc.constant({
      ...small,
      weight2: numbers([5, 4], 3),
      activation: 'relu',
    }),
    'the input has another width': fc.constant({
      ...small,
      input: numbers([2, 3], 5),
      activation: 'gelu',
    }),
    'the activation is none of these': fc.constant({ ...small, activation: 'tanh' }),
  },
  bound: 'composed',
  boundSource:
    'composed: the local errors of two linear maps and of the activation (spec/bounds/local.ts), carried to the output by reference/arithmetics/deviating.ts',
  laws: {
    'treats each token by itself': metamorphic(({ input, ...rest }) =>
      blockCount(input) < 2
        ? undefined
        : { input: { ...rest, input: lastBlock(input) }, output: (y) => lastBlock(y) },
    ),
    'is unchanged by the order of the hidden units': metamorphic((input) => ({
      input: exchanged(input),
      output: (y) => y,
    })),
    'gives its last bias where the second weights are zeros': metamorphic((input) => ({
      input: { ...input, weight2: mapped(input.weight2, () => 0) },
      output: (y) => mapped(y, (_value, i) => input.bias2.data[i % input.bias2.data.length] ?? NaN),
    })),
  },
  examples: [
    {
      id: 'relu',
      why: 'the activation left out, or taken after the second map',
      flags: ['activation'],
      input: { ...small, activation: 'relu' },
    },
    {
      id: 'gelu',
      why: 'the tanh form in place of the exact one',
      flags: ['activation'],
      input: { ...small, activation: 'gelu' },
    },
    {
      id: 'negative',
      why: 'a dead unit that leaks: the bias alone must come out',
      flags: ['sign'],
      input: {
        input: tensor('float32', [2, 1], [-1, -3]),
        weight1: tensor('float32', [1, 2], [1, 2]),
        bias1: tensor('float32', [2], [0.5, 0]),
        weight2: tensor('float32', [2, 1], [3, 5]),
        bias2: tensor('float32', [1], [0.25]),
        activation: 'relu',
      },
    },
    {
      id: 'square',
      why: 'weights taken transposed, where the shapes do not tell',
      flags: ['transposed'],
      input: {
        input: numbers([3, 4], 7),
        weight1: numbers([4, 4], 5),
        bias1: numbers([4], 3),
        weight2: numbers([4, 4], 11),
        bias2: numbers([4], 2),
        activation: 'relu',
      },
    },
    {
      id: 'one-token',
      why: 'no leading axis at all',
      flags: ['rank'],
      input: { ...small, input: numbers([4], 3), activation: 'gelu' },
    },
  ],
});
