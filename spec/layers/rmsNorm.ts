import fc, { type Arbitrary } from 'fast-check';
import { rmsNormErrors } from '../bounds/rmsNorm.ts';
import { component, type Level } from '../component.ts';
import { rowParts } from '../partsOf.ts';
import { seededNumbers } from '../generate.ts';
import { blockCount, lastBlock, mapped, metamorphic, reversed } from '../laws.ts';
import { fields, floats, real } from '../schema.ts';
import { flatMapRows, tensor, type FloatTensor } from '../tensor.ts';
import { moderate } from './layerNorm.ts';
import { normInputs } from './normInputs.ts';
import { rootNormSizes } from './sizes.ts';

interface RmsInput {
  readonly input: FloatTensor;
  readonly gain: FloatTensor;
  readonly epsilon?: number | undefined;
}

const vector = (values: readonly number[]) => tensor('float32', [values.length], values);
const ones = (count: number) => vector(new Array<number>(count).fill(1));

/** Rows of one width, with gains no two of which are alike. */
const example = (rows: readonly (readonly number[])[], epsilon?: number): RmsInput => {
  const width = rows[0]?.length ?? 0;
  return {
    input: tensor('float32', [rows.length, width], rows.flat()),
    gain: vector(Array.from({ length: width }, (_, i) => (i % 2 === 0 ? 1 : -1) * (0.75 + i / 4))),
    epsilon,
  };
};

const inputs = (level: Level): Arbitrary<RmsInput> =>
  normInputs(level).map(({ input, gain, epsilon }) => ({ input, gain, epsilon }));

/**
 * rmsNorm(x) = γ x / √(mean x² + ε) over the last axis. No mean is subtracted and no bias is added; γ is the factor itself, not γ − 1.
 * ε is added to the mean square, not to its root. A row of zeros gives zeros (NaN where ε is 0). An infinity gives NaN in its place and 0 in
 * every other of its row; NaN makes its whole row NaN.
 *
 * @example
 * rmsNorm({ input: [2, -2], gain: [1, 3], epsilon: 0 }) // → { output: [1, -3] }
 */
export const rmsNorm = component({
  family: 'layers',
  summary: 'Brings every row to root mean square 1, then scales each feature.',
  formula: String.raw`y_i = \gamma_i \frac{x_i}{\sqrt{\tfrac1D \sum_j x_j^2 + \varepsilon}}`,
  source:
    'Zhang, Sennrich, Root Mean Square Layer Normalization, 2019, eq. 4; ε inside the root: Touvron et al., LLaMA, 2023, its code',
  domain:
    'Any rows. An infinity gives NaN in its own place and 0 elsewhere in its row; NaN makes the row NaN. A row of zeros gives zeros, and with ε = 0 NaN. Where squares may overflow nothing is said. An empty width gives an empty output.',
  input: fields({
    input: floats('[..., D]', 'rows to be normalised'),
    gain: floats('[D]', 'γ, the scale of each feature'),
    epsilon: real(
      'a number ≥ 0',
      (x) => x >= 0 && x < Infinity,
      'added to the mean square',
    ).default(1e-6),
  }),
  output: fields({ output: floats('[..., D]', 'the normalised rows') }),
  arbitrary: inputs,
  sized: rootNormSizes,
  parts: rowParts({
    cut: { input: 1 },
    outputs: ({ input }) => ({ output: input.shape.slice(-1) }),
  }),
  invalid: {
    'the gain has another width': fc.constant({ input: ones(3), gain: ones(2) }),
    'epsilon is negative': fc.constant({ input: ones(2), gain: ones(2), epsilon: -1e-6 }),
    'epsilon is not a number': fc.constant({ input: ones(2), gain: ones(2), epsilon: NaN }),
  },
  bound: (a, { input: { input, gain, epsilon }, rounding }) => {
    const scaling = { gain: gain.data, epsilon };
    return { output: flatMapRows(input, (row) => rmsNormErrors(a, rounding, row, scaling)) };
  },
  boundSource:
    'spec/bounds/rmsNorm.ts, every constant kept: |y| (½ (h + 3) u + error of 1/√ + 2u), with the error of ε where it is rounded',
  laws: {
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
    'changes its sign with the input': metamorphic((source) => ({
      input: { ...source, input: mapped(source.input, (x) => -x) },
      output: (y) => mapped(y, (x) => -x),
    })),
    'follows a permutation of the features': metamorphic((source) => ({
      input: { ...source, input: reversed(source.input), gain: reversed(source.gain) },
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
      why: 'one row with a gain for each feature',
      flags: ['ordinary'],
      input: example([[1, 2, 3, 4]]),
    },
    {
      id: 'large-epsilon',
      why: 'epsilon added to the root instead of the mean square',
      flags: ['layer-norm-01'],
      input: example([[0.5, -0.25, 0.75, 0.125]], 0.1),
    },
    {
      id: 'mean-square-near-epsilon',
      why: 'epsilon misplaced, missing or of another size',
      flags: ['layer-norm-01'],
      input: example([seededNumbers(5, 5, { mean: 0, deviation: 1e-3 })]),
    },
    {
      id: 'mean-not-subtracted',
      why: 'layer norm instead, which subtracts the mean',
      flags: ['mean'],
      input: example([[10, 11, 9.5, 10.25, 12]]),
    },
    {
      id: 'squares-overflow-float16',
      why: 'a sum of squares above 65504, which float16 does not hold',
      flags: ['rms-norm-03'],
      input: example([[200, -150, 90, 30.5, -220, 128]]),
    },
    {
      id: 'outlier',
      why: 'one massive activation swamps the other squares in a bfloat16 sum',
      flags: ['rms-norm-05'],
      input: example([[1024, 57, -61, 43, 50, -39, 64, 48.5]]),
    },
    {
      id: 'gains-near-zero',
      why: 'gains taken for offsets from 1, or the other way round',
      flags: ['rms-norm-04', 'rms-norm-06'],
      input: {
        input: vector([1.5, -0.5, 2, 0.25]),
        gain: vector([0.0078125, -0.03, 0.001, 0.0625]),
      },
    },
    {
      id: 'rows',
      why: 'moments taken over all rows, or along the wrong axis',
      flags: ['axis'],
      input: example([
        [1, 2, 4],
        [-8, 0, 3],
        [0.5, 0.25, -0.5],
      ]),
    },
    {
      id: 'special-rows',
      why: 'zeros give zeros; what is not finite stays in its row',
      flags: ['infinity', 'constant'],
      input: example([
        [0, 0, 0],
        [1, Infinity, -2],
        [NaN, 1, 2],
        [3, -4, 5],
      ]),
    },
  ],
});
