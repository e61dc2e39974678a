import fc from 'fast-check';
import { castShares } from '../bounds/cast.ts';
import { probabilitySlacks, storedScores, weightErrors } from '../bounds/weights.ts';
import { readAll } from '../arithmetic.ts';
import { component } from '../component.ts';
import { rowParts } from '../partsOf.ts';
import { elements, floatTensor, leading, longLengths } from '../generate.ts';
import { blockCount, lastBlock, metamorphic, reversed } from '../laws.ts';
import { shiftedExactly, sumsToOne } from './laws.ts';
import { unevenShares } from '../necessary/shares.ts';
import { fields, floats, option } from '../schema.ts';
import { flatMapRows, tensor } from '../tensor.ts';
import { scores } from './worked.ts';
import { anyLogits } from './sizes.ts';

const logits = (values: readonly number[], shape: readonly number[] = [values.length]) => ({
  logits: tensor('float32', shape, values),
});

/**
 * softmax(x)_j = e^(x_j − max x) / Σ_i e^(x_i − max x), over the last axis.
 * A logit of −Infinity gets exactly 0. A row that holds NaN or +Infinity is NaN throughout.
 *
 * @example
 * softmax({ logits: [0, 0] }) // → { probabilities: [0.5, 0.5] }
 */
export const softmax = component({
  family: 'sampling',
  summary: 'Turns scores into probabilities.',
  formula: String.raw`p_j = \frac{e^{x_j - \max x}}{\sum_i e^{x_i - \max x}}`,
  source:
    'Bridle, Probabilistic interpretation of feedforward classification network outputs, 1990; special values: C99 F.9, numerics of PyTorch 2',
  domain:
    'Any logits. A row with NaN or +Infinity is all NaN; −Infinity gives exactly 0; a row of −Infinity alone is an option (emptyRow); an empty axis gives an empty axis.',
  input: fields({
    logits: floats('[..., V]', 'scores, in nats'),
    emptyRow: option(['nan', 'zero'], 'what a row of −Infinity alone gives'),
  }),
  output: fields({ probabilities: floats('[..., V]', 'each row sums to 1') }),
  arbitrary: (level) =>
    fc
      .tuple(leading(level), longLengths(level))
      .chain(([rows, width]) =>
        floatTensor([...rows, width], level === 'edge' ? edgeLogits : elements(level), {
          deviation: 4,
        }),
      )
      .map((tensorOfLogits) => ({ logits: tensorOfLogits })),
  sized: anyLogits,
  parts: rowParts({
    cut: { logits: 1 },
    outputs: ({ logits }) => ({ probabilities: logits.shape.slice(-1) }),
  }),
  necessary: unevenShares,
  invalid: {},
  bound: (a, { input, rounding }) => ({
    probabilities: flatMapRows(input.logits, (row) => {
      const weights = weightErrors(a, rounding, readAll(a, row), storedScores(a, row, rounding));
      return readAll(a, castShares(rounding, weights, probabilitySlacks(rounding, weights)));
    }),
  }),
  boundSource: 'spec/bounds/weights.ts: p_j [(1 + A_j)(1 + ρ)/(1 − D) − 1], elementwise',
  laws: {
    'sums to one': sumsToOne(),
    'is unchanged by adding a constant': metamorphic((input) => {
      const shifted = shiftedExactly(input.logits, 8);
      return shifted && { input: { ...input, logits: shifted }, output: (p) => p };
    }),
    'follows a permutation of the logits': metamorphic((input) => ({
      input: { ...input, logits: reversed(input.logits) },
      output: (p) => reversed(p),
    })),
    'treats each row by itself': metamorphic((input) =>
      blockCount(input.logits) < 2
        ? undefined
        : { input: { ...input, logits: lastBlock(input.logits) }, output: (p) => lastBlock(p) },
    ),
  },
  worked: [scores],
  examples: [
    {
      id: 'worked-example',
      why: 'four scores of an attention row, as in the notes',
      flags: ['ordinary'],
      input: logits([0.247, 0.399, 0.753, 0.488]),
    },
    {
      id: 'all-strongly-negative',
      why: 'a maximum that starts at 0 underflows every weight',
      flags: ['softmax-02'],
      input: logits([-1000, -1001, -1002.5]),
    },
    {
      id: 'first-much-smaller',
      why: 'subtracting the first element overflows',
      flags: ['softmax-03'],
      input: logits([-1000, 0, 1]),
    },
    {
      id: 'large-offset',
      why: 'exponentials of unshifted or prescaled logits lose their digits',
      flags: ['offset'],
      input: logits([10000, 10001, 9999.5]),
    },
    {
      id: 'subnormal-tail',
      why: 'a tail below 2^-126 flushed to zero',
      flags: ['numerics-subnormal-01'],
      input: logits([0, -88, -95, -100]),
    },
    {
      id: 'masked',
      why: 'a masked token must get exactly 0, the others must not notice',
      flags: ['minus-infinity'],
      input: logits([1, -Infinity, 2, -Infinity, 0]),
    },
    {
      id: 'batch',
      why: 'rows normalised together, or along the wrong axis',
      flags: ['axis'],
      input: logits([1, 2, 3, 0, 0, -4], [2, 3]),
    },
    {
      id: 'square-batch',
      why: 'the wrong axis, where the shape does not tell',
      flags: ['axis'],
      input: logits([1, 2, 3, 5], [2, 2]),
    },
    {
      id: 'two',
      why: 'the error of the exponential stands alone when there are two',
      flags: ['exp-accuracy'],
      input: logits([0.3, 1.7]),
    },
  ],
});

const edgeLogits = fc.oneof(
  { weight: 3, arbitrary: elements('edge') },
  { weight: 2, arbitrary: fc.constantFrom(-Infinity, -1000, -88, -100, 1000, 0, 0) },
  { weight: 1, arbitrary: fc.constantFrom(3.3e38, -3.3e38, 60000) },
  { weight: 1, arbitrary: fc.constantFrom(NaN, Infinity, -Infinity, -Infinity) },
);
