import { clippedGradient, staleLastGradient } from '../classics.ts';
import { mapped } from '../../../spec/laws.ts';
import { roundTo } from '../../../spec/format.ts';
import { rowsOf, tensor, type FloatTensor } from '../../../spec/tensor.ts';
import { twoPasses } from '../../honest/layers/layerNorm.ts';
import { float32, unitOf } from '../../honest/machine.ts';
import {
  layerNormGradientOf,
  sumsOf,
  throughMeans,
  type Parts,
} from '../../honest/training/layerNormGradient.ts';
import { withOutput, type Mutants } from '../mutant.ts';

const f = Math.fround;
const unit = unitOf(float32);
const sums = sumsOf(unit);
type Gradient = Mutants<'layerNormGradient'>['honest'];
const made = (parts: Parts): Gradient => layerNormGradientOf(unit, parts);
const sound = made({});

const fullBlocks = (terms: readonly number[]): readonly number[] =>
  terms.length < 2 ? terms : terms.slice(0, terms.length - (terms.length % 2));
const narrow = (terms: readonly number[]): number =>
  terms.reduce((total, x) => roundTo(total + x, 'float16'), 0);
const mean = (terms: readonly number[]): number => f(unit.sum(terms) / terms.length);

const firstAxis = (source: FloatTensor): FloatTensor => {
  const rows = source.shape[0] ?? 1;
  return source.shape.length < 3
    ? source
    : tensor(source.dtype, [rows, source.shape.at(-1) ?? 1], rowsOf(source).slice(0, rows).flat());
};

export const layerNormGradient: Mutants<'layerNormGradient'> = {
  honest: sound,
  mutants: [
    {
      id: 'no-mean',
      defect: 'classic',
      wrong: 'forgets mean(ĝ)',
      run: made({
        backward: (_unit, { normal, scale }, g) => {
          const along = f(unit.dot(g, normal) / g.length);
          return g.map((x, i) => f(scale * f(x - f((normal[i] ?? NaN) * along))));
        },
      }),
    },
    {
      id: 'no-variance-term',
      defect: 'classic',
      wrong: 'forgets x̂ mean(ĝ x̂)',
      run: made({
        backward: (_unit, { scale }, g) => g.map((x) => f(scale * f(x - mean(g)))),
      }),
    },
    {
      id: 'scale-alone',
      defect: 'classic',
      wrong: 'takes mean and variance for constants',
      run: made({ backward: (_unit, { scale }, g) => g.map((x) => f(scale * x)) }),
    },
    {
      id: 'gain-after',
      defect: 'classic',
      wrong: 'multiplies by the gain after the means instead of before',
      run: ({ gain, ...source }) => {
        const { dtype, shape } = gain;
        const plain = { dtype, shape, data: Array.from(gain.data, () => 1) };
        const output = layerNormGradientOf(unit)({ ...source, gain: plain });
        if (output instanceof Promise) return output;
        const width = gain.data.length;
        const data = Array.from(output.inputGradient.data, (x, i) =>
          f(x * (gain.data[i % width] ?? NaN)),
        );
        return {
          ...output,
          inputGradient: tensor('float32', output.inputGradient.shape, data),
        };
      },
    },
    {
      id: 'no-gain',
      defect: 'classic',
      wrong: 'forgets the gain in the gradient of the input',
      run: made({ gained: (g) => g }),
    },
    {
      id: 'gain-from-the-input',
      defect: 'classic',
      wrong: '∂γ from the input instead of the normalised one',
      run: made({ along: ({ row }) => row }),
    },
    {
      id: 'gain-from-deviations',
      defect: 'classic',
      wrong: '∂γ from the deviations, which are not divided by the root',
      run: made({ along: ({ deviations }) => deviations }),
    },
    {
      id: 'sample-variance',
      defect: 'classic',
      wrong: 'divides the variance by n − 1',
      run: made({
        moments: (own, row) => {
          const moments = twoPasses(own, row);
          const count = row.length;
          return { ...moments, variance: f((moments.variance * count) / Math.max(1, count - 1)) };
        },
      }),
    },
    {
      id: 'no-epsilon',
      defect: 'layer-norm-01',
      wrong: 'leaves epsilon out of the root',
      run: made({ rooted: (_unit, variance) => (variance === 0 ? 0 : f(1 / Math.sqrt(variance))) }),
    },
    {
      id: 'epsilon-outside-root',
      defect: 'layer-norm-01',
      wrong: 'divides by √v + ε',
      run: made({ rooted: (_unit, variance, epsilon) => f(1 / (Math.sqrt(variance) + epsilon)) }),
    },
    {
      id: 'padded-lanes',
      defect: 'layer-norm-04',
      wrong: 'padded lanes add (0 − μ)² to the variance',
      run: made({
        moments: (own, row) => {
          const { mean: centre, variance } = twoPasses(own, row);
          const lanes = Math.ceil(row.length / 8) * 8 - row.length;
          return {
            mean: centre,
            variance: f(variance + f((lanes * centre * centre) / row.length)),
          };
        },
      }),
    },
    {
      id: 'drops-last-block',
      defect: 'gradients-02',
      wrong: 'adds up the full blocks of rows only',
      run: made({
        sums: {
          gain: (g, x) => unit.dot(fullBlocks(g), fullBlocks(x)),
          bias: (g) => unit.sum(fullBlocks(g)),
        },
      }),
    },
    {
      id: 'rows-of-the-first-axis',
      defect: 'gradients-01',
      wrong: 'counts rows along the first axis, though there are more axes before the last',
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
      id: 'bias-of-the-last-row',
      defect: 'classic',
      wrong: 'the bias gradient of the last row alone',
      run: made({ sums: { ...sums, bias: (g) => g.at(-1) ?? 0 } }),
    },
    {
      id: 'mean-over-rows',
      defect: 'classic',
      wrong: 'divides the gradients of gain and bias by the number of rows',
      run: made({
        sums: {
          gain: (g, x) => f(unit.dot(g, x) / Math.max(1, g.length)),
          bias: (g) => f(unit.sum(g) / Math.max(1, g.length)),
        },
      }),
    },
    {
      id: 'float16-sums',
      defect: 'classic',
      wrong: 'adds up the bias gradient in float16',
      run: made({ sums: { ...sums, bias: narrow } }),
    },
    {
      id: 'variance-of-a-sample',
      defect: 'classic',
      wrong: 'takes mean(ĝ x̂) over n − 1',
      run: made({
        backward: (own, parts, g) => {
          const count = Math.max(1, g.length - 1);
          const along = f(own.dot(g, parts.normal) / count);
          return throughMeans(own, { ...parts, normal: parts.normal.map(() => 0) }, g).map((x, i) =>
            f(x - f(f(parts.scale * (parts.normal[i] ?? NaN)) * along)),
          );
        },
      }),
    },
    clippedGradient(sound),
    {
      id: 'decay-of-the-gain',
      defect: 'classic',
      wrong: 'adds weight decay to the gradient of the gain',
      run: withOutput(sound, (output, { gain }) => ({
        ...output,
        gainGradient: mapped(output.gainGradient, (g, i) => f(g + f(0.01 * (gain.data[i] ?? NaN)))),
      })),
    },
    {
      id: 'decay-of-the-bias',
      defect: 'classic',
      wrong: 'adds weight decay to the gradient of the bias',
      run: withOutput(sound, (output, { bias }) => ({
        ...output,
        biasGradient: mapped(output.biasGradient, (g, i) => f(g + f(0.01 * (bias.data[i] ?? NaN)))),
      })),
    },
    staleLastGradient(sound),
  ],
};
