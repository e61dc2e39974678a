import { logTotalOf } from '../bounds/logTotal.ts';
import { differenceIsExact } from '../bounds/weights.ts';
import type { Arithmetic } from '../arithmetic.ts';
import fc from 'fast-check';
import { component } from '../component.ts';
import { greatestOf } from '../extremes.ts';
import { rowParts } from '../partsOf.ts';
import { elements, floatTensor, leading, longLengths } from '../generate.ts';
import { blockCount, lastBlock, metamorphic, reversed } from '../laws.ts';
import type { Rounding } from '../numerics.ts';
import { fields, floats } from '../schema.ts';
import { flatMapRows } from '../tensor.ts';
import { float32Logits } from './logits.ts';
import { shiftedExactly } from './laws.ts';
import { anyLogits } from './sizes.ts';

/**
 * y_j = (x_j − m) − log Σ e^(x_i − m): δ_j for the subtraction, the logarithm's error, and one more subtraction. Computed as
 * x_j − (m + log Σ) unless `shifted` is declared, that adds u |m + log Σ|.
 */
function rowErrors<N>(
  a: Arithmetic<N>,
  rounding: Rounding,
  values: readonly number[],
): readonly N[] {
  const { shift, value: logTotal, error: ofLog, isExact } = logTotalOf(a, rounding, values);
  const largest = greatestOf(values);
  if (a.compare(ofLog, a.from(Infinity)) === 0) return values.map(() => ofLog);
  const fused = rounding.numerics.algorithm['logSoftmax'] === 'shifted';
  const ofSum =
    fused || isExact
      ? a.from(0)
      : a.multiply(a.from(1.01 * rounding.unit), a.add(a.absolute(a.add(shift, logTotal)), ofLog));
  return values.map((value) => {
    const distance = a.subtract(shift, a.from(value));
    if (value === -Infinity) return a.from(0);
    const ofShift = differenceIsExact(value, largest, rounding)
      ? a.from(0)
      : a.multiply(a.from(rounding.unit), distance);
    const before = a.add(a.add(ofLog, ofSum), ofShift);
    const result = a.add(a.add(distance, a.absolute(logTotal)), before);
    const last =
      isExact && differenceIsExact(value, largest, rounding)
        ? a.from(0)
        : a.multiply(a.from(rounding.unit), result);
    return a.add(before, last);
  });
}

/**
 * logSoftmax(x)_j = x_j − max x − log Σ_i e^(x_i − max x), over the last axis.
 * Keeps its digits where the probability underflows: not the logarithm of a computed softmax.
 *
 * @example
 * logSoftmax({ logits: [0, 0] }) // → { logProbabilities: [-0.6931…, -0.6931…] }
 */
export const logSoftmax = component({
  family: 'sampling',
  summary: 'Turns scores into logarithms of probabilities.',
  formula: String.raw`y_j = x_j - \max x - \log \sum_i e^{x_i - \max x}`,
  source:
    'Blanchard, Higham, Higham, Accurately computing the log-sum-exp and softmax functions, IMA J. Numer. Anal. 41, 2021, eq. 1.4',
  domain:
    'Any logits. A logit of −Infinity gives −Infinity; a row with NaN or +Infinity, or of −Infinity alone, is all NaN.',
  input: fields({ logits: floats('[..., V]', 'scores, in nats') }),
  output: fields({ logProbabilities: floats('[..., V]', 'nats, at most 0') }),
  arbitrary: (level) =>
    fc
      .tuple(leading(level), longLengths(level))
      .chain(([rows, width]) =>
        floatTensor([...rows, width], level === 'edge' ? edgeLogits : elements(level), {
          deviation: 4,
        }),
      )
      .map((logits) => ({ logits })),
  sized: anyLogits,
  parts: rowParts({
    cut: { logits: 1 },
    outputs: ({ logits }) => ({ logProbabilities: logits.shape.slice(-1) }),
  }),
  invalid: {},
  bound: (a, { input, rounding }) => ({
    logProbabilities: flatMapRows(input.logits, (row) => rowErrors(a, rounding, row)),
  }),
  boundSource:
    'Blanchard, Higham, Higham 2021: −log(1 − D) + ρ_log (|log Σ| + D) + δ_j + u |y|; absolute, since relative accuracy near 0 cannot be had',
  laws: {
    'is unchanged by adding a constant': metamorphic((input) => {
      const shifted = shiftedExactly(input.logits, 8);
      return shifted && { input: { logits: shifted }, output: (y) => y };
    }),
    'follows a permutation of the logits': metamorphic((input) => ({
      input: { logits: reversed(input.logits) },
      output: (y) => reversed(y),
    })),
    'treats each row by itself': metamorphic((input) =>
      blockCount(input.logits) < 2
        ? undefined
        : { input: { logits: lastBlock(input.logits) }, output: (y) => lastBlock(y) },
    ),
  },
  examples: [
    {
      id: 'worked-example',
      why: 'four scores of an attention row, as in the notes',
      flags: ['ordinary'],
      input: { logits: float32Logits([0.247, 0.399, 0.753, 0.488]) },
    },
    {
      id: 'deep-tail',
      why: 'the logarithm of a softmax that underflowed is −Infinity',
      flags: ['underflow'],
      input: { logits: float32Logits([1, -149, -999]) },
    },
    {
      id: 'large-offset',
      why: 'subtracting the log-sum-exp of large logits loses their digits',
      flags: ['offset'],
      input: { logits: float32Logits([10000, 10001, 9999.5]) },
    },
    {
      id: 'all-strongly-negative',
      why: 'a maximum that starts at 0 gives the logarithm of 0',
      flags: ['softmax-02'],
      input: { logits: float32Logits([-1000, -1001, -1002.5]) },
    },
    {
      id: 'masked',
      why: 'a masked token is −Infinity, not NaN',
      flags: ['minus-infinity'],
      input: { logits: float32Logits([1, -Infinity, 2]) },
    },
    {
      id: 'batch',
      why: 'the wrong axis, where the shape does not tell',
      flags: ['axis'],
      input: { logits: float32Logits([1, 2, 3, 5], [2, 2]) },
    },
    {
      id: 'near-one',
      why: 'a probability near 1 has a logarithm near 0',
      flags: ['cancellation'],
      input: { logits: float32Logits([12, 0, 0]) },
    },
  ],
});

const edgeLogits = fc.oneof(
  { weight: 3, arbitrary: elements('edge') },
  { weight: 2, arbitrary: fc.constantFrom(-Infinity, -1000, -88, -100, 1000, 0, 0) },
  { weight: 1, arbitrary: fc.constantFrom(NaN, Infinity, -Infinity, -Infinity) },
);
