import { dotBound } from '../bounds/dot.ts';
import { component, type Law } from '../component.ts';
import { productParts } from './linearParts.ts';
import { blockCount, lastBlock, mapped, metamorphic, rearranged, reversed } from '../laws.ts';
import { beyondFactors } from '../necessary/products.ts';
import { fields, floats } from '../schema.ts';
import { columnsOf, flatMapRows, type FloatTensor } from '../tensor.ts';
import { example, invalidLinear, linearInputs, type LinearInput } from './linearInputs.ts';
import { catAsks } from '../attention/worked.ts';
import { linearSizes } from './sizes.ts';

type LinearLaw = Law<LinearInput, LinearInput, { readonly output: FloatTensor }>;

/** The columns of a matrix, each as a list. */

const isFinite = ({ data }: FloatTensor): boolean => Array.from(data).every(Number.isFinite);

/** 0 · W + b = b, of finite weights. */
const givesTheBias: LinearLaw = metamorphic((source) =>
  isFinite(source.weight)
    ? {
        input: { ...source, input: mapped(source.input, () => 0) },
        output: (output) =>
          rearranged(source.bias ?? mapped(output, () => 0), output.shape, (i) =>
            source.bias === undefined ? i : i % source.bias.data.length,
          ),
      }
    : undefined,
);

/** The matrix of the same outputs in the opposite order, and what goes with it. */
const reversedOutputs = (source: LinearInput): LinearInput => ({
  ...source,
  weight: reversed(source.weight),
  ...(source.bias === undefined ? {} : { bias: reversed(source.bias) }),
});

/**
 * y = x W + b, over the last axis: y_o = Σ_i x_i W_io + b_o. The weights stand at the right, one column for each output; a library whose
 * weights are [O, I] computes x Wᵀ and must be given the transpose. Without a bias nothing is added; of no inputs the output is the bias.
 * NaN and infinities follow IEEE 754: 0 · ∞ is NaN.
 *
 * @example
 * linear({ input: [1, 2], weight: [[1, 0, 3], [0, 1, 4]], bias: [10, 20, 30] }) // → { output: [11, 22, 41] }
 */
export const linear = component({
  family: 'layers',
  summary: 'Multiplies by a matrix of weights and adds a bias.',
  formula: String.raw`y_o = \sum_i x_i W_{io} + b_o`,
  source:
    'Rosenblatt, The perceptron, Psychological Review 65(6), 1958; the order x W: Vaswani et al., Attention is all you need, 2017, §3.3',
  domain:
    'Any numbers; no inputs too, of which the output is the bias. NaN and infinities follow IEEE 754.',
  input: fields({
    input: floats('[..., I]', 'what is multiplied'),
    weight: floats('[I, O]', 'a column for each output'),
    bias: floats('[O]', 'what is added to each output; nothing where it is left out').optional(),
  }),
  output: fields({ output: floats('[..., O]', 'x W + b') }),
  arbitrary: linearInputs,
  sized: linearSizes,
  parts: productParts,
  necessary: beyondFactors,
  invalid: invalidLinear,
  bound: (a, { input: { input, weight, bias }, rounding }) => {
    const columns = columnsOf(weight);
    return {
      output: flatMapRows(input, (row) =>
        columns.map((column, o) =>
          a.from(dotBound(rounding, row, column, { addend: bias?.data[o] ?? 0 }).error),
        ),
      ),
    };
  },
  boundSource:
    'spec/bounds/dot.ts: G(h + π) (Σ |x_i W_io| + |b_o|), where h counts the addition of the bias, before or after; 0 where every order of the sum is exact',
  laws: {
    'gives the bias for zeros': givesTheBias,
    'treats each row by itself': metamorphic(({ input, ...rest }) =>
      blockCount(input) < 2
        ? undefined
        : { input: { ...rest, input: lastBlock(input) }, output: (output) => lastBlock(output) },
    ),
    'ignores the order of the inputs': metamorphic((source) => ({
      input: { ...source, input: reversed(source.input), weight: reversed(source.weight, -2) },
      output: (output) => output,
    })),
    'follows a permutation of the outputs': metamorphic((source) => ({
      input: reversedOutputs(source),
      output: (output) => reversed(output),
    })),
    'changes sign with the weights and the bias': metamorphic((source) => ({
      input: {
        ...source,
        weight: mapped(source.weight, (w) => -w),
        ...(source.bias === undefined ? {} : { bias: mapped(source.bias, (b) => -b) }),
      },
      output: (output) => mapped(output, (y) => -y),
    })),
  },
  worked: [catAsks],
  examples: [
    {
      id: 'worked-example',
      why: 'two inputs, three outputs and a bias, done by hand',
      flags: ['ordinary'],
      input: example(
        [[1, 2]],
        [
          [1, 0, 3],
          [0, 1, 4],
        ],
        [10, 20, 30],
      ),
    },
    {
      id: 'square-weight',
      why: 'x Wᵀ instead of x W, where the shape does not tell',
      flags: ['transposed'],
      input: example(
        [
          [1, 2],
          [3, -1],
        ],
        [
          [1, 2],
          [5, 7],
        ],
      ),
    },
    {
      id: 'flat-transpose',
      why: 'weights read as [O, I] without being moved',
      flags: ['transposed'],
      input: example(
        [[1, 10, 100]],
        [
          [1, 2],
          [3, 4],
          [5, 6],
        ],
      ),
    },
    {
      id: 'bias-by-column',
      why: 'a bias that is added by row where there are as many rows as outputs',
      flags: ['bias', 'axis'],
      input: example(
        [
          [1, 0],
          [0, 1],
        ],
        [
          [1, 2],
          [3, 5],
        ],
        [100, -200],
      ),
    },
    {
      id: 'negative',
      why: 'an activation that does not belong here',
      flags: ['sign'],
      input: example(
        [[-1, 2, -3]],
        [
          [1, -2],
          [0.5, 0.25],
          [2, 1],
        ],
        [-0.5, 0],
      ),
    },
    {
      id: 'seventeen-bits',
      why: 'a sum of integers that 11 or 8 bits cannot hold: the accumulator must be wider',
      flags: ['low-precision-sum'],
      input: example(
        [[97, 89, 83, 79]],
        [
          [101, 1],
          [103, 0],
          [107, -1],
          [109, 2],
        ],
        [1, 3],
      ),
    },
    {
      id: 'nineteen-bit-inputs',
      why: 'inputs cut to 11 or 8 bits on the way into the multiplier',
      flags: ['low-precision-input'],
      input: example(
        [[1023.99609375, -511.00390625, 7]],
        [
          [1, 0],
          [1, -1],
          [0, 1],
        ],
      ),
    },
    {
      id: 'nineteen-bit-weights',
      why: 'weights cut to 11 or 8 bits on the way into the multiplier',
      flags: ['low-precision-input'],
      input: example(
        [[1, -1]],
        [
          [1023.99609375, 3.0000152587890625],
          [511.00390625, 2],
        ],
      ),
    },
    {
      id: 'zero-times-infinity',
      why: 'a zero input that is skipped, though its product with infinity is NaN',
      flags: ['special-values'],
      input: example(
        [[0, 1]],
        [
          [Infinity, 2],
          [3, 4],
        ],
        [5, 6],
      ),
    },
    {
      id: 'five-inputs',
      why: 'a remainder that does not fill a tile of 2 or 4',
      flags: ['tile-edge'],
      input: example(
        [[1, 2, 3, 4, 100]],
        [
          [1, 0, 0, 1, 2],
          [0, 1, 0, 1, 3],
          [0, 0, 1, 1, 5],
          [1, 1, 1, 0, 7],
          [2, 3, 4, 5, 11],
        ],
        [1, 2, 3, 4, 5],
      ),
    },
  ],
});
