import { roundTo } from '../../../spec/format.ts';
import type { Input } from '../../../spec/index.ts';
import { mapped } from '../../../spec/laws.ts';
import {
  meanSquareOf,
  reciprocalRoot,
  rmsNorm as honest,
  rmsNormBy,
} from '../../honest/layers/rmsNorm.ts';
import { float32, unitOf } from '../../honest/machine.ts';
import { withOutput, fixedPoint, withInput, type Mutants } from '../mutant.ts';

type RmsNorm = Mutants<'rmsNorm'>['honest'];
type Row = readonly number[];

const f = Math.fround;
const unit = unitOf(float32);
const sound = honest(unit);
const soundScale = (row: Row, epsilon: number): number =>
  reciprocalRoot(unit, meanSquareOf(unit, row), epsilon);

/** A kernel whose mean square is replaced. */
const withMeanSquare = (meanSquare: (row: Row) => number): RmsNorm =>
  rmsNormBy(unit, (row, epsilon) => reciprocalRoot(unit, meanSquare(row), epsilon));

/** A kernel whose scale is made otherwise from a sound mean square. */
const withScale = (scale: (meanSquare: number, epsilon: number) => number): RmsNorm =>
  rmsNormBy(unit, (row, epsilon) => f(scale(meanSquareOf(unit, row), epsilon)));

const changed = (change: (input: Input<'rmsNorm'>) => Input<'rmsNorm'>): RmsNorm =>
  withInput(sound, change);
const withGain = (change: (gain: number) => number): RmsNorm =>
  changed((source) => ({ ...source, gain: mapped(source.gain, (g) => f(change(g))) }));

const squaresIn =
  (format: 'float16' | 'bfloat16') =>
  (row: Row): number =>
    f(row.reduce((sum, x) => roundTo(sum + roundTo(x * x, format), format), 0) / row.length);

const variance = (row: Row): number => {
  const mean = f(unit.sum(row) / row.length);
  return meanSquareOf(
    unit,
    row.map((x) => f(x - mean)),
  );
};

/** Moments over the whole tensor. */
const whole: RmsNorm = (source) => {
  const all = Array.from(source.input.data);
  return withMeanSquare(() => meanSquareOf(unit, all))(source);
};

export const rmsNorm: Mutants<'rmsNorm'> = {
  honest: sound,
  mutants: [
    {
      id: 'epsilon-outside-root',
      defect: 'layer-norm-01',
      wrong: 'divides by √m + ε',
      run: withScale((m, e) => 1 / (Math.sqrt(m) + e)),
    },
    {
      id: 'float16-squares',
      defect: 'rms-norm-03',
      wrong: 'sums squares in float16, which overflow',
      run: withMeanSquare(squaresIn('float16')),
    },
    {
      id: 'bfloat16-squares',
      defect: 'rms-norm-05',
      wrong: 'sums squares in bfloat16, where an outlier swamps the others',
      run: withMeanSquare(squaresIn('bfloat16')),
    },
    {
      id: 'rounded-before-gain',
      defect: 'rms-norm-04',
      wrong: 'casts the normalised row to bfloat16 before it meets the gain',
      run: rmsNormBy(unit, soundScale, (x, scale, gain) =>
        f(roundTo(f(x * scale), 'bfloat16') * gain),
      ),
    },
    {
      id: 'offset-omitted',
      defect: 'rms-norm-04',
      wrong: 'keeps γ − 1 and forgets to add the 1 again',
      run: withGain((g) => g - 1),
    },
    {
      id: 'gain-plus-one',
      defect: 'rms-norm-06',
      wrong: 'multiplies by 1 + γ',
      run: withGain((g) => 1 + g),
    },
    {
      id: 'padded-lanes',
      defect: 'layer-norm-04',
      wrong: 'counts the lanes that pad a row to a multiple of eight',
      run: withMeanSquare((row) => f(unit.dot(row, row) / (Math.ceil(row.length / 8) * 8))),
    },
    {
      id: 'mean-subtracted',
      defect: 'classic',
      wrong: 'divides by the standard deviation',
      run: withMeanSquare(variance),
    },
    {
      id: 'sum-of-squares',
      defect: 'classic',
      wrong: 'divides by the length of the row as a vector: the sum, not the mean',
      run: withMeanSquare((row) => unit.dot(row, row)),
    },
    {
      id: 'without-epsilon',
      defect: 'classic',
      wrong: 'leaves epsilon out',
      run: withScale((m) => 1 / Math.sqrt(m)),
    },
    {
      id: 'default-epsilon',
      defect: 'classic',
      wrong: 'takes 1e-5 for the default 1e-6',
      run: changed((source) => ({
        ...source,
        epsilon: source.epsilon === 1e-6 ? 1e-5 : source.epsilon,
      })),
    },
    {
      id: 'not-rooted',
      defect: 'classic',
      wrong: 'divides by m + ε',
      run: withScale((m, e) => 1 / (m + e)),
    },
    {
      id: 'without-gain',
      defect: 'classic',
      wrong: 'leaves out the gain',
      run: withGain(() => 1),
    },
    {
      id: 'drops-last',
      defect: 'classic',
      wrong: 'the sum of squares stops one short',
      run: withMeanSquare((row) => f(unit.dot(row.slice(0, -1), row.slice(0, -1)) / row.length)),
    },
    { id: 'whole-tensor', defect: 'classic', wrong: 'takes the mean over all rows', run: whole },
    {
      id: 'fixed-point',
      defect: 'classic',
      wrong: 'keeps its answer in fixed point, rounded down',
      run: withOutput(sound, ({ output }) => ({ output: fixedPoint(output) })),
    },
  ],
};
