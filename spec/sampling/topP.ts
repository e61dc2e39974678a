import fc from 'fast-check';
import { component } from '../component.ts';
import { rowParts } from '../partsOf.ts';
import type { Filters } from '../bounds/filters.ts';
import { fields, option, real } from '../schema.ts';
import { tensor } from '../tensor.ts';
import { endsOfMass } from './ends.ts';
import { keptAdmission, keptBound, keptLaws, keptOutput } from './kept.ts';
import { sumsToOne } from './laws.ts';
import { finiteLogits, float32Logits, logitsOf, withInvalidLogits } from './logits.ts';
import { nucleus } from './worked.ts';
import { massOfLogits } from './sizes.ts';

const filtersOf = ({
  p,
  boundary,
}: {
  readonly p: number;
  readonly boundary: 'include' | 'exclude';
}): Filters => ({
  temperature: 1,
  tempered: false,
  topP: { p, boundary },
});

const equal = (count: number) => float32Logits(new Array<number>(count).fill(0));

/**
 * topP(x, p) keeps the likeliest tokens whose mass reaches p and renormalises.
 * include (the definition): the shortest prefix in falling order with mass ≥ p; exclude: the longest with mass ≤ p, one token at least.
 * Tokens whose cumulative mass cannot be told from p within the error bound may be decided either way.
 *
 * @example
 * topP({ logits: [0, 0, 0, 0], p: 0.5 }) // → keeps two
 */
export const topP = component({
  family: 'sampling',
  summary: 'Keeps the likeliest tokens that together have mass p (nucleus sampling).',
  formula: String.raw`K = \text{shortest falling prefix with } \sum_{j \in K} p_j \ge p`,
  source:
    'Holtzman, Buys, Du, Forbes, Choi, The curious case of neural text degeneration, 2020, eq. 2',
  domain:
    'Every row has a finite logit, none has NaN or +Infinity; 0 < p ≤ 1. Whether the token that crosses p is kept is an option (boundary).',
  input: fields({
    logits: finiteLogits(),
    p: real('a number in (0, 1]', (p) => p > 0 && p <= 1, 'the mass to keep'),
    boundary: option(['include', 'exclude'], 'whether the token that crosses p is kept'),
  }),
  output: keptOutput,
  arbitrary: (level) =>
    fc.record({
      logits: logitsOf(level),
      p: fc.oneof(
        fc.constantFrom(0.5, 0.25, 0.75, 0.125, 0.9, 0.95, 1),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        endsOfMass,
      ),
    }),
  sized: massOfLogits,
  parts: rowParts({
    cut: { logits: 1 },
    outputs: ({ logits }) => ({
      kept: logits.shape.slice(-1),
      probabilities: logits.shape.slice(-1),
    }),
  }),
  invalid: {
    ...withInvalidLogits({ p: 0.5 }),
    'p is 0': fc.constant({ logits: float32Logits([1, 2, 3]), p: 0 }),
    'p is over 1': fc.constant({ logits: float32Logits([1, 2, 3]), p: 1.5 }),
    'p is NaN': fc.constant({ logits: float32Logits([1, 2, 3]), p: NaN }),
  },
  bound: keptBound(filtersOf),
  boundSource:
    'spec/bounds/filters.ts: the cumulative mass C is known within E = Σ errors + G(h) + u; probabilities as topK',
  admits: keptAdmission(filtersOf),
  laws: { 'sums to one': sumsToOne(), ...keptLaws() },
  worked: [nucleus],
  examples: [
    {
      id: 'crossing',
      why: 'the token that crosses p is dropped, or one too many kept',
      flags: ['sampling-top-p-02'],
      input: { logits: float32Logits([2, 1, 0, -1]), p: 0.8 },
    },
    {
      id: 'equality',
      why: 'one more token kept when the mass is p exactly',
      flags: ['sampling-top-p-01'],
      input: { logits: equal(4), p: 0.5 },
    },
    {
      id: 'equality-of-eight',
      why: 'one more token kept when the mass is p exactly',
      flags: ['sampling-top-p-01'],
      input: { logits: equal(8), p: 0.75 },
    },
    {
      id: 'tiny-p',
      why: 'nothing kept where even the first token exceeds p',
      flags: ['at-least-one'],
      input: { logits: float32Logits([1, 3, 2]), p: 0.01 },
    },
    {
      id: 'least-p',
      why: 'what 1 − p leaves: it is 1, and all is dropped, the likeliest token too',
      flags: ['at-least-one', 'ends'],
      input: { logits: float32Logits([1, 3, 2, 3.5]), p: 2 ** -149 },
    },
    {
      id: 'all',
      why: 'masked tokens kept at p = 1',
      flags: ['minus-infinity'],
      input: { logits: float32Logits([1, -Infinity, 2, 0]), p: 1 },
    },
    {
      id: 'unsorted',
      why: 'the prefix taken in index order',
      flags: ['order'],
      input: { logits: float32Logits([-1, 0.5, 3, 2]), p: 0.85 },
    },
    {
      id: 'batch',
      why: 'one nucleus for all rows',
      flags: ['axis'],
      input: { logits: tensor('float32', [2, 3], [5, 0, 0, 0, 1, 1]), p: 0.7 },
    },
  ],
});
