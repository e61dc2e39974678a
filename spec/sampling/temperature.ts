import fc from 'fast-check';
import { scaledScores } from '../bounds/scaling.ts';
import { probabilityErrors, weightErrors } from '../bounds/weights.ts';
import { component } from '../component.ts';
import { rowParts } from '../partsOf.ts';
import { blockCount, lastBlock, mapped, metamorphic, reversed } from '../laws.ts';
import { fields, floats, option, real } from '../schema.ts';
import { flatMapRows, tensor } from '../tensor.ts';
import { endsOfTemperature } from './ends.ts';
import { shiftedExactly, sumsToOne } from './laws.ts';
import { finiteLogits, float32Logits, logitsOf, withInvalidLogits } from './logits.ts';
import { temperatures } from './worked.ts';
import { temperedLogits } from './sizes.ts';

/**
 * temperature(x, T) = softmax(x / T): T < 1 sharpens, T > 1 flattens.
 * T = 0 is the limit, all mass on the largest logit, the lowest index among ties; or it is rejected, by option.
 *
 * @example
 * temperature({ logits: [0, 2], temperature: 2 }) // → { probabilities: [0.2689…, 0.7310…] }
 */
export const temperature = component({
  family: 'sampling',
  summary: 'Sharpens or flattens a distribution.',
  formula: String.raw`p = \mathrm{softmax}(x / T)`,
  source:
    'Ackley, Hinton, Sejnowski, A learning algorithm for Boltzmann machines, 1985, eq. 5; T = 0 as the limit: house definition',
  domain:
    'Every row has a finite logit, none has NaN or +Infinity; T finite and ≥ 0, and > 0 under the option zero: reject.',
  input: fields({
    logits: finiteLogits(),
    temperature: real('a finite number ≥ 0', (x) => x >= 0 && x < Infinity, 'T, dimensionless'),
    zero: option(['greedy', 'reject'], 'what temperature 0 means'),
  }).refine((value) => value.zero !== 'reject' || value.temperature > 0, {
    path: ['temperature'],
    error: 'expected a number > 0 where zero is rejected, got 0',
  }),
  output: fields({ probabilities: floats('[..., V]', 'each row sums to 1') }),
  arbitrary: (level, { zero }) =>
    fc.record({
      logits: logitsOf(level),
      temperature: fc.oneof(
        fc.constantFrom(0.5, 1, 2, 0.7, 1.5, 0.25, ...(zero === 'reject' ? [] : [0])),
        fc.double({ min: 0.05, max: 8, noNaN: true }),
        endsOfTemperature,
      ),
    }),
  sized: temperedLogits,
  parts: rowParts({
    cut: { logits: 1 },
    outputs: ({ logits }) => ({ probabilities: logits.shape.slice(-1) }),
  }),
  invalid: {
    ...withInvalidLogits({ temperature: 0.5 }),
    'temperature is negative': fc.constant({ logits: float32Logits([1, 2]), temperature: -1 }),
    'temperature is NaN': fc.constant({ logits: float32Logits([1, 2]), temperature: NaN }),
  },
  bound: (a, { input, rounding }) => ({
    probabilities: flatMapRows(input.logits, (row) => {
      if (input.temperature === 0) return row.map(() => a.from(0));
      const { scores, errors } = scaledScores(a, rounding, row, input.temperature);
      return probabilityErrors(a, rounding, weightErrors(a, rounding, scores, errors));
    }),
  }),
  boundSource:
    'spec/bounds/weights.ts and spec/bounds/attention.ts, with σ_j = (u + ρ)(|x_j / T| + d_j) for the quotients',
  laws: {
    'sums to one': sumsToOne(),
    'is unchanged by adding a constant': metamorphic((input) => {
      const shifted = shiftedExactly(input.logits, 8);
      return shifted && { input: { ...input, logits: shifted }, output: (p) => p };
    }),
    'is unchanged when logits and temperature double': metamorphic((input) =>
      Array.from(input.logits.data).some((x) => Math.abs(x) > 20000 && Number.isFinite(x))
        ? undefined
        : {
            input: {
              ...input,
              logits: mapped(input.logits, (x) => x * 2),
              temperature: input.temperature * 2,
            },
            output: (p) => p,
          },
    ),
    'follows a permutation of the logits': metamorphic((input) =>
      input.temperature === 0
        ? undefined
        : { input: { ...input, logits: reversed(input.logits) }, output: (p) => reversed(p) },
    ),
    'treats each row by itself': metamorphic((input) =>
      blockCount(input.logits) < 2
        ? undefined
        : { input: { ...input, logits: lastBlock(input.logits) }, output: (p) => lastBlock(p) },
    ),
  },
  worked: temperatures,
  examples: [
    {
      id: 'half',
      why: 'the temperature multiplied instead of divided',
      flags: ['classic'],
      input: { logits: float32Logits([1, 2, 3, 0.5]), temperature: 0.5 },
    },
    {
      id: 'two',
      why: 'the temperature applied twice',
      flags: ['sampling-temperature-03'],
      input: { logits: float32Logits([1, 2, 3, 0.5]), temperature: 2 },
    },
    {
      id: 'zero',
      why: 'division by a temperature of zero',
      flags: ['sampling-temperature-02'],
      input: { logits: float32Logits([1, 0, 3, -2]), temperature: 0 },
    },
    {
      id: 'zero-tied',
      why: 'ties at temperature zero go to the lowest index',
      flags: ['ties'],
      input: { logits: float32Logits([1, 3, 3, -Infinity]), temperature: 0 },
    },
    {
      id: 'one',
      why: 'a temperature of one is the softmax',
      flags: ['identity'],
      input: { logits: float32Logits([0.3, -1.7, 2.2]), temperature: 1 },
    },
    {
      id: 'cold',
      why: 'a small temperature overflows logits that are not shifted first',
      flags: ['overflow'],
      input: { logits: float32Logits([90, 91, 89.5]), temperature: 0.1 },
    },
    {
      id: 'batch',
      why: 'rows normalised together',
      flags: ['axis'],
      input: { logits: tensor('float32', [2, 2], [1, 2, 3, 5]), temperature: 0.7 },
    },
  ],
});
