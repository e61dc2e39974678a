import fc from 'fast-check';
import { component } from '../component.ts';
import { rowParts } from '../partsOf.ts';
import type { Filters } from '../bounds/filters.ts';
import { fields, real } from '../schema.ts';
import { tensor } from '../tensor.ts';
import { endsOfMass } from './ends.ts';
import { keptAdmission, keptBound, keptLaws, keptOutput } from './kept.ts';
import { sumsToOne } from './laws.ts';
import { finiteLogits, float32Logits, logitsOf, withInvalidLogits } from './logits.ts';
import { leastOfLogits } from './sizes.ts';

const filtersOf = ({ p }: { readonly p: number }): Filters => ({
  temperature: 1,
  tempered: false,
  minP: p,
});

/**
 * minP(x, p) keeps every token at least p times as likely as the likeliest, and renormalises.
 * The likeliest is always kept; p = 0 keeps all with a finite logit.
 *
 * @example
 * minP({ logits: [0, -1, -9], p: 0.1 }) // → keeps the first two
 */
export const minP = component({
  family: 'sampling',
  summary: 'Keeps the tokens at least p times as likely as the likeliest.',
  formula: String.raw`K = \{ j : p_j \ge p \cdot \max_i p_i \}`,
  source:
    'Nguyen, Baker, Neo, Roush, Kirsch, Shwartz-Ziv, Turning up the heat: min-p sampling, 2024, algorithm 1',
  domain: 'Every row has a finite logit, none has NaN or +Infinity; 0 ≤ p ≤ 1.',
  input: fields({
    logits: finiteLogits(),
    p: real(
      'a number in [0, 1]',
      (p) => p >= 0 && p <= 1,
      'the least part of the greatest probability',
    ),
  }),
  output: keptOutput,
  arbitrary: (level) =>
    fc.record({
      logits: logitsOf(level),
      p: fc.oneof(
        fc.constantFrom(0, 0.05, 0.1, 0.5, 1),
        fc.double({ min: 0, max: 1, noNaN: true }),
        endsOfMass,
      ),
    }),
  sized: leastOfLogits,
  parts: rowParts({
    cut: { logits: 1 },
    outputs: ({ logits }) => ({
      kept: logits.shape.slice(-1),
      probabilities: logits.shape.slice(-1),
    }),
  }),
  invalid: {
    ...withInvalidLogits({ p: 0.5 }),
    'p is negative': fc.constant({ logits: float32Logits([1, 2, 3]), p: -0.5 }),
    'p is over 1': fc.constant({ logits: float32Logits([1, 2, 3]), p: 1.5 }),
    'p is NaN': fc.constant({ logits: float32Logits([1, 2, 3]), p: NaN }),
  },
  bound: keptBound(filtersOf),
  boundSource:
    'a ratio e^(x_j − max x) is known within A_j + 4u + 2ρ, and as a logit within u (|x| + |log p|); probabilities as topK',
  admits: keptAdmission(filtersOf),
  laws: { 'sums to one': sumsToOne(), ...keptLaws() },
  examples: [
    {
      id: 'tenth',
      why: 'p compared with the probability itself, not with p times the greatest',
      flags: ['classic'],
      input: { logits: float32Logits([0, -1, -2, -3, -0.5]), p: 0.1 },
    },
    {
      id: 'high',
      why: 'p compared with the probability itself',
      flags: ['classic'],
      input: { logits: float32Logits([0.3, 0.2, 0.1, -2]), p: 0.6 },
    },
    {
      id: 'one-tied',
      why: 'a strict comparison drops every likeliest token',
      flags: ['ties'],
      input: { logits: float32Logits([2, 1, 2, 0]), p: 1 },
    },
    {
      id: 'zero',
      why: 'p = 0 keeps all but the masked',
      flags: ['minus-infinity'],
      input: { logits: float32Logits([1, -Infinity, -40, 0]), p: 0 },
    },
    {
      id: 'offset',
      why: 'log p added to large logits without care',
      flags: ['offset'],
      input: { logits: float32Logits([1000, 998, 990]), p: 0.05 },
    },
    {
      id: 'batch',
      why: 'one maximum for all rows',
      flags: ['axis'],
      input: { logits: tensor('float32', [2, 3], [5, 4, 0, 0, -1, -4]), p: 0.2 },
    },
  ],
});
