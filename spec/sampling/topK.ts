import fc from 'fast-check';
import { component } from '../component.ts';
import { rowParts } from '../partsOf.ts';
import { fields, option, positiveInteger } from '../schema.ts';
import { rowsOf, tensor } from '../tensor.ts';
import { keptBound, keptLaws, keptOutput } from './kept.ts';
import { sumsToOne } from './laws.ts';
import { finiteLogits, float32Logits, logitsOf, withInvalidLogits } from './logits.ts';
import { likeliest } from './worked.ts';
import { countedLogits } from './sizes.ts';

const filters = { temperature: 1, tempered: false, topK: 1 };

/** The kth largest finite logit of a row, or the least finite one where there are fewer. */
const lastValue = (row: readonly number[], k: number): number => {
  const finite = row.filter(Number.isFinite).sort((x, y) => y - x);
  return finite[Math.min(k, finite.length) - 1] ?? NaN;
};

/** Why a row's kept tokens are not its k best: compared as stored, so that only equal logits may be told apart either way. */
function refusal(
  row: readonly number[],
  kept: readonly number[],
  k: number,
  ties: 'any' | 'lowestIndex' | 'all',
): string | undefined {
  const last = lastValue(row, k);
  const finite = row.filter(Number.isFinite).length;
  const above = row.filter((x) => x > last).length;
  const room = Math.min(k, finite) - above;
  let tied = 0;
  for (const [j, x] of row.entries()) {
    if (x !== last) {
      if ((kept[j] === 1) !== x > last)
        return `token ${j} is ${kept[j] === 1 ? 'kept' : 'left out'}, and the ${k} best end at ${last}`;
      continue;
    }
    const expected = ties === 'all' || (ties === 'lowestIndex' && tied < room);
    if (ties !== 'any' && (kept[j] === 1) !== expected)
      return `token ${j} ties with the last of the ${k} best: expected kept ${expected} (ties: ${ties})`;
    if (ties !== 'any' || kept[j] === 1) tied += 1;
  }
  return ties === 'any' && tied !== room
    ? `expected ${Math.min(k, finite)} tokens kept, got ${above + tied}`
    : undefined;
}

/**
 * topK(x, k) keeps the k largest logits and renormalises. k over V keeps all; a logit of −Infinity is never kept.
 * Logits are compared as they are stored: no rounding is involved, so only equal ones may be decided either way (ties: any).
 *
 * @example
 * topK({ logits: [1, 3, 2], k: 2 }) // → { kept: [false, true, true], probabilities: [0, 0.7310…, 0.2689…] }
 */
export const topK = component({
  family: 'sampling',
  summary: 'Keeps the k likeliest tokens.',
  formula: String.raw`K = \text{the } k \text{ largest of } x,\quad p_j = \frac{[j \in K]\, e^{x_j}}{\sum_{i \in K} e^{x_i}}`,
  source:
    'Fan, Lewis, Dauphin, Hierarchical neural story generation, 2018, §5.1; ties: ONNX TopK (lowestIndex)',
  domain:
    'Every row has a finite logit, none has NaN or +Infinity; k ≥ 1. Equal logits at the border: any of them, the lowest index, or all, by option.',
  input: fields({
    logits: finiteLogits(),
    k: positiveInteger('how many tokens to keep'),
    ties: option(['any', 'lowestIndex', 'all'], 'which of equal logits at the border are kept'),
  }),
  output: keptOutput,
  arbitrary: (level) =>
    fc.record({
      logits: logitsOf(level),
      k: fc.oneof(fc.integer({ min: 1, max: 6 }), fc.constantFrom(1, 40, 1000)),
    }),
  sized: countedLogits,
  parts: rowParts({
    cut: { logits: 1 },
    outputs: ({ logits }) => ({
      kept: logits.shape.slice(-1),
      probabilities: logits.shape.slice(-1),
    }),
  }),
  invalid: {
    ...withInvalidLogits({ k: 1 }),
    'k is 0': fc.constant({ logits: float32Logits([1, 2, 3]), k: 0 }),
    'k is negative': fc.constant({ logits: float32Logits([1, 2, 3]), k: -1 }),
    'k is no integer': fc.constant({ logits: float32Logits([1, 2, 3]), k: 1.5 }),
  },
  bound: keptBound(() => filters),
  boundSource:
    'the set: none, logits are compared as stored (spec/bounds/filters.ts); probabilities: spec/bounds/weights.ts over the kept tokens, with one more quotient for a softmax that is renormalised',
  admits: (_a, { input, output }) => {
    const kept = rowsOf(output.kept);
    return rowsOf(input.logits)
      .map((row, index) => refusal(row, kept[index] ?? [], input.k, input.ties))
      .find((found) => found !== undefined);
  },
  laws: { 'sums to one': sumsToOne(), ...keptLaws() },
  worked: [likeliest],
  examples: [
    {
      id: 'two-of-four',
      why: 'the k smallest instead of the largest',
      flags: ['classic'],
      input: { logits: float32Logits([1, 3, 2, 0.5]), k: 2 },
    },
    {
      id: 'one',
      why: 'a special path for one token',
      flags: ['index-brute-force-07'],
      input: { logits: float32Logits([0.5, 2, 1]), k: 1 },
    },
    {
      id: 'tied-border',
      why: 'a tie at the border that keeps too many or too few',
      flags: ['ties'],
      input: { logits: float32Logits([2, 1, 1, 1, 0]), k: 2 },
    },
    {
      id: 'over-all',
      why: 'k over the number of tokens',
      flags: ['k-large'],
      input: { logits: float32Logits([0.1, 0.2, -0.3]), k: 50 },
    },
    {
      id: 'over-finite',
      why: 'a masked token kept because k allows it',
      flags: ['minus-infinity'],
      input: { logits: float32Logits([1, -Infinity, 2, -Infinity]), k: 3 },
    },
    {
      id: 'negative',
      why: 'logits compared by magnitude',
      flags: ['absolute'],
      input: { logits: float32Logits([-5, -1, -3, 0.5]), k: 2 },
    },
    {
      id: 'batch',
      why: 'one border for all rows',
      flags: ['axis'],
      input: { logits: tensor('float32', [2, 3], [1, 2, 3, 30, 10, 20]), k: 2 },
    },
  ],
});
