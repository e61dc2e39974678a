import fc from 'fast-check';
import { layerNormErrors } from '../bounds/layerNorm.ts';
import { readAll } from '../arithmetic.ts';
import { component, type Law } from '../component.ts';
import { rowParts } from '../partsOf.ts';
import { seededNumbers } from '../generate.ts';
import {
  blockCount,
  differ,
  inapplicable,
  lastBlock,
  mapped,
  metamorphic,
  reversed,
} from '../laws.ts';
import { shiftedExactly } from '../sampling/laws.ts';
import { fields, floats, real } from '../schema.ts';
import { flatMapRows, rowsOf, tensor, type FloatTensor } from '../tensor.ts';
import { normInputs, type NormInput } from './normInputs.ts';
import { normSizes } from './sizes.ts';

const vector = (values: readonly number[]) => tensor('float32', [values.length], values);
const ones = (count: number) => vector(new Array<number>(count).fill(1));
const zeros = (count: number) => vector(new Array<number>(count).fill(0));

/** Rows of one width, with gains and biases that no two of which are alike. */
const example = (rows: readonly (readonly number[])[], epsilon?: number): NormInput => {
  const width = rows[0]?.length ?? 0;
  return {
    input: tensor('float32', [rows.length, width], rows.flat()),
    gain: vector(Array.from({ length: width }, (_, i) => 1 + i / 4)),
    bias: vector(Array.from({ length: width }, (_, i) => (i % 3) - 0.75)),
    epsilon,
  };
};

/** So many numbers about a mean, at so small a distance from it that they are alike only to a wrong variance. */
const about = (mean: number, deviation: number, count: number): readonly number[] =>
  seededNumbers(count, count, { mean, deviation });

type Normalization = Law<NormInput, NormInput, { readonly output: FloatTensor }>;

/** With gain 1 and bias 0: Σ (x_i − μ) = 0. */
const sumsToZero: Normalization = async (source, run) => {
  const width = source.input.shape.at(-1) ?? 0;
  const { dtype } = source.input;
  const { output, slack } = await run({
    ...source,
    gain: { ...ones(width), dtype },
    bias: { ...zeros(width), dtype },
  });
  const rows = rowsOf(output.output);
  if (rows.length === 0 || width === 0 || rows.some((row) => !row.every(Number.isFinite)))
    return inapplicable;
  const allowed = rowsOf({ shape: output.output.shape, data: slack['output'] ?? [] });
  const totals = rows.map((row) => row.reduce((sum, y) => sum + y, 0));
  return differ(
    totals,
    totals.map(() => 0),
    (row) =>
      (allowed[row] ?? []).reduce(
        (sum, s) => sum + s,
        (rows[row] ?? []).reduce((sum, y) => sum + Math.abs(y), 0) * width * 2 ** -52,
      ),
  );
};

/** Whether doubling every number, and its square, is exact. */
export const moderate = ({ data }: FloatTensor): boolean =>
  Array.from(data).every((x) => x === 0 || (Math.abs(x) > 2 ** -12 && Math.abs(x) < 2 ** 12));

/**
 * layerNorm(x) = γ (x − μ) / √(v + ε) + β over the last axis, with v = mean (x − μ)², the population's variance: not divided by n − 1.
 * ε is added to the variance, not to its root. A row of one repeated number gives β, or NaN where ε is 0; NaN or an infinity makes its row NaN.
 *
 * @example
 * layerNorm({ input: [1, -1], gain: [1, 1], bias: [0, 0], epsilon: 0 }) // → { output: [1, -1] }
 */
export const layerNorm = component({
  family: 'layers',
  summary: 'Brings every row to mean 0 and variance 1, then scales and shifts each feature.',
  formula: String.raw`y_i = \gamma_i \frac{x_i - \mu}{\sqrt{v + \varepsilon}} + \beta_i,\quad \mu = \tfrac1D \sum_i x_i,\quad v = \tfrac1D \sum_i (x_i - \mu)^2`,
  source:
    'Ba, Kiros, Hinton, Layer Normalization, 2016, eq. 4; ε inside the root: Ioffe, Szegedy, Batch Normalization, 2015, algorithm 1',
  domain:
    'Any rows. NaN or an infinity makes its whole row NaN. A row of one repeated number gives the bias; with ε = 0 it is NaN, but of a repeated number other than 0 nothing is demanded there, as its computed mean may differ from it. Where squares may overflow nothing is said. An empty width gives an empty output.',
  input: fields({
    input: floats('[..., D]', 'rows to be normalised'),
    gain: floats('[D]', 'γ, the scale of each feature'),
    bias: floats('[D]', 'β, the shift of each feature'),
    epsilon: real('a number ≥ 0', (x) => x >= 0 && x < Infinity, 'added to the variance').default(
      1e-5,
    ),
  }),
  output: fields({ output: floats('[..., D]', 'the normalised rows') }),
  arbitrary: normInputs,
  sized: normSizes,
  parts: rowParts({
    cut: { input: 1 },
    outputs: ({ input }) => ({ output: input.shape.slice(-1) }),
  }),
  invalid: {
    'the gain has another width': fc.constant({ input: zeros(3), gain: ones(2), bias: zeros(3) }),
    'the bias has another width': fc.constant({ input: zeros(3), gain: ones(3), bias: zeros(4) }),
    'epsilon is negative': fc.constant({
      input: zeros(2),
      gain: ones(2),
      bias: zeros(2),
      epsilon: -1e-5,
    }),
    'epsilon is not a number': fc.constant({
      input: zeros(2),
      gain: ones(2),
      bias: zeros(2),
      epsilon: NaN,
    }),
  },
  bound: (a, { input: { input, gain, bias, epsilon }, rounding }) => {
    const affine = { gain: gain.data, bias: bias.data };
    return {
      output: flatMapRows(input, (row) =>
        layerNormErrors(a, rounding, { values: readAll(a, row), stored: row }, affine, epsilon),
      ),
    };
  },
  boundSource:
    'spec/bounds/layerNorm.ts, every constant kept; Welford’s recurrence: Chan, Golub, LeVeque, Algorithms for Computing the Sample Variance, 1983; exact sums: every partial sum is a number of the format',
  alsoRight: ({ input, epsilon }, _field, index) => {
    const width = input.shape.at(-1) ?? 1;
    const start = index - (index % width);
    const row = Array.from(input.data).slice(start, start + width);
    return epsilon === 0 && row.every((x) => Number.isFinite(x) && x !== 0 && x === row[0]);
  },
  laws: {
    'sums to zero where gain is 1 and bias 0': sumsToZero,
    'is unchanged by adding a constant': metamorphic((source) => {
      const shifted = shiftedExactly(source.input, 16);
      return shifted && { input: { ...source, input: shifted }, output: (y) => y };
    }),
    'is unchanged by doubling the input, where epsilon is made four times as large': metamorphic(
      (source) =>
        moderate(source.input)
          ? {
              input: {
                ...source,
                input: mapped(source.input, (x) => 2 * x),
                epsilon: 4 * source.epsilon,
              },
              output: (y) => y,
            }
          : undefined,
    ),
    'follows a permutation of the features': metamorphic((source) => ({
      input: {
        ...source,
        input: reversed(source.input),
        gain: reversed(source.gain),
        bias: reversed(source.bias),
      },
      output: (y) => reversed(y),
    })),
    'treats each row by itself': metamorphic((source) =>
      blockCount(source.input) < 2
        ? undefined
        : { input: { ...source, input: lastBlock(source.input) }, output: (y) => lastBlock(y) },
    ),
  },
  examples: [
    {
      id: 'worked-example',
      why: 'one row with a gain and a bias for each feature',
      flags: ['ordinary'],
      input: example([[1, 2, 3, 4]]),
    },
    {
      id: 'large-epsilon',
      why: 'epsilon added to the root instead of the variance',
      flags: ['layer-norm-01'],
      input: example([[0.5, -0.25, 0.75, 0.125]], 0.1),
    },
    {
      id: 'variance-near-epsilon',
      why: 'epsilon misplaced, missing or of another size',
      flags: ['layer-norm-01'],
      input: example([about(0, 3e-3, 5)]),
    },
    {
      id: 'variance-below-epsilon',
      why: 'a root that is taken before epsilon is added',
      flags: ['layer-norm-01'],
      input: example([about(0, 1e-4, 6)]),
    },
    {
      id: 'odd-width',
      why: 'padded lanes add (0 − mean)² to the variance',
      flags: ['layer-norm-04'],
      input: example([
        [3, 4, 5, 6, 4.5],
        [-7, -6, -6.5, -8, -5],
      ]),
    },
    {
      id: 'large-mean',
      why: 'mean x² − μ² cancels',
      flags: ['one-pass-variance'],
      input: example([about(1e4, 1, 7)]),
    },
    {
      id: 'rows',
      why: 'moments taken over all rows, or along the wrong axis',
      flags: ['axis'],
      input: example([
        [1, 2, 4],
        [-8, 0, 3],
        [0.5, 0.5, -0.5],
      ]),
    },
    {
      id: 'constant-row',
      why: 'a row without variance gives the bias, whatever stands beside it',
      flags: ['constant'],
      input: example([
        [2, 2, 2, 2],
        [0, 0, 0, 0],
        [1, -1, 2, 0],
      ]),
    },
    {
      id: 'exact-sums',
      why: 'every sum of these integers is exact in float32, and in no narrower format',
      flags: ['accumulator'],
      input: example([[61, -61, 37, -37, 53, -53, 19, -19]], 2 ** -6),
    },
    {
      id: 'not-a-number',
      why: 'a NaN spoils its own row alone',
      flags: ['nan'],
      input: example([
        [1, NaN, 3],
        [4, 6, 5],
        [1, Infinity, 2],
      ]),
    },
  ],
});
