import { clippedGradient, staleLastGradient } from '../classics.ts';
import { roundTo } from '../../../spec/format.ts';
import { mapped, rearranged } from '../../../spec/laws.ts';
import { rowsOf, tensor, type FloatTensor } from '../../../spec/tensor.ts';
import { float32, unitOf } from '../../honest/machine.ts';
import {
  feedForwardGradientOf,
  slopeOf,
  type Parts,
} from '../../honest/training/feedForwardGradient.ts';
import { plainFloat32, withInput, withOutput, type Mutants } from '../mutant.ts';

const f = Math.fround;
const unit = unitOf(float32);
type Gradient = Mutants<'feedForwardGradient'>['honest'];
const made = (parts: Parts): Gradient => feedForwardGradientOf(unit, parts);
const sound = made({});

const squareTransposed = (matrix: FloatTensor): FloatTensor => {
  const [rows = 0, columns = 0] = matrix.shape;
  return rows === columns
    ? rearranged(matrix, matrix.shape, (i) => (i % columns) * rows + Math.floor(i / columns))
    : matrix;
};
const fullBlocks = (terms: readonly number[]): readonly number[] =>
  terms.length < 2 ? terms : terms.slice(0, terms.length - (terms.length % 2));
const firstAxis = (source: FloatTensor): FloatTensor => {
  const rows = source.shape[0] ?? 1;
  return source.shape.length < 3
    ? source
    : tensor(source.dtype, [rows, source.shape.at(-1) ?? 1], rowsOf(source).slice(0, rows).flat());
};

/** The derivative of ½ x (1 + tanh t). */
const tanhSlope = (x: number): number => {
  const t = Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3));
  const inner = Math.sqrt(2 / Math.PI) * (1 + 3 * 0.044715 * x * x);
  return f(0.5 * (1 + t) + 0.5 * x * (1 - t * t) * inner);
};
const density = (x: number): number => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);

export const feedForwardGradient: Mutants<'feedForwardGradient'> = {
  honest: sound,
  numerics: { ...plainFloat32, erf: { ulp: 1 } },
  mutants: [
    {
      id: 'relu-of-the-gradient',
      defect: 'classic',
      wrong: 'takes relu′ of the gradient that comes back instead of the hidden number',
      run: made({
        at: (_h, g) => g,
        slope: (own, x, kind) => (kind === 'relu' ? slopeOf(own, x, kind) : 1),
      }),
    },
    {
      id: 'no-derivative',
      defect: 'classic',
      wrong: 'lets every gradient through the activation',
      run: made({ slope: () => 1 }),
    },
    {
      id: 'leaky',
      defect: 'classic',
      wrong: 'lets a hundredth of the gradient of a dead unit through',
      run: made({
        slope: (own, h, kind) => (kind === 'relu' && h < 0 ? f(0.01) : slopeOf(own, h, kind)),
      }),
    },
    {
      id: 'tanh-form',
      defect: 'ffn-activation-02',
      wrong: 'takes the derivative of the tanh form of gelu',
      run: made({
        slope: (own, h, kind) => (kind === 'gelu' ? tanhSlope(h) : slopeOf(own, h, kind)),
      }),
    },
    {
      id: 'gate-alone',
      defect: 'classic',
      wrong: 'Φ without x φ for the derivative of gelu',
      run: made({
        slope: (own, h, kind) =>
          kind === 'gelu' ? f(slopeOf(own, h, kind) - h * density(h)) : slopeOf(own, h, kind),
      }),
    },
    {
      id: 'density-without-argument',
      defect: 'classic',
      wrong: 'Φ + φ instead of Φ + x φ',
      run: made({
        slope: (own, h, kind) =>
          kind === 'gelu' ? f(slopeOf(own, h, kind) + (1 - h) * density(h)) : slopeOf(own, h, kind),
      }),
    },
    {
      id: 'hidden-before-activation',
      defect: 'classic',
      wrong: '∂W₂ from the hidden numbers before the activation',
      run: made({ active: (_unit, h) => h }),
    },
    {
      id: 'untransposed',
      defect: 'classic',
      wrong: 'g W instead of g Wᵀ where the weights are square',
      run: made({
        back: (weight) =>
          weight.length === weight[0]?.length
            ? weight.map((_, c) => weight.map((row) => row[c] ?? NaN))
            : weight,
      }),
    },
    {
      id: 'weight1-transposed',
      defect: 'classic',
      wrong: 'the gradient of the first weights transposed where they are square',
      run: withOutput(sound, (output) => ({
        ...output,
        weight1Gradient: squareTransposed(output.weight1Gradient),
      })),
    },
    {
      id: 'weight2-transposed',
      defect: 'classic',
      wrong: 'the gradient of the second weights transposed where they are square',
      run: withOutput(sound, (output) => ({
        ...output,
        weight2Gradient: squareTransposed(output.weight2Gradient),
      })),
    },
    {
      id: 'drops-last-block',
      defect: 'gradients-02',
      wrong: 'adds up the full blocks of tokens only',
      run: made({
        sum: (terms) => unit.sum(fullBlocks(terms)),
        dot: (a, b) => unit.dot(fullBlocks(a), fullBlocks(b)),
      }),
    },
    {
      id: 'rows-of-the-first-axis',
      defect: 'gradients-01',
      wrong: 'counts tokens along the first axis, though there are more axes before the last',
      run: async (source) => {
        const parameters = await sound({
          ...source,
          input: firstAxis(source.input),
          outputGradient: firstAxis(source.outputGradient),
        });
        const { inputGradient } = await sound(source);
        return { ...parameters, inputGradient };
      },
    },
    {
      id: 'without-bias1',
      defect: 'classic',
      wrong: 'forgets the first bias when it computes the hidden numbers anew',
      run: withInput(sound, (input) => ({
        ...input,
        bias1: { ...input.bias1, data: Array.from(input.bias1.data, () => 0) },
      })),
    },
    {
      id: 'bias-of-the-last-token',
      defect: 'classic',
      wrong: 'the gradients of the biases of the last token alone',
      run: made({ sum: (terms) => terms.at(-1) ?? 0 }),
    },
    {
      id: 'mean-over-tokens',
      defect: 'classic',
      wrong: 'divides the gradients of the biases by the number of tokens',
      run: made({ sum: (terms) => f(unit.sum(terms) / terms.length) }),
    },
    {
      id: 'float16-sums',
      defect: 'classic',
      wrong: 'adds up the gradients of the biases in float16',
      run: made({
        sum: (terms) => terms.reduce((total, x) => roundTo(total + x, 'float16'), 0),
      }),
    },
    clippedGradient(sound),
    {
      id: 'decay-of-the-last-bias',
      defect: 'classic',
      wrong: 'adds weight decay to the gradient of the last bias',
      run: withOutput(sound, (output, { bias2 }) => ({
        ...output,
        bias2Gradient: mapped(output.bias2Gradient, (g, i) =>
          Math.fround(g + 0.01 * (bias2.data[i] ?? NaN)),
        ),
      })),
    },
    staleLastGradient(sound),
  ],
};
