import fc, { type Arbitrary } from 'fast-check';
import { penalizedError } from '../bounds/penalty.ts';
import { component, type Level } from '../component.ts';
import { elements, floatTensor, longLengths } from '../generate.ts';
import { differ, inapplicable, mapped, metamorphic, reversed } from '../laws.ts';
import { fields, floats, integers, real } from '../schema.ts';
import { tensor, type FloatTensor, type IntegerTensor } from '../tensor.ts';
import { penalised } from './sizes.ts';

interface Penalized {
  readonly logits: FloatTensor;
  readonly seen: IntegerTensor;
  readonly penalty: number;
}

const penalized = (
  logits: readonly number[],
  seen: readonly number[],
  penalty: number,
): Penalized => ({
  logits: tensor('float32', [logits.length], logits),
  seen: tensor('int32', [seen.length], seen),
  penalty,
});

const edgeLogits = fc.oneof(
  { weight: 3, arbitrary: elements('edge') },
  { weight: 1, arbitrary: fc.constantFrom(-Infinity, 0, -0, 1000, -1000, 2 ** -127) },
);

/** Often the same token again and again, sometimes none at all. */
const seenOf = (width: number, level: Level): Arbitrary<readonly number[]> => {
  const id = fc.nat({ max: width - 1 });
  const few = fc.array(fc.constantFrom(0, width - 1, width >> 1), { maxLength: 9 });
  return level === 'scale'
    ? fc.array(id, { minLength: 20, maxLength: 200 })
    : fc.oneof(fc.array(id, { minLength: 1, maxLength: 9 }), few);
};

const penalties = fc.oneof(
  fc.constantFrom(1.2, 1.1, 1.3, 2, 0.5, 1, 1.5, 3, 4, 0.9),
  fc.double({ min: 0.25, max: 5, noNaN: true }),
);

const inputs = (level: Level): Arbitrary<Penalized> =>
  longLengths(level).chain((width) =>
    fc.record({
      logits: floatTensor([width], level === 'edge' ? edgeLogits : elements(level), {
        deviation: 4,
      }),
      seen: seenOf(width, level).map((ids) => tensor('int32', [ids.length], ids)),
      penalty: penalties,
    }),
  );

const areTokens = ({ logits, seen }: Penalized): boolean =>
  Array.from(seen.data).every((id) => Number.isInteger(id) && id >= 0 && id < logits.data.length);

/**
 * y_j = x_j / p where x_j > 0 and x_j · p otherwise, for every token j that was seen; the others stay, bit for bit.
 * Once for each distinct token, however often it was seen. A quotient alone would raise negative logits. Not invariant: adding a constant to all
 * logits, which no softmax notices, changes what this does. A logit of −Infinity stays.
 *
 * @example
 * repetitionPenalty({ logits: [3, -1, 2], seen: [0, 1, 0], penalty: 2 }) // → { logits: [1.5, -2, 2] }
 */
export const repetitionPenalty = component({
  family: 'sampling',
  summary: 'Makes tokens that were already there less probable.',
  formula: String.raw`y_j = \begin{cases} x_j / p & j \in S,\ x_j > 0 \\ x_j \, p & j \in S,\ x_j \le 0 \\ x_j & j \notin S \end{cases}`,
  source:
    'Keskar et al., CTRL: a conditional transformer language model, 2019, §4.1; the product for negative logits: Hugging Face transformers, RepetitionPenaltyLogitsProcessor',
  domain:
    'Finite logits, or −Infinity; tokens from 0 to V − 1, also none; a finite penalty above 0 (below 1 it favours what was seen).',
  input: fields({
    logits: floats('[V]', 'scores, in nats'),
    seen: integers('[S]', 'the tokens so far, in any order and as often as they were there'),
    penalty: real('a finite number > 0', (p) => p > 0 && p < Infinity, '1 changes nothing'),
  }).refine(areTokens, { path: ['seen'], error: 'expected tokens from 0 to V − 1' }),
  output: fields({ logits: floats('[V]', 'scores, in nats') }),
  arbitrary: (level) => inputs(level),
  sized: penalised,
  invalid: {
    'the penalty is 0': fc.constant(penalized([1, -2, 3], [0], 0)),
    'the penalty is negative': fc.constant(penalized([1, -2, 3], [0], -1.5)),
    'the penalty is NaN': fc.constant(penalized([1, -2, 3], [0], NaN)),
  },
  bound: (a, { input: { logits, seen, penalty }, rounding }) => {
    const tokens = new Set(seen.data);
    return {
      logits: Array.from(logits.data, (logit, j) =>
        a.from(tokens.has(j) ? penalizedError(rounding, logit, penalty) : 0),
      ),
    };
  },
  boundSource:
    'spec/numerics.ts: |y| times the roundings of penalty and quotient or product; 0 for tokens that were not seen, for powers of two and for products that the format holds',
  laws: {
    'ignores how often a token was seen': metamorphic((input) => ({
      input: {
        ...input,
        seen: tensor(
          'int32',
          [2 * input.seen.data.length],
          [...input.seen.data, ...Array.from(input.seen.data).toReversed()],
        ),
      },
      output: (source) => source,
    })),
    'follows a permutation of the tokens': metamorphic((input) => ({
      input: {
        ...input,
        logits: reversed(input.logits),
        seen: mapped(input.seen, (id) => input.logits.data.length - 1 - id),
      },
      output: (source) => reversed(source),
    })),
    'leaves the other tokens as they are': async (input, run) => {
      const { output } = await run(input);
      const tokens = new Set(input.seen.data);
      const others = [...input.logits.data.keys()].filter((j) => !tokens.has(j));
      if (others.length === 0) return inapplicable;
      const pick = ({ data }: FloatTensor) => others.map((j) => data[j] ?? NaN);
      return differ(pick(output.logits), pick(input.logits), () => 0);
    },
    'raises no seen token where the penalty is above one': async (input, run) => {
      if (input.penalty < 1) return inapplicable;
      const { output, slack } = await run(input);
      const raised = Array.from(output.logits.data).findIndex(
        (y, j) => y > (input.logits.data[j] ?? NaN) + 2 * (slack['logits']?.[j] ?? 0),
      );
      return raised < 0 ? undefined : `token ${raised}`;
    },
  },
  examples: [
    {
      id: 'both-signs',
      why: 'negative logits divided, which raises them, or positive ones multiplied',
      flags: ['ordinary', 'negative-logits'],
      input: penalized([3, -1, 2, -4, 0.5], [0, 1, 3], 2),
    },
    {
      id: 'seen-often',
      why: 'a penalty for every time that a token was there',
      flags: ['duplicates'],
      input: penalized([5, -3, 2, 7], [0, 0, 1, 0, 1], 1.25),
    },
    {
      id: 'usual',
      why: 'a penalty that no format holds; one that is kept in fewer bits, or subtracted',
      flags: ['low-precision-input'],
      input: penalized([2.75, -1.625, 10.5, -7.0625, 0.3], [4, 2, 1], 1.2),
    },
    {
      id: 'first-and-last',
      why: 'tokens counted from one, or one end of what was seen left out',
      flags: ['off-by-one'],
      input: penalized([1.5, 2.5, -3.5, 4.5], [3, 1, 0], 1.5),
    },
    {
      id: 'below-one',
      why: 'a penalty below 1 raised to 1',
      flags: ['below-one'],
      input: penalized([3, -2, 1, -5], [0, 1], 0.5),
    },
    {
      id: 'excluded',
      why: 'an excluded token, and zeros, which no factor changes',
      flags: ['minus-infinity', 'zero'],
      input: penalized([-Infinity, 0, 4, -Infinity, -2], [0, 1, 2], 1.3),
    },
    {
      id: 'far-from-zero',
      why: 'logits shifted or normalised first, as a softmax may',
      flags: ['offset'],
      input: penalized([100, 101, -100, 99], [1, 2], 1.25),
    },
  ],
});
