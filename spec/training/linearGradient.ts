import fc, { type Arbitrary } from 'fast-check';
import { linearGradientErrors } from '../bounds/linearGradient.ts';
import { component, type Level } from '../component.ts';
import { elements, floatTensor, leading, lengths, maybe } from '../generate.ts';
import { mapped, metamorphic, reversed } from '../laws.ts';
import { example, invalidLinear } from '../layers/linearInputs.ts';
import { fields, floats } from '../schema.ts';
import { tensor } from '../tensor.ts';
import { doublesWithOutputGradient, vanishesWithOutputGradient } from './gradientLaws.ts';
import { balances, treatsRowsAlone, type Seeded } from './linearGradientLaws.ts';
import { linearGradientSizes } from '../layers/sizes.ts';

const seeded = (
  rows: readonly (readonly number[])[],
  weight: readonly (readonly number[])[],
  gradients: readonly (readonly number[])[],
  bias?: readonly number[],
): Seeded => ({
  ...example(rows, weight, bias),
  outputGradient: tensor('float32', [gradients.length, weight[0]?.length ?? 0], gradients.flat()),
});

/** Rows of integers, no two alike. */
const counting = (rows: number, width: number, step: number): readonly (readonly number[])[] =>
  Array.from({ length: rows }, (_, r) =>
    Array.from({ length: width }, (_c, c) => (((r * width + c) * step + 3) % 19) - 9),
  );

/** Integers, halves and quarters: sums that are exact in 24 bits, and in fewer only by luck. */
const exact = fc.integer({ min: -240, max: 240 }).map((x) => x / 4);
const special = fc.constantFrom(NaN, Infinity, -Infinity, 0, 0, 1, -2, 3);
const extremes = fc.constantFrom(0, -0, 1, -1, 30000, 2 ** -14, 2 ** -70, -(2 ** -75));

const elementOf = (level: Level): Arbitrary<Arbitrary<number>> =>
  level === 'edge'
    ? fc.constantFrom(exact, exact, extremes, special)
    : fc.constant(elements('core'));

/** At scale either many rows, which the weights' gradient adds up, or many inputs. */
const sizesOf = (level: Level): Arbitrary<readonly [readonly number[], number, number]> => {
  const small = fc.integer({ min: 1, max: 5 });
  if (level === 'scale')
    return fc.oneof(
      fc.tuple(
        lengths(level).map((rows) => [rows]),
        small,
        small,
      ),
      fc.tuple(leading(level), lengths(level), small),
      fc.tuple(leading(level), small, lengths(level)),
    );
  const rows =
    level === 'edge' ? fc.constantFrom<readonly number[]>([], [0], [3], [2, 2]) : leading(level);
  return fc.tuple(rows, level === 'edge' ? fc.nat({ max: 4 }) : small, small);
};

/**
 * ∂/∂x = g Wᵀ, ∂/∂W = xᵀ g and ∂/∂b = Σ g over all rows, whatever their axes, for y = x W + b and the gradient g of what comes after.
 * Without a bias there is no gradient of one, and it must not be given. Of no rows the gradients of weights and bias are zeros.
 *
 * @example
 * linearGradient({ input: [[1, 2], [3, 4]], weight: [[1], [10]], bias: [0], outputGradient: [[1], [2]] }) // → { inputGradient: [[1, 10], [2, 20]], weightGradient: [[7], [10]], biasGradient: [3] }
 */
export const linearGradient = component({
  family: 'training',
  summary: 'What a linear map makes of the gradient that reaches it.',
  formula: String.raw`\partial x = g W^\top,\quad \partial W = \textstyle\sum_r x_r^\top g_r,\quad \partial b = \textstyle\sum_r g_r`,
  source:
    'Rumelhart, Hinton & Williams, Learning representations by back-propagating errors, Nature 323, 1986, eq. 6–7',
  domain:
    'Any numbers; no rows or no inputs too. NaN and infinities follow IEEE 754: 0 · ∞ is NaN.',
  input: fields({
    input: floats('[..., I]', 'what was multiplied'),
    weight: floats('[I, O]', 'a column for each output'),
    bias: floats('[O]', 'what was added; nothing where it is left out').optional(),
    outputGradient: floats('[..., O]', 'of what comes after, by each output'),
  }),
  output: fields({
    inputGradient: floats('[..., I]', 'g Wᵀ'),
    weightGradient: floats('[I, O]', 'xᵀ g, over all rows'),
    biasGradient: floats('[O]', 'Σ g over all rows, where there is a bias').optional(),
  }),
  arbitrary: (level) =>
    fc.tuple(sizesOf(level), elementOf(level)).chain(([[rows, width, out], element]) =>
      fc
        .record({
          input: floatTensor([...rows, width], element),
          weight: floatTensor([width, out], element),
          bias: maybe(floatTensor([out], element)),
          outputGradient: floatTensor([...rows, out], element),
        })
        .map(({ bias, ...rest }) => (bias === undefined ? rest : { ...rest, bias })),
    ),
  sized: linearGradientSizes,
  invalid: {
    ...Object.fromEntries(
      Object.entries(invalidLinear).map(([title, source]) => [
        title,
        source.map((rest) => ({ ...rest, outputGradient: tensor('float32', [1, 3], [1, 2, 3]) })),
      ]),
    ),
    'the gradient has another width than the output': fc.constant({
      ...example([[1, 2]], counting(2, 3, 5)),
      outputGradient: tensor('float32', [1, 2], [1, 2]),
    }),
    'the gradient has other rows than the input': fc.constant({
      ...example(counting(2, 2, 7), counting(2, 3, 5)),
      outputGradient: tensor('float32', [3, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9]),
    }),
  },
  bound: (a, { input, rounding }) => linearGradientErrors(a, rounding, input),
  boundSource:
    'spec/bounds/dot.ts for each sum of products: G(h + π) Σ |x y|, with h at least that of a sum taken axis by axis; 0 where every order is exact',
  laws: {
    'doubles with the output gradient': doublesWithOutputGradient(),
    'vanishes with the output gradient': vanishesWithOutputGradient(),
    'gives each row of the input its own gradient': treatsRowsAlone,
    'weighs inputs and weights alike': balances,
    'does not depend on the bias': metamorphic((source) =>
      source.bias === undefined
        ? undefined
        : {
            input: { ...source, bias: mapped(source.bias, () => 1) },
            output: (gradient) => gradient,
          },
    ),
    'follows a permutation of the outputs': metamorphic(({ bias, ...source }) => ({
      input: {
        ...source,
        weight: reversed(source.weight),
        outputGradient: reversed(source.outputGradient),
        ...(bias === undefined ? {} : { bias: reversed(bias) }),
      },
      output: (gradient, field) => (field === 'inputGradient' ? gradient : reversed(gradient)),
    })),
    'ignores the order of the rows': metamorphic(({ input, outputGradient, ...rest }) =>
      input.shape.length < 2
        ? undefined
        : {
            input: {
              ...rest,
              input: reversed(input, -2),
              outputGradient: reversed(outputGradient, -2),
            },
            output: (gradient, field) =>
              field === 'inputGradient' ? reversed(gradient, -2) : gradient,
          },
    ),
  },
  examples: [
    {
      id: 'worked-example',
      why: 'two rows, three inputs, two outputs and a bias, done by hand',
      flags: ['ordinary'],
      input: seeded(
        [
          [1, 2, 3],
          [4, 5, 6],
        ],
        [
          [1, 0],
          [2, -1],
          [0, 3],
        ],
        [
          [1, 10],
          [2, -5],
        ],
        [7, 8],
      ),
    },
    {
      id: 'square-weight',
      why: 'g W instead of g Wᵀ, or gᵀ x instead of xᵀ g, where the shape does not tell',
      flags: ['transposed'],
      input: seeded(counting(3, 3, 7), counting(3, 3, 5), counting(3, 3, 11), [1, 2, 3]),
    },
    {
      id: 'without-bias',
      why: 'a gradient of a bias that is not there',
      flags: ['optional'],
      input: seeded(counting(2, 3, 5), counting(3, 2, 7), counting(2, 2, 3)),
    },
    {
      id: 'five-rows',
      why: 'a last block of rows that is not full, left out of the sum',
      flags: ['gradients-02', 'tile-edge'],
      input: seeded(counting(5, 2, 3), counting(2, 3, 7), counting(5, 3, 5), [0, 1, 0]),
    },
    {
      id: 'three-axes',
      why: 'rows counted along the first axis alone',
      flags: ['gradients-01', 'rank'],
      input: {
        input: tensor('float32', [2, 3, 2], counting(6, 2, 5).flat()),
        weight: tensor('float32', [2, 2], [1, -2, 3, 5]),
        bias: tensor('float32', [2], [0, 1]),
        outputGradient: tensor('float32', [2, 3, 2], counting(6, 2, 7).flat()),
      },
    },
    {
      id: 'seventeen-bits',
      why: 'sums of integers that 11 or 8 bits cannot hold: the accumulator must be wider',
      flags: ['low-precision-sum'],
      input: seeded(
        [
          [97, 1023],
          [89, -511],
          [83, 77],
        ],
        [
          [101, 103, 107],
          [109, 113, 127],
        ],
        [
          [131, 137, 139],
          [149, 151, 157],
          [163, 167, 173],
        ],
        [1, 2, 3],
      ),
    },
    {
      id: 'zero-times-infinity',
      why: 'a zero gradient that is skipped, though its product with infinity is NaN',
      flags: ['special-values'],
      input: seeded(
        [[1, 2]],
        [
          [Infinity, 2],
          [3, 4],
        ],
        [[0, 1]],
        [5, 6],
      ),
    },
  ],
});
