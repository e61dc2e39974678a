import fc, { type Arbitrary } from 'fast-check';
import { layerNormErrors } from '../bounds/layerNorm.ts';
import { residualRow } from '../bounds/residual.ts';
import { component, type Level } from '../component.ts';
import { rowParts } from '../partsOf.ts';
import { elements, floatTensor, seededNumbers } from '../generate.ts';
import { blockCount, lastBlock, mapped, metamorphic, reversed } from '../laws.ts';
import { shiftedExactly } from '../sampling/laws.ts';
import { fields, floats, real } from '../schema.ts';
import { flatMapRows, rowsOf, tensor, type FloatTensor } from '../tensor.ts';
import { normInputs } from './normInputs.ts';
import { addedNormSizes } from './sizes.ts';

interface ResidualInput {
  readonly input: FloatTensor;
  readonly sublayer: FloatTensor;
  readonly gain: FloatTensor;
  readonly bias: FloatTensor;
  readonly epsilon: number;
}

const vector = (values: readonly number[]) => tensor('float32', [values.length], values);
const filled = (count: number, value: number) => vector(new Array<number>(count).fill(value));

/** Rows of one width, with gains and biases that no two of which are alike. */
const example = (
  input: readonly (readonly number[])[],
  sublayer: readonly (readonly number[])[],
  epsilon = 1e-5,
): ResidualInput => {
  const width = input[0]?.length ?? 0;
  return {
    input: tensor('float32', [input.length, width], input.flat()),
    sublayer: tensor('float32', [sublayer.length, width], sublayer.flat()),
    gain: vector(Array.from({ length: width }, (_, i) => 1 + i / 4)),
    bias: vector(Array.from({ length: width }, (_, i) => (i % 3) - 0.75)),
    epsilon,
  };
};

const valid = (count: number): ResidualInput => ({
  input: filled(count, 1),
  sublayer: filled(count, 2),
  gain: filled(count, 1),
  bias: filled(count, 0),
  epsilon: 1e-5,
});

/** What a sublayer may answer to its input: nothing, the same, its negative but for the last place, or numbers of its own. */
const sublayersOf = (level: Level, input: FloatTensor, epsilon: number): Arbitrary<FloatTensor> => {
  const related = fc.constantFrom(
    mapped(input, () => 0),
    mapped(input, (x) => x),
  );
  if (epsilon === 0) return related;
  return fc.oneof(
    { weight: 1, arbitrary: related },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        mapped(input, (x) => -x),
        mapped(input, (x) => -x * (1 + 2 ** -10)),
        mapped(input, (x, i) => i - x),
      ),
    },
    { weight: 4, arbitrary: floatTensor(input.shape, elements(level), { deviation: 2 }) },
  );
};

/** ε = 0 comes with sublayers of which the sum is no new row of small integers; see `normInputs`. */
const inputs = (level: Level): Arbitrary<ResidualInput> =>
  normInputs(level).chain(({ epsilon = 1e-5, ...norm }) =>
    sublayersOf(level, norm.input, epsilon).map((sublayer) => ({ ...norm, sublayer, epsilon })),
  );

const sumsOf = (row: readonly number[], other: readonly number[]): readonly number[] =>
  row.map((x, i) => x + (other[i] ?? NaN));

/**
 * addAndNorm(x, s) = layerNorm(x + s): the residual connection first, the norm of the sum after it, as in the original Transformer ("post-norm").
 * Not x + layerNorm(s), nor layerNorm(x) + s. A row whose sums are all one number gives β, or NaN where ε is 0; NaN or an infinity, in either input,
 * makes its row NaN.
 *
 * @example
 * addAndNorm({ input: [3, 0], sublayer: [1, 2], gain: [1, 1], bias: [0, 0], epsilon: 0 }) // → { output: [1, -1] }
 */
export const addAndNorm = component({
  family: 'layers',
  summary: 'Adds what a sublayer made of its input to that input, and normalises each row.',
  formula: String.raw`y = \operatorname{layerNorm}(x + s) = \gamma \odot \frac{x + s - \mu}{\sqrt{v + \varepsilon}} + \beta`,
  source:
    'Vaswani et al., Attention Is All You Need, 2017, §3.1: LayerNorm(x + Sublayer(x)); He et al., Deep Residual Learning, 2015, eq. 1',
  domain:
    'Any rows. NaN or an infinity in either input makes its row NaN. A row whose sums are all one number gives the bias; with ε = 0 it is NaN, but of a number other than 0 nothing is demanded there. Where sums or squares may overflow nothing is said. An empty width gives an empty output.',
  input: fields({
    input: floats('[..., D]', 'what the sublayer was given'),
    sublayer: floats('[..., D]', 'what the sublayer made of it'),
    gain: floats('[D]', 'γ, the scale of each feature'),
    bias: floats('[D]', 'β, the shift of each feature'),
    epsilon: real('a number ≥ 0', (x) => x >= 0 && x < Infinity, 'added to the variance'),
  }),
  output: fields({ output: floats('[..., D]', 'the normalised sums') }),
  arbitrary: inputs,
  sized: addedNormSizes,
  parts: rowParts({
    cut: { input: 1, sublayer: 1 },
    outputs: ({ input }) => ({ output: input.shape.slice(-1) }),
  }),
  invalid: {
    'the sublayer has another width': fc.constant({ ...valid(3), sublayer: filled(2, 2) }),
    'the gain has another width': fc.constant({ ...valid(3), gain: filled(2, 1) }),
    'the bias has another width': fc.constant({ ...valid(3), bias: filled(4, 0) }),
    'epsilon is negative': fc.constant({ ...valid(2), epsilon: -1e-5 }),
    'epsilon is not a number': fc.constant({ ...valid(2), epsilon: NaN }),
  },
  bound: (a, { input: { input, sublayer, gain, bias, epsilon }, rounding }) => {
    const affine = { gain: gain.data, bias: bias.data };
    const others = rowsOf(sublayer);
    return {
      output: flatMapRows(input, (row, i) =>
        layerNormErrors(
          a,
          rounding,
          residualRow(a, rounding, row, others[i] ?? []),
          affine,
          epsilon,
        ),
      ),
    };
  },
  boundSource:
    'spec/bounds/layerNorm.ts of a row that is off by u |x + s|: 2√(v m) + m more of the variance, m the mean square of what the row is off by; as of a stored row where every sum is exact',
  alsoRight: ({ input, sublayer, epsilon }, _field, index) => {
    const at = Math.floor(index / (input.shape.at(-1) ?? 1));
    const sums = sumsOf(rowsOf(input)[at] ?? [], rowsOf(sublayer)[at] ?? []);
    return epsilon === 0 && sums.every((x) => Number.isFinite(x) && x !== 0 && x === sums[0]);
  },
  laws: {
    'does not tell its two inputs apart': metamorphic((source) => ({
      input: { ...source, input: source.sublayer, sublayer: source.input },
      output: (y) => y,
    })),
    'is unchanged by adding a constant': metamorphic((source) => {
      const shifted = shiftedExactly(source.sublayer, 16);
      return shifted && { input: { ...source, sublayer: shifted }, output: (y) => y };
    }),
    'follows a permutation of the features': metamorphic((source) => ({
      input: {
        ...source,
        input: reversed(source.input),
        sublayer: reversed(source.sublayer),
        gain: reversed(source.gain),
        bias: reversed(source.bias),
      },
      output: (y) => reversed(y),
    })),
    'treats each row by itself': metamorphic((source) =>
      blockCount(source.input) < 2
        ? undefined
        : {
            input: {
              ...source,
              input: lastBlock(source.input),
              sublayer: lastBlock(source.sublayer),
            },
            output: (y) => lastBlock(y),
          },
    ),
  },
  examples: [
    {
      id: 'worked-example',
      why: 'one row with a gain and a bias for each feature',
      flags: ['ordinary'],
      input: example([[1, 2, 3, 4]], [[0.5, -1, 0.25, 2]]),
    },
    {
      id: 'order',
      why: 'the norm of either part alone, or before the sum',
      flags: ['pre-norm'],
      input: example([[10, -10, 4, 1, 0.5]], [[0.125, 3, -7, 2, 6]]),
    },
    {
      id: 'large-epsilon',
      why: 'epsilon added to the root instead of the variance; the mean of both parts for their sum',
      flags: ['layer-norm-01'],
      input: example([[0.5, -0.25, 0.75, 0.125]], [[0.125, 0.25, -0.5, 0.0625]], 0.1),
    },
    {
      id: 'odd-width',
      why: 'padded lanes add (0 − mean)² to the variance',
      flags: ['layer-norm-04'],
      input: example(
        [
          [3, 4, 5, 6, 4.5],
          [-7, -6, -6.5, -8, -5],
        ],
        [
          [1, 0.5, 0.25, -1, 2],
          [-3, 1, 0.75, -2, -1.5],
        ],
      ),
    },
    {
      id: 'small-update',
      why: 'a sum that is kept in a narrow format swallows the update',
      flags: ['rounding'],
      input: example([[256, 256, 256, 256, 256]], [seededNumbers(6, 5, { deviation: 0.25 })]),
    },
    {
      id: 'cancelling',
      why: 'what is left where both parts nearly cancel decides alone',
      flags: ['cancellation'],
      input: example([[100, -50, 25, 12.5]], [[-100.5, 50.25, -25, -12.75]]),
    },
    {
      id: 'rows',
      why: 'moments taken over all rows, or along the wrong axis',
      flags: ['axis'],
      input: example(
        [
          [1, 2, 4],
          [-8, 0, 3],
          [0.5, 0.5, -0.5],
        ],
        [
          [0, 1, -1],
          [2, 2, 0.5],
          [4, -3, 1],
        ],
      ),
    },
    {
      id: 'constant-sum',
      why: 'a row whose sums are alike gives the bias, whatever its parts are',
      flags: ['constant'],
      input: example(
        [
          [1, 2, 3],
          [5, -1, 2],
        ],
        [
          [3, 2, 1],
          [1, 1, 1],
        ],
      ),
    },
  ],
});
