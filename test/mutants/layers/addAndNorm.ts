import { roundTo } from '../../../spec/format.ts';
import type { Input } from '../../../spec/index.ts';
import { mapped } from '../../../spec/laws.ts';
import { tensor, type FloatTensor } from '../../../spec/tensor.ts';
import { addAndNormBy, sumOf } from '../../honest/layers/addAndNorm.ts';
import { layerNormBy, twoPasses, type Moments } from '../../honest/layers/layerNorm.ts';
import { float32, unitOf } from '../../honest/machine.ts';
import { withoutOdd, withOutput, withInput, type Mutants } from '../mutant.ts';

type AddAndNorm = Mutants<'addAndNorm'>['honest'];
type Row = readonly number[];

const f = Math.fround;
const unit = unitOf(float32);
const norm = layerNormBy(twoPasses)(unit);
const sound = addAndNormBy(unit);

const withMoments = (moments: (row: Row) => Moments): AddAndNorm =>
  addAndNormBy(unit, layerNormBy((_unit, row) => moments(row))(unit));
const withSum = (sum: (input: FloatTensor, sublayer: FloatTensor) => FloatTensor): AddAndNorm =>
  addAndNormBy(unit, norm, sum);
const changed = (change: (input: Input<'addAndNorm'>) => Input<'addAndNorm'>): AddAndNorm =>
  withInput(sound, change);

/** ε is taken for one that makes √(v + ε') = √v + ε, row by row. */
const epsilonOutside = withMomentsAndEpsilon((variance, epsilon) =>
  f((Math.sqrt(variance) + epsilon) ** 2),
);

/** A kernel in which v + ε is replaced. */
function withMomentsAndEpsilon(total: (variance: number, epsilon: number) => number): AddAndNorm {
  return ({ epsilon, ...source }) =>
    addAndNormBy(
      unit,
      layerNormBy((_unit, row) => {
        const { mean, variance } = twoPasses(unit, row);
        return { mean, variance: total(variance, epsilon) };
      })(unit),
    )({ ...source, epsilon: 0 });
}

/** The norm of one part, with the other added after it. */
const normThenAdd =
  (normed: 'input' | 'sublayer', added: 'input' | 'sublayer'): AddAndNorm =>
  async (source) => {
    const { gain, bias, epsilon } = source;
    const { output } = await norm({ input: source[normed], gain, bias, epsilon });
    return { output: sumOf(unit, output, source[added]) };
  };

/** Rows padded with zeros to a multiple of eight, as far as the variance goes. */
const padded = (row: Row): Moments => {
  const { mean, variance } = twoPasses(unit, row);
  const lanes = Math.ceil(row.length / 8) * 8 - row.length;
  return { mean, variance: f(variance + f((lanes * mean * mean) / row.length)) };
};

/** Moments over the whole tensor. */
const whole: AddAndNorm = (source) => {
  const all = Array.from(sumOf(unit, source.input, source.sublayer).data);
  return withMoments(() => twoPasses(unit, all))(source);
};

export const addAndNorm: Mutants<'addAndNorm'> = {
  honest: sound,
  mutants: [
    {
      id: 'epsilon-outside-root',
      defect: 'layer-norm-01',
      wrong: 'divides by √v + ε',
      run: epsilonOutside,
    },
    {
      id: 'padded-lanes',
      defect: 'layer-norm-04',
      wrong: 'padded lanes add (0 − μ)² to the variance',
      run: withMoments(padded),
    },
    {
      id: 'norm-before-sum',
      defect: 'classic',
      wrong: 'x + layerNorm(s)',
      run: normThenAdd('sublayer', 'input'),
    },
    {
      id: 'norm-of-input',
      defect: 'classic',
      wrong: 'layerNorm(x) + s',
      run: normThenAdd('input', 'sublayer'),
    },
    {
      id: 'without-residual',
      defect: 'classic',
      wrong: 'forgets the residual: layerNorm(s)',
      run: withSum((_input, sublayer) => sublayer),
    },
    {
      id: 'without-sublayer',
      defect: 'classic',
      wrong: 'forgets the sublayer: layerNorm(x)',
      run: withSum((input) => input),
    },
    {
      id: 'residual-twice',
      defect: 'classic',
      wrong: 'adds the residual again after the norm',
      run: async (source) => {
        const { output } = await sound(source);
        return { output: sumOf(unit, output, source.input) };
      },
    },
    {
      id: 'subtracted',
      defect: 'classic',
      wrong: 'x − s',
      run: withSum((input, sublayer) =>
        sumOf(
          unit,
          input,
          mapped(sublayer, (x) => -x),
        ),
      ),
    },
    {
      id: 'mean-of-both',
      defect: 'classic',
      wrong: 'halves the sum, which only epsilon notices',
      run: withSum((input, sublayer) => mapped(sumOf(unit, input, sublayer), (x) => x / 2)),
    },
    {
      id: 'bfloat16-sum',
      defect: 'classic',
      wrong: 'keeps the sum in bfloat16',
      run: withSum((input, sublayer) =>
        mapped(sumOf(unit, input, sublayer), (x) => roundTo(x, 'bfloat16')),
      ),
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
      id: 'without-gain',
      defect: 'classic',
      wrong: 'leaves out the gain',
      run: changed((source) => ({ ...source, gain: mapped(source.gain, () => 1) })),
    },
    {
      id: 'first-row-for-all',
      defect: 'classic',
      wrong: 'adds the first row of the sublayer to every row',
      run: changed((source) => ({
        ...source,
        sublayer: tensor(
          'float32',
          source.sublayer.shape,
          Array.from(
            source.sublayer.data,
            (_, i) => source.sublayer.data[i % source.gain.data.length] ?? NaN,
          ),
        ),
      })),
    },
    { id: 'whole-tensor', defect: 'classic', wrong: 'takes the moments over all rows', run: whole },
    {
      id: 'odd-feature-lost',
      defect: 'classic',
      wrong: 'goes in pairs of features, and leaves 0 in the last of an odd number of them',
      run: withOutput(sound, ({ output }) => ({ output: withoutOdd(output) })),
    },
  ],
};
