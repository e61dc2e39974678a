import fc, { type Arbitrary } from 'fast-check';
import { component, type Law, type Level } from '../component.ts';
import { floatTensor, ordinary } from '../generate.ts';
import { differ, inapplicable, lastBlock, mapped, metamorphic, reversed } from '../laws.ts';
import {
  activationField,
  activations,
  feedForwardArbitrary,
  feedForwardWeights,
} from '../layers/feedForward.ts';
import { fields, floats } from '../schema.ts';
import { sizeOf, tensor, type FloatTensor } from '../tensor.ts';
import { doublesWithOutputGradient, vanishesWithOutputGradient } from './gradientLaws.ts';
import { forwardGradientSizes } from '../layers/sizes.ts';

type Fields = 'input' | 'weight1' | 'bias1' | 'weight2' | 'bias2';
type Seeded = Readonly<Record<Fields | 'outputGradient', FloatTensor>> & {
  readonly activation: (typeof activations)[number];
};
type Gradients = Readonly<Record<`${Fields}Gradient`, FloatTensor>>;
type Backward = Law<Seeded, Seeded, Gradients>;

const elementOf = (level: Level): Arbitrary<Arbitrary<number>> =>
  level === 'edge'
    ? fc.constantFrom(
        fc.integer({ min: -2, max: 2 }),
        fc.integer({ min: -60, max: 60 }),
        ordinary(30),
        fc.constantFrom(0, 1),
        ordinary(2 ** -8),
      )
    : fc.constant(ordinary(2));

const sizesOf = (level: Level) =>
  level === 'scale'
    ? fc.tuple(
        fc.constantFrom<readonly number[]>([5], [2, 3]),
        fc.constantFrom(5, 7, 8),
        fc.constantFrom(15, 16, 17),
      )
    : fc.tuple(
        fc.constantFrom<readonly number[]>([], [1], [3], [2, 2]),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 6 }),
      );

const numbers = (shape: readonly number[], step: number): FloatTensor =>
  tensor(
    'float32',
    shape,
    Array.from({ length: sizeOf(shape) }, (_, i) => (((i * step) % 17) - 8) / 8 + 1 / 16),
  );

/** Numbers without a pattern, of as many tokens, inputs and hidden units. */
const seeded = (
  tokens: readonly number[],
  [width, hidden]: readonly [number, number],
  activation: Seeded['activation'],
): Seeded => ({
  input: numbers([...tokens, width], 13),
  weight1: numbers([width, hidden], 5),
  bias1: numbers([hidden], 7),
  weight2: numbers([hidden, width], 3),
  bias2: numbers([width], 9),
  outputGradient: numbers([...tokens, width], 11),
  activation,
});

/** Only the last token: its gradient does not know of the others. */
const treatsTokensAlone: Backward = async (source, run) => {
  const { input, outputGradient } = source;
  if (input.shape.length < 2 || input.data.length === 0) return inapplicable;
  const all = await run(source);
  const one = await run({
    ...source,
    input: lastBlock(input),
    outputGradient: lastBlock(outputGradient),
  });
  const start = input.data.length - (input.shape.at(-1) ?? 1);
  return differ(
    Array.from(all.output.inputGradient.data).slice(start),
    one.output.inputGradient.data,
    (i) => (all.slack['inputGradient']?.[start + i] ?? 0) + (one.slack['inputGradient']?.[i] ?? 0),
  );
};

/**
 * Of y = f(h) W₂ + b₂ with h = x W₁ + b₁, over all tokens: ∂W₂ = f(h)ᵀ g, ∂b₂ = Σ g, ∂h = (g W₂ᵀ) ⊙ f′(h), ∂W₁ = xᵀ ∂h, ∂b₁ = Σ ∂h, ∂x = ∂h W₁ᵀ.
 * f′ is taken of h, not of what comes back. Of relu it is 0 at 0; 1 is accepted there, as wherever rounding may decide the sign. gelu′ = Φ + x φ, of the exact form.
 *
 * @example
 * feedForwardGradient({ input: [1, -2], weight1: [[1, -1], [0, 1]], bias1: [0, 1], weight2: [[2, 0], [0, 3]], bias2: [0, 5], activation: 'relu', outputGradient: [1, 1] }) // → { inputGradient: [2, 0], weight1Gradient: [[2, 0], [-4, 0]], bias1Gradient: [2, 0], weight2Gradient: [[1, 1], [0, 0]], bias2Gradient: [1, 1] }
 */
export const feedForwardGradient = component({
  family: 'training',
  summary: 'What a feed-forward makes of the gradient that reaches it.',
  formula: String.raw`\partial h = (g W_2^\top) \odot f'(h),\quad \partial x = \partial h\,W_1^\top,\quad \partial W_1 = x^\top \partial h,\quad \partial W_2 = f(h)^\top g,\quad \partial b_1 = \textstyle\sum \partial h,\quad \partial b_2 = \textstyle\sum g`,
  source:
    'Rumelhart, Hinton & Williams, Learning representations by back-propagating errors, Nature 323, 1986; of Vaswani et al., Attention is all you need, 2017, eq. 2',
  domain:
    'Finite numbers. relu has no derivative at 0: 0 and 1 are right there, and wherever rounding may decide the sign. Of what overflows nothing is said.',
  input: fields({
    input: floats('[..., D]', 'the tokens'),
    ...feedForwardWeights,
    activation: activationField,
    outputGradient: floats('[..., D]', 'of what comes after, by each output'),
  }),
  output: fields({
    inputGradient: floats('[..., D]', '∂h W₁ᵀ'),
    weight1Gradient: floats('[D, F]', 'xᵀ ∂h, over all tokens'),
    bias1Gradient: floats('[F]', 'Σ ∂h'),
    weight2Gradient: floats('[F, D]', 'f(h)ᵀ g, over all tokens'),
    bias2Gradient: floats('[D]', 'Σ g'),
  }),
  arbitrary: (level) =>
    fc.tuple(sizesOf(level), elementOf(level)).chain(([[tokens, width, hidden], element]) =>
      fc.record({
        input: floatTensor([...tokens, width], element),
        ...feedForwardArbitrary(width, hidden, element),
        activation: fc.constantFrom(...activations),
        outputGradient: floatTensor([...tokens, width], element),
      }),
    ),
  sized: forwardGradientSizes,
  invalid: {
    'the second weights do not take what the first give': fc.constant({
      ...seeded([2], [3, 6], 'relu'),
      weight2: numbers([5, 3], 3),
    }),
    'the activation is none of these': fc.constant({
      ...seeded([2], [3, 6], 'relu'),
      activation: 'tanh',
    }),
    'the gradient has another width than the output': fc.constant({
      ...seeded([2], [3, 6], 'relu'),
      outputGradient: numbers([2, 6], 3),
    }),
  },
  bound: 'composed',
  boundSource:
    'composed: the local errors of the forward maps (spec/bounds/local.ts), of f′ (spec/bounds/geluGradient.ts) and of every product and sum (spec/bounds/normGradient.ts), carried on by reference/arithmetics/deviating.ts; where the sign of h is not certain, either value of relu′; ∂b₂ is exact where every sum is',
  laws: {
    'doubles with the output gradient': doublesWithOutputGradient(),
    'vanishes with the output gradient': vanishesWithOutputGradient(),
    'gives each token its own gradient': treatsTokensAlone,
    'does not depend on the last bias': metamorphic((source) => ({
      input: { ...source, bias2: mapped(source.bias2, () => 1) },
      output: (x) => x,
    })),
    'follows a permutation of the hidden units': metamorphic((source) => ({
      input: {
        ...source,
        weight1: reversed(source.weight1),
        bias1: reversed(source.bias1),
        weight2: reversed(source.weight2, -2),
      },
      output: (x, field) =>
        field === 'weight1Gradient' || field === 'bias1Gradient'
          ? reversed(x)
          : field === 'weight2Gradient'
            ? reversed(x, -2)
            : x,
    })),
  },
  examples: [
    {
      id: 'relu',
      why: 'the derivative of relu left out, or taken of the gradient',
      flags: ['activation', 'sign'],
      input: seeded([2], [4, 6], 'relu'),
    },
    {
      id: 'gelu',
      why: 'the derivative of the tanh form, or Φ alone',
      flags: ['activation', 'ffn-activation-02'],
      input: seeded([2], [4, 6], 'gelu'),
    },
    {
      id: 'square',
      why: 'weights or their gradients transposed, where the shapes do not tell',
      flags: ['transposed'],
      input: seeded([4], [4, 4], 'relu'),
    },
    {
      id: 'five-tokens',
      why: 'a last block of rows that is not full, left out of the sums',
      flags: ['gradients-02', 'tile-edge'],
      input: seeded([5], [2, 3], 'gelu'),
    },
    {
      id: 'three-axes',
      why: 'rows counted along the first axis alone',
      flags: ['gradients-01', 'rank'],
      input: seeded([2, 3], [3, 4], 'relu'),
    },
    {
      id: 'one-token',
      why: 'no leading axis at all',
      flags: ['rank'],
      input: seeded([], [4, 5], 'gelu'),
    },
    {
      id: 'dead-units',
      why: 'a dead unit that lets a gradient through',
      flags: ['sign'],
      input: {
        input: tensor('float32', [2, 1], [-1, -3]),
        weight1: tensor('float32', [1, 3], [1, 2, -1]),
        bias1: tensor('float32', [3], [0.5, -0.25, 0.75]),
        weight2: tensor('float32', [3, 1], [3, 5, -2]),
        bias2: tensor('float32', [1], [0.25]),
        outputGradient: tensor('float32', [2, 1], [2, -3]),
        activation: 'relu',
      },
    },
    {
      id: 'seventeen-bits',
      why: 'sums of gradients that 11 or 8 bits cannot hold: the accumulator must be wider',
      flags: ['low-precision-sum'],
      input: {
        ...seeded([3], [2, 3], 'relu'),
        outputGradient: tensor('float32', [3, 2], [4001, -2003, 997, 8009, 5003, -1]),
      },
    },
  ],
});
