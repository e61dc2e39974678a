import type { Input } from '../../../spec/index.ts';
import { roundTo } from '../../../spec/format.ts';
import { rowsOf, tensor } from '../../../spec/tensor.ts';
import { layerNormBy, twoPasses, welford, type Moments } from '../../honest/layers/layerNorm.ts';
import { float32, unitOf } from '../../honest/machine.ts';
import { float32Rows, withInput, withOutput, type Mutants } from '../mutant.ts';

const f = Math.fround;
const unit = unitOf(float32);
type LayerNorm = Mutants<'layerNorm'>['honest'];

/** A kernel whose moments are replaced. */
const withMoments = (moments: (row: readonly number[]) => Moments): LayerNorm =>
  layerNormBy((_unit, row) => moments(row))(unit);
const honest = layerNormBy(twoPasses)(unit);

/** A kernel whose scale is replaced: what a row's deviations are multiplied by. */
const withScale =
  (scale: (variance: number, epsilon: number) => number): LayerNorm =>
  ({ input, gain, bias, epsilon }) => ({
    output: float32Rows(input, (row) => {
      const { mean, variance } = twoPasses(unit, row);
      const factor = f(scale(variance, epsilon));
      return row.map(
        (x, i) => f(f(f(x - mean) * factor) * (gain.data[i] ?? NaN)) + (bias.data[i] ?? NaN),
      );
    }),
  });

const onePass = (row: readonly number[]): Moments => {
  const mean = f(unit.sum(row) / row.length);
  return { mean, variance: Math.max(0, f(f(unit.dot(row, row) / row.length) - f(mean * mean))) };
};

/** Rows padded with zeros to a multiple of eight, as far as the variance goes. */
const padded = (row: readonly number[]): Moments => {
  const { mean, variance } = twoPasses(unit, row);
  const lanes = Math.ceil(row.length / 8) * 8 - row.length;
  return { mean, variance: f(variance + f((lanes * mean * mean) / row.length)) };
};

const sumIn =
  (round: (x: number) => number) =>
  (row: readonly number[]): Moments => {
    const total = (terms: readonly number[]) => terms.reduce((sum, x) => round(sum + x), 0);
    const mean = f(total(row) / row.length);
    const squares = row.map((x) => f(f(x - mean) * f(x - mean)));
    return { mean, variance: f(total(squares) / row.length) };
  };

/** Moments over the whole tensor. */
const whole: LayerNorm = async (source) => {
  const flat = { ...source.input, shape: [source.input.data.length] };
  const { mean, variance } = twoPasses(unit, Array.from(flat.data));
  return withMoments(() => ({ mean, variance }))(source);
};

const changed = (change: (input: Input<'layerNorm'>) => Input<'layerNorm'>): LayerNorm =>
  withInput(honest, change);
const filled = (source: Input<'layerNorm'>, value: number) =>
  tensor(
    'float32',
    source.gain.shape,
    Array.from(source.gain.data, () => value),
  );

export const layerNorm: Mutants<'layerNorm'> = {
  honest: layerNormBy(welford)(unit),
  mutants: [
    {
      id: 'epsilon-outside-root',
      defect: 'layer-norm-01',
      wrong: 'divides by √v + ε',
      run: withScale((v, e) => 1 / (Math.sqrt(v) + e)),
    },
    {
      id: 'padded-lanes',
      defect: 'layer-norm-04',
      wrong: 'padded lanes add (0 − μ)² to the variance',
      run: withMoments(padded),
    },
    {
      id: 'sample-variance',
      defect: 'classic',
      wrong: 'divides by n − 1',
      run: withMoments((row) => {
        const { mean, variance } = twoPasses(unit, row);
        return { mean, variance: f((variance * row.length) / Math.max(1, row.length - 1)) };
      }),
    },
    {
      id: 'without-epsilon',
      defect: 'classic',
      wrong: 'leaves epsilon out',
      run: withScale((v) => 1 / Math.sqrt(v)),
    },
    {
      id: 'greater-of-variance-and-epsilon',
      defect: 'classic',
      wrong: 'takes the greater of v and ε',
      run: withScale((v, e) => 1 / Math.sqrt(Math.max(v, e))),
    },
    {
      id: 'default-epsilon',
      defect: 'classic',
      wrong: 'takes 1e-6 for the default 1e-5',
      run: changed((source) => ({
        ...source,
        epsilon: source.epsilon === 1e-5 ? 1e-6 : source.epsilon,
      })),
    },
    {
      id: 'one-pass-variance',
      defect: 'classic',
      wrong: 'mean x² − μ² in float32, undeclared',
      run: withMoments(onePass),
    },
    {
      id: 'variance-not-rooted',
      defect: 'classic',
      wrong: 'divides by v + ε',
      run: withScale((v, e) => 1 / (v + e)),
    },
    {
      id: 'without-mean',
      defect: 'classic',
      wrong: 'the root mean square instead: the mean is not subtracted',
      run: withMoments((row) => ({ mean: 0, variance: f(unit.dot(row, row) / row.length) })),
    },
    {
      id: 'without-gain',
      defect: 'classic',
      wrong: 'leaves out the gain',
      run: changed((source) => ({ ...source, gain: filled(source, 1) })),
    },
    {
      id: 'without-bias',
      defect: 'classic',
      wrong: 'leaves out the bias',
      run: changed((source) => ({ ...source, bias: filled(source, 0) })),
    },
    {
      id: 'gain-and-bias-swapped',
      defect: 'classic',
      wrong: 'takes the bias for the gain',
      run: changed((source) => ({ ...source, gain: source.bias, bias: source.gain })),
    },
    {
      id: 'gain-plus-one',
      defect: 'classic',
      wrong: 'multiplies by 1 + γ',
      run: changed((source) => ({
        ...source,
        gain: tensor(
          'float32',
          source.gain.shape,
          Array.from(source.gain.data, (g) => 1 + g),
        ),
      })),
    },
    {
      id: 'float16-sums',
      defect: 'classic',
      wrong: 'sums in float16',
      run: withMoments(sumIn((x) => roundTo(x, 'float16'))),
    },
    {
      id: 'bfloat16-sums',
      defect: 'classic',
      wrong: 'sums in bfloat16',
      run: withMoments(sumIn((x) => roundTo(x, 'bfloat16'))),
    },
    { id: 'whole-tensor', defect: 'classic', wrong: 'takes the moments over all rows', run: whole },
    {
      id: 'constant-row-is-zero',
      defect: 'classic',
      wrong: 'gives 0 for a row without variance',
      run: withOutput(honest, ({ output }, { input }) => ({
        output: {
          ...output,
          data: rowsOf(output).flatMap((row, i) => {
            const source = rowsOf(input)[i] ?? [];
            return source.every((x) => x === source[0]) ? row.map(() => 0) : row;
          }),
        },
      })),
    },
  ],
};
