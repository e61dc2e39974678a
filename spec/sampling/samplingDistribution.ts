import fc from 'fast-check';
import { component } from '../component.ts';
import { rowParts } from '../partsOf.ts';
import type { Filters } from '../bounds/filters.ts';
import { maybe } from '../generate.ts';
import { fields, option, positiveInteger, real } from '../schema.ts';
import { tensor } from '../tensor.ts';
import { endsOfMass, endsOfTemperature } from './ends.ts';
import { keptAdmission, keptBound, keptLaws, keptOutput } from './kept.ts';
import { sumsToOne } from './laws.ts';
import { finiteLogits, float32Logits, logitsOf, withInvalidLogits } from './logits.ts';
import { filteredLogits } from './sizes.ts';

const filtersOf = ({
  temperature,
  topK,
  topP,
  minP,
  order,
}: {
  readonly temperature: number;
  readonly topK?: number | undefined;
  readonly topP?: number | undefined;
  readonly minP?: number | undefined;
  readonly order: 'temperatureFirst' | 'temperatureLast';
}): Filters => ({
  temperature,
  tempered: order === 'temperatureFirst',
  topK,
  topP: topP === undefined ? undefined : { p: topP, boundary: 'include' },
  minP,
});

const four = float32Logits([2, 1, 0.5, -1]);

/**
 * The distribution that a token is drawn from: top-k, then top-p, then min-p, each on the renormalised result of the one before, with the
 * temperature applied first or last. A filter that is left out keeps all.
 *
 * @example
 * samplingDistribution({ logits: [2, 1, 0], temperature: 1, topK: 2 }) // → { probabilities: [0.7310…, 0.2689…, 0] }
 */
export const samplingDistribution = component({
  family: 'sampling',
  summary: 'Temperature and the filters of tokens, in their order.',
  formula: String.raw`p = \mathrm{minP}(\mathrm{topP}(\mathrm{topK}(x / T)))`,
  source:
    'house definition, after the samplers of the Hugging Face transformers library (temperatureFirst) and llama.cpp (temperatureLast)',
  domain:
    'Every row has a finite logit, none has NaN or +Infinity; T > 0, k ≥ 1, 0 < topP ≤ 1, 0 ≤ minP ≤ 1. The token that crosses topP is kept; ties any.',
  input: fields({
    logits: finiteLogits(),
    temperature: real(
      'a finite number > 0',
      (x) => x > 0 && x < Infinity,
      'T, dimensionless',
    ).default(1),
    topK: positiveInteger('how many tokens to keep').optional(),
    topP: real('a number in (0, 1]', (p) => p > 0 && p <= 1, 'the mass to keep').optional(),
    minP: real(
      'a number in [0, 1]',
      (p) => p >= 0 && p <= 1,
      'the least part of the greatest probability',
    ).optional(),
    order: option(
      ['temperatureFirst', 'temperatureLast'],
      'whether the filters see tempered logits',
    ),
  }),
  output: keptOutput,
  arbitrary: (level) =>
    fc.record({
      logits: logitsOf(level),
      temperature: fc.oneof(
        fc.constant(undefined),
        fc.constantFrom(0.5, 2),
        fc.double({ min: 0.1, max: 4, noNaN: true }),
        endsOfTemperature,
      ),
      topK: maybe(fc.constantFrom(1, 2, 3, 5, 40)),
      topP: maybe(
        fc.oneof(
          fc.constantFrom(0.5, 0.75, 0.9, 1),
          fc.double({ min: 0.05, max: 1, noNaN: true }),
          endsOfMass,
        ),
      ),
      minP: maybe(
        fc.oneof(
          fc.constantFrom(0, 0.1, 0.5, 1),
          fc.double({ min: 0, max: 1, noNaN: true }),
          endsOfMass,
        ),
      ),
    }),
  sized: filteredLogits,
  parts: rowParts({
    cut: { logits: 1 },
    outputs: ({ logits }) => ({
      kept: logits.shape.slice(-1),
      probabilities: logits.shape.slice(-1),
    }),
  }),
  invalid: {
    ...withInvalidLogits({}),
    'topK is 0': fc.constant({ logits: four, topK: 0 }),
    'topP is 0': fc.constant({ logits: four, topP: 0 }),
    'topP is over 1': fc.constant({ logits: four, topP: 1.5 }),
    'minP is negative': fc.constant({ logits: four, minP: -0.5 }),
    'temperature is negative': fc.constant({ logits: four, temperature: -1 }),
    'temperature is NaN': fc.constant({ logits: four, temperature: NaN }),
  },
  bound: keptBound(filtersOf),
  boundSource: 'as temperature, topK, topP and minP together; one more quotient a filter',
  admits: keptAdmission(filtersOf),
  laws: { 'sums to one': sumsToOne(), ...keptLaws() },
  examples: [
    {
      id: 'all-filters',
      why: 'the filters in another order',
      flags: ['order'],
      input: { logits: four, temperature: 0.7, topK: 3, topP: 0.8, minP: 0.1 },
    },
    {
      id: 'renormalised-between',
      why: 'top-p on the mass before top-k',
      flags: ['renormalise'],
      input: { logits: float32Logits([1, 0.8, 0.6, 0.4, 0.2, 0]), topK: 3, topP: 0.7 },
    },
    {
      id: 'hot',
      why: 'the temperature after the filters instead of before',
      flags: ['order'],
      input: { logits: float32Logits([3, 2, 1, 0]), temperature: 3, topP: 0.6 },
    },
    {
      id: 'last',
      why: 'the temperature before the filters instead of after',
      flags: ['order'],
      input: {
        logits: float32Logits([3, 2, 1, 0]),
        temperature: 3,
        topP: 0.6,
        order: 'temperatureLast',
      },
    },
    {
      id: 'none',
      why: 'defaults that filter',
      flags: ['defaults'],
      input: { logits: float32Logits([0.3, -1.7, 2.2]) },
    },
    {
      id: 'min-p-after',
      why: 'min-p relative to another maximum',
      flags: ['order'],
      input: { logits: float32Logits([1, 0.9, 0.2, -1]), topK: 3, minP: 0.5 },
    },
    {
      id: 'batch',
      why: 'rows filtered together',
      flags: ['axis'],
      input: { logits: tensor('float32', [2, 3], [5, 0, 0, 0, 1, 1]), topP: 0.7, temperature: 0.5 },
    },
  ],
});
