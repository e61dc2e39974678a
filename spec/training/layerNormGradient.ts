import fc from 'fast-check';
import { component, type Law } from '../component.ts';
import { seededNumbers } from '../generate.ts';
import { differ, inapplicable, lastBlock, mapped, metamorphic, reversed } from '../laws.ts';
import { moderate } from '../layers/layerNorm.ts';
import { shiftedExactly } from '../sampling/laws.ts';
import { fields, floats, real } from '../schema.ts';
import { rowsOf, tensor, type FloatTensor } from '../tensor.ts';
import { doublesWithOutputGradient, vanishesWithOutputGradient } from './gradientLaws.ts';
import { normGradientInputs, seeded, vector, type Seeded } from './normGradientInputs.ts';
import { normGradientSizes } from '../layers/sizes.ts';

type Gradients = Readonly<Record<'inputGradient' | 'gainGradient' | 'biasGradient', FloatTensor>>;
type Norm = Law<Seeded & { readonly epsilon: number }, Seeded, Gradients>;

/** Adding a constant to a row changes nothing, so that its gradients add up to 0. */
const sumsToZero: Norm = async (source, run) => {
  const { output, slack } = await run(source);
  const rows = rowsOf(output.inputGradient);
  const { shape } = output.inputGradient;
  const allowed = rowsOf({ shape, data: slack['inputGradient'] ?? [] });
  if (rows.length === 0 || !rows.flat().every(Number.isFinite)) return inapplicable;
  const total = (terms: readonly number[] = []) => terms.reduce((sum, x) => sum + x, 0);
  return differ(
    rows.map((row) => total(row)),
    rows.map(() => 0),
    (i) => total(allowed[i]) + total(rows[i]?.map(Math.abs)) * 64 * 2 ** -52,
  );
};

/** Only the last row: its gradient does not know of the others. */
const treatsRowsAlone: Norm = async (source, run) => {
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
 * With x̂ = (x − μ) / √(v + ε) and ĝ = γ g: ∂x = (ĝ − mean ĝ − x̂ mean(ĝ x̂)) / √(v + ε), ∂γ = Σ g x̂ and ∂β = Σ g over all rows. Mean and variance
 * depend on every element, which is what the two subtracted terms are for; the bias has no part in anything.
 *
 * @example
 * layerNormGradient({ input: [1, -1], gain: [1, 1], bias: [0, 0], epsilon: 3, outputGradient: [1, 0] }) // → { inputGradient: [0.1875, -0.1875], gainGradient: [0.5, 0], biasGradient: [1, 0] }
 */
export const layerNormGradient = component({
  family: 'training',
  summary: 'What a layer norm makes of the gradient that reaches it.',
  formula: String.raw`\partial x = \frac{\hat g - \overline{\hat g} - \hat x\,\overline{\hat g \hat x}}{\sqrt{v + \varepsilon}},\quad \hat g = \gamma g,\quad \partial\gamma = \sum g \hat x,\quad \partial\beta = \sum g`,
  source:
    'Ba, Kiros, Hinton, Layer Normalization, 2016, eq. 4, differentiated; as in Ioffe, Szegedy, Batch Normalization, 2015, §3',
  domain:
    'Finite numbers. A row of one repeated number has x̂ = 0; where ε is 0 too its gradient does not exist, and nothing is demanded. Of no rows the gradients of gain and bias are zeros. Where squares may overflow nothing is said.',
  input: fields({
    input: floats('[..., D]', 'what was normalised'),
    gain: floats('[D]', 'γ, the scale of each feature'),
    bias: floats('[D]', 'β, the shift of each feature'),
    epsilon: real('a number ≥ 0', (x) => x >= 0 && x < Infinity, 'added to the variance').default(
      1e-5,
    ),
    outputGradient: floats('[..., D]', 'of what comes after, by each output'),
  }),
  output: fields({
    inputGradient: floats('[..., D]', 'each row sums to 0'),
    gainGradient: floats('[D]', 'Σ g x̂ over all rows'),
    biasGradient: floats('[D]', 'Σ g over all rows'),
  }),
  arbitrary: normGradientInputs,
  sized: normGradientSizes,
  invalid: {
    'the gain has another width': fc.constant({
      ...seeded([[1, 2, 4]]),
      gain: vector([1, 2]),
    }),
    'epsilon is negative': fc.constant({ ...seeded([[1, 2, 4]]), epsilon: -1e-5 }),
    'epsilon is not a number': fc.constant({ ...seeded([[1, 2, 4]]), epsilon: NaN }),
    'the gradient has another width than the output': fc.constant({
      ...seeded([[1, 2, 4]]),
      outputGradient: tensor('float32', [1, 2], [1, 2]),
    }),
  },
  bound: 'composed',
  boundSource:
    'composed: the local errors of x̂ (spec/bounds/local.ts), of 1/√(v + ε), of γ g and of the sums over rows and features, in every equivalent form (spec/bounds/normGradient.ts), carried on by reference/arithmetics/deviating.ts; ∂β is exact where every sum is',
  alsoRight: ({ epsilon, input }) =>
    epsilon === 0 && rowsOf(input).some((row) => row.every((x) => x === row[0])),
  laws: {
    'doubles with the output gradient': doublesWithOutputGradient(),
    'vanishes with the output gradient': vanishesWithOutputGradient(),
    "sums to zero over each row's elements": sumsToZero,
    'gives each row of the input its own gradient': treatsRowsAlone,
    'is unchanged by adding a constant to the input': metamorphic((source) => {
      const shifted = shiftedExactly(source.input, 16);
      return shifted && { input: { ...source, input: shifted }, output: (x) => x };
    }),
    'halves for an input twice as large, where epsilon is made four times as large': metamorphic(
      (source) =>
        moderate(source.input)
          ? {
              input: {
                ...source,
                input: mapped(source.input, (x) => 2 * x),
                epsilon: 4 * source.epsilon,
              },
              output: (x, field) => (field === 'inputGradient' ? mapped(x, (y) => y / 2) : x),
            }
          : undefined,
    ),
    'does not depend on the bias': metamorphic((source) => ({
      input: { ...source, bias: mapped(source.bias, () => 1) },
      output: (x) => x,
    })),
    'follows a permutation of the features': metamorphic((source) => ({
      input: {
        ...source,
        input: reversed(source.input),
        gain: reversed(source.gain),
        bias: reversed(source.bias),
        outputGradient: reversed(source.outputGradient),
      },
      output: (x) => reversed(x),
    })),
  },
  examples: [
    {
      id: 'worked-example',
      why: 'one row with a gain for each feature',
      flags: ['ordinary'],
      input: seeded([[1, 2, 4, -3]]),
    },
    {
      id: 'rows',
      why: 'gradients of gain and bias from one row alone, or divided by the number of rows',
      flags: ['axis', 'gradients-02'],
      input: seeded([
        [1, 2, 4],
        [-8, 0, 3],
        [0.5, 2.5, -0.5],
      ]),
    },
    {
      id: 'three-axes',
      why: 'rows counted along the first axis alone',
      flags: ['gradients-01', 'rank'],
      input: seeded(
        [
          [1, 2, 4],
          [-8, 0, 3],
          [0.5, 2.5, -0.5],
          [3, -1, 7],
        ],
        { shape: [2, 2, 3] },
      ),
    },
    {
      id: 'five-rows',
      why: 'a last block of rows that is not full, left out of the sums',
      flags: ['gradients-02', 'tile-edge'],
      input: seeded([
        [1, 2],
        [-8, 0],
        [0.5, 2.5],
        [3, -1],
        [4, 9],
      ]),
    },
    {
      id: 'seventeen-bits',
      why: 'sums of gradients that 11 or 8 bits cannot hold: the accumulator must be wider',
      flags: ['low-precision-sum'],
      input: {
        ...seeded([
          [1, 2, 4],
          [-8, 0, 3],
          [0.5, 2.5, -0.5],
        ]),
        outputGradient: tensor(
          'float32',
          [3, 3],
          [4001, -2003, 1009, 997, 8009, -3001, 5003, -1, 2011],
        ),
      },
    },
    {
      id: 'large-epsilon',
      why: 'epsilon left out, or added to the root instead of the variance',
      flags: ['layer-norm-01'],
      input: seeded([[0.5, -0.25, 0.75, 0.125]], { epsilon: 0.1 }),
    },
    {
      id: 'variance-near-epsilon',
      why: 'epsilon misplaced or of another size',
      flags: ['layer-norm-01'],
      input: seeded([seededNumbers(5, 5, { mean: 0, deviation: 3e-3 })]),
    },
    {
      id: 'odd-width',
      why: 'padded lanes add (0 − mean)² to the variance',
      flags: ['layer-norm-04'],
      input: seeded([
        [3, 4, 5, 6, 4.5],
        [-7, -6, -6.5, -8, -5],
      ]),
    },
    {
      id: 'constant-row',
      why: 'a row without variance: its scale is 1/√ε, and not 0 or NaN',
      flags: ['constant'],
      input: seeded(
        [
          [2, 2, 2, 2],
          [1, -1, 2, 0],
        ],
        { epsilon: 0.0625 },
      ),
    },
  ],
});
