import fc, { type Arbitrary } from 'fast-check';
import { component, type Law, type Level } from '../component.ts';
import { rowParts } from '../partsOf.ts';
import { elements, floatTensor, leading, lengths, ordinary } from '../generate.ts';
import { blockCount, lastBlock, metamorphic, reversed } from '../laws.ts';
import { shiftedExactly } from '../sampling/laws.ts';
import { fields, floats, option } from '../schema.ts';
import { tensor, type FloatTensor } from '../tensor.ts';
import {
  doublesWithOutputGradient,
  rowsSumToZero,
  vanishesWithOutputGradient,
} from './gradientLaws.ts';
import { softmaxGradientSizes } from './sizes.ts';

interface Seeded {
  readonly logits: FloatTensor;
  readonly outputGradient: FloatTensor;
}
type Gradient = { readonly logitsGradient: FloatTensor };

const seeded = (
  logits: readonly number[],
  gradients: readonly number[],
  shape: readonly number[] = [logits.length],
): Seeded => ({
  logits: tensor('float32', shape, logits),
  outputGradient: tensor('float32', shape, gradients),
});

/** Scores of every kind, equal ones above all: of 1, 2, 4, 8 equal scores the probabilities are exact. */
const edges = fc.oneof(
  { weight: 3, arbitrary: fc.constant(fc.constantFrom(0, -0)) },
  { weight: 2, arbitrary: fc.constant(fc.constantFrom(0, 0, -Infinity)) },
  { weight: 2, arbitrary: fc.constant(fc.constantFrom(-1000, -88, -100, 1000, 0, 0)) },
  { weight: 2, arbitrary: fc.constant(ordinary(30)) },
  { weight: 1, arbitrary: fc.constant(fc.constantFrom(3.3e38, -3.3e38, 60000, 0)) },
  { weight: 1, arbitrary: fc.constant(fc.constantFrom(NaN, Infinity, -Infinity, 0, 1, 1, 2)) },
);

const gradientsOf = (level: Level): Arbitrary<Arbitrary<number>> =>
  level === 'edge'
    ? fc.constantFrom(
        fc.integer({ min: -240, max: 240 }),
        fc.integer({ min: -240, max: 240 }),
        fc.constantFrom(0, 0, 1, -1),
        fc.constant(1),
        ordinary(1000),
      )
    : fc.constant(elements('core'));

const inputs = (level: Level): Arbitrary<Seeded> =>
  fc
    .tuple(
      leading(level),
      level === 'scale' ? lengths(level) : fc.integer({ min: 1, max: 8 }),
      level === 'edge' ? edges : fc.constant(elements(level)),
      gradientsOf(level),
    )
    .chain(([rows, width, logits, gradients]) =>
      fc.record({
        logits: floatTensor([...rows, width], logits, { deviation: 4 }),
        outputGradient: floatTensor([...rows, width], gradients),
      }),
    );

/** The gradient with a constant added: Σ_j p_j (g_j + c) is c more, and g_j + c − (S + c) the same. */
const ignoresConstant: Law<Seeded, Seeded, Gradient> = metamorphic((source) => {
  const outputGradient = shiftedExactly(source.outputGradient, 8);
  return outputGradient && { input: { ...source, outputGradient }, output: (x) => x };
});

/**
 * ∂/∂x_j = p_j (g_j − Σ_k p_k g_k) with p = softmax(x), over the last axis.
 * The sum is what is forgotten: it is why a row's gradients add up to 0. A logit of −Infinity has gradient 0; a row whose softmax is NaN has the
 * gradient NaN. The probabilities are those of these logits; where they are kept in a narrower format, that must be declared.
 *
 * @example
 * softmaxGradient({ logits: [0, 0], outputGradient: [1, 3] }) // → { logitsGradient: [-0.5, 0.5] }
 */
export const softmaxGradient = component({
  family: 'training',
  summary: 'What a softmax makes of the gradient that reaches it.',
  formula: String.raw`\partial x_j = p_j \bigl(g_j - \textstyle\sum_k p_k g_k\bigr),\quad p = \operatorname{softmax}(x)`,
  source:
    'Bridle, Training stochastic model recognition algorithms as networks can lead to maximum mutual information estimation of parameters, 1990 (the derivative p_j (δ_jk − p_k))',
  domain:
    'Any logits, a finite output gradient. A row with NaN or +Infinity is all NaN, and so is one of −Infinity alone unless emptyRow is zero, where it is 0. Of gradients that overflow when they are summed nothing is said.',
  input: fields({
    logits: floats('[..., V]', 'scores, in nats'),
    emptyRow: option(['nan', 'zero'], 'what a row of −Infinity alone gives'),
    outputGradient: floats('[..., V]', 'of what comes after, by each probability'),
  }),
  output: fields({ logitsGradient: floats('[..., V]', 'each row sums to 0') }),
  arbitrary: inputs,
  sized: softmaxGradientSizes,
  parts: rowParts({
    cut: { logits: 1, outputGradient: 1 },
    outputs: ({ logits }) => ({ logitsGradient: logits.shape.slice(-1) }),
  }),
  invalid: {
    'the gradient has another width than the probabilities': fc.constant({
      ...seeded([1, 2, 3], [1, 2, 3]),
      outputGradient: tensor('float32', [2], [1, 2]),
    }),
    'the gradient has other rows than the probabilities': fc.constant({
      ...seeded([1, 2, 3, 4], [1, 2, 3, 4], [2, 2]),
      outputGradient: tensor('float32', [3, 2], [1, 2, 3, 4, 5, 6]),
    }),
  },
  bound: 'composed',
  boundSource:
    'composed: the errors of the softmax (spec/bounds/weights.ts), and p_j (g_j − Σ p g) in every equivalent form (spec/bounds/localGradients.ts), carried on by reference/arithmetics/deviating.ts; 0 where all is exact',
  laws: {
    'sums to zero': rowsSumToZero(),
    'doubles with the output gradient': doublesWithOutputGradient(),
    'vanishes with the output gradient': vanishesWithOutputGradient(),
    'is unchanged by adding a constant to the logits': metamorphic((source) => {
      const logits = shiftedExactly(source.logits, 8);
      return logits && { input: { ...source, logits }, output: (x) => x };
    }),
    'is unchanged by adding a constant to the output gradient': ignoresConstant,
    'follows a permutation of the logits': metamorphic((source) => ({
      input: {
        ...source,
        logits: reversed(source.logits),
        outputGradient: reversed(source.outputGradient),
      },
      output: (x) => reversed(x),
    })),
    'treats each row by itself': metamorphic((source) =>
      blockCount(source.logits) < 2
        ? undefined
        : {
            input: {
              ...source,
              logits: lastBlock(source.logits),
              outputGradient: lastBlock(source.outputGradient),
            },
            output: (x) => lastBlock(x),
          },
    ),
  },
  examples: [
    {
      id: 'worked-example',
      why: 'four scores of an attention row, as in the notes, and a gradient for one of them',
      flags: ['ordinary'],
      input: seeded([0.247, 0.399, 0.753, 0.488], [0, 0, 1, 0]),
    },
    {
      id: 'forgotten-sum',
      why: 'p g without p Σ p g: the derivative as if each probability came from its own logit alone',
      flags: ['jacobian'],
      input: seeded([1, -0.5, 0.25], [3, -1, 2]),
    },
    {
      id: 'equal',
      why: 'four equal scores: every number is exact, and so is the answer',
      flags: ['ties', 'low-precision-sum'],
      input: seeded([5, 5, 5, 5], [1, 2, 3, 1026]),
    },
    {
      id: 'batch',
      why: 'rows taken together, or along the wrong axis, where the shape does not tell',
      flags: ['axis'],
      input: seeded([1, 2, 3, 5], [2, -1, 0.5, 4], [2, 2]),
    },
    {
      id: 'masked',
      why: 'a masked token must get exactly 0, and no other may notice it',
      flags: ['minus-infinity'],
      input: seeded([1, -Infinity, 2, -Infinity, 0], [1, 100, -2, -100, 3]),
    },
    {
      id: 'large-offset',
      why: 'exponentials of unshifted logits overflow',
      flags: ['offset'],
      input: seeded([10000, 10001, 9999.5], [1, 0, -1]),
    },
    {
      id: 'peaked',
      why: 'p (1 − p) in place of the product with the difference: 1 − p cancels',
      flags: ['cancellation'],
      input: seeded([0, 12, -3], [0.5, 2, -1]),
    },
    {
      id: 'not-a-number',
      why: 'NaN that vanishes, or that reaches another row',
      flags: ['nan'],
      input: seeded([0, NaN, 1, 2], [1, 2, 3, 5], [2, 2]),
    },
  ],
});
