import fc from 'fast-check';
import { lossOf, meanLossError, powerError } from '../bounds/crossEntropy.ts';
import { component, type Law } from '../component.ts';
import { differ, inapplicable, mapped, metamorphic } from '../laws.ts';
import { fields, floats } from '../schema.ts';
import { rowsOf, type FloatTensor } from '../tensor.ts';
import { classesReversed, shifted, tokensAt, tokensReversed, withoutIgnored } from './tokenLaws.ts';
import {
  countedIn,
  targetsAreTokens,
  targetsExpected,
  tokenFields,
  tokens,
  tokensOf,
  type Tokens,
} from './tokens.ts';
import { perplexitySizes } from './sizes.ts';

/** A model that knows nothing chooses among V. */
const countsEquallyLikelyTokens: Law<Tokens, Tokens, { readonly perplexity: FloatTensor }> = async (
  input,
  run,
) => {
  if (countedIn(input).length === 0) return inapplicable;
  const { output, slack } = await run({ ...input, logits: mapped(input.logits, () => 0.5) });
  return differ(
    output.perplexity.data,
    [input.logits.shape[1] ?? 0],
    () => slack['perplexity']?.[0] ?? 0,
  );
};

const rows = [
  [0.5, -1.25, 2, 0.75],
  [1.5, 0.25, -0.5, 3],
  [-2, 1, 0.125, 0.625],
  [4, 2.5, -1, 0],
];

/**
 * e^(mean of −log softmax(x_i)_{t_i}), over the tokens that are not ignored: among how many equally likely tokens one would be as uncertain.
 * The exponential of the mean, not the mean of exponentials: it differs from batch to batch, and is not the mean of their perplexities.
 * NaN where every token is ignored; Infinity where one that counts was impossible.
 *
 * @example
 * perplexity({ logits: [[0, 0, 0], [7, 7, 7]], targets: [2, 0] }) // → { perplexity: 3 }
 */
export const perplexity = component({
  family: 'training',
  summary: 'Says among how many tokens a model hesitates.',
  formula: String.raw`\exp\Bigl(-\frac{1}{|C|} \sum_{i \in C} \log \operatorname{softmax}(x_i)_{t_i}\Bigr)`,
  source:
    'Jelinek, Mercer, Bahl & Baker, Perplexity – a measure of the difficulty of speech recognition tasks, J. Acoust. Soc. Am. 62, 1977',
  domain:
    'Any logits; from 1 on. Where a token that counts has logit −Infinity: Infinity; a row that counts with NaN or +Infinity, or of −Infinity alone: NaN; no token that counts: NaN. Beyond the format: Infinity.',
  input: fields(tokenFields).refine(targetsAreTokens, targetsExpected),
  output: fields({ perplexity: floats('[]', 'e^(mean cross-entropy in nats)') }),
  arbitrary: (level) => tokens(level),
  sized: perplexitySizes,
  invalid: {
    'a target is not in the vocabulary': fc.constant(tokensOf(rows, [3, 4, 0, 0])),
    'a target is negative, and none is ignored': fc.constant(tokensOf(rows, [3, -1, 0, 0])),
    'there are fewer targets than rows': fc.constant(tokensOf(rows, [3, 0])),
  },
  bound: (a, { input, rounding }) => {
    const all = rowsOf(input.logits);
    const counted = countedIn(input).map((i) =>
      lossOf(a, rounding, all[i] ?? [], input.targets.data[i] ?? NaN, 0),
    );
    return {
      perplexity: [powerError(a, rounding, meanLossError(a, rounding, counted, all.length))],
    };
  },
  boundSource:
    'spec/bounds/crossEntropy.ts: e^μ [e^E (1 + ε) − 1], with E the error of the mean cross-entropy and ε that of the exponential at μ',
  laws: {
    'is unchanged by adding a constant to the logits': metamorphic((input) => {
      const moved = shifted(input);
      return moved && { input: moved, output: (source) => source };
    }),
    'is unchanged by leaving out what is ignored': metamorphic((input) => {
      const rest = withoutIgnored(input);
      return rest && { input: rest, output: (source) => source };
    }),
    'is unchanged by repeating every token': metamorphic((input) => ({
      input: tokensAt(
        input,
        Array.from(input.targets.data, (_, i) => i).flatMap((i) => [i, i]),
      ),
      output: (source) => source,
    })),
    'is unchanged by a permutation of the tokens': metamorphic((input) => ({
      input: tokensReversed(input),
      output: (source) => source,
    })),
    'is unchanged when the vocabulary is numbered anew': metamorphic((input) => ({
      input: classesReversed(input),
      output: (source) => source,
    })),
    'counts the tokens where all are equally likely': countsEquallyLikelyTokens,
  },
  examples: [
    {
      id: 'worked-example',
      why: 'the exponential of the sum, the mean of exponentials, or a power of two',
      flags: ['ordinary'],
      input: tokensOf(rows, [2, 0, 1, 3]),
    },
    {
      id: 'ignoring',
      why: 'ignored tokens in the losses or in the count',
      flags: ['ignored', 'cross-entropy-loss-04', 'cross-entropy-loss-06'],
      input: tokensOf(rows, [2, -100, 0, -100], -100),
    },
    {
      id: 'ignored-in-the-vocabulary',
      why: 'a padding token that is a number like any other is ignored too; only −100 is not',
      flags: ['ignored', 'padding'],
      input: tokensOf(rows, [0, 3, 0, 1], 0),
    },
    {
      id: 'ignored-not-finite',
      why: 'what stands in an ignored row reaches the mean by a product with 0',
      flags: ['ignored', 'nan', 'infinity'],
      input: tokensOf(
        [
          [NaN, 0, 1],
          [1, 2.5, -1],
          [Infinity, -Infinity, 0],
        ],
        [-1, 0, -1],
        -1,
      ),
    },
    {
      id: 'all-ignored',
      why: 'the mean over no tokens is NaN, not 0, whose exponential is 1',
      flags: ['ignored', 'empty'],
      input: tokensOf(rows, [-100, -100, -100, -100], -100),
    },
    {
      id: 'large-offset',
      why: 'exponentials of unshifted logits overflow',
      flags: ['offset'],
      input: tokensOf(
        [
          [10000, 10001, 9999.5],
          [100, 98, 101],
        ],
        [0, 1],
      ),
    },
    {
      id: 'very-surprised',
      why: 'a loss that is clipped, or the logarithm of a probability that underflowed',
      flags: ['underflow'],
      input: tokensOf(
        [
          [0, 150, 3],
          [2, 1, -4],
        ],
        [0, 1],
      ),
    },
    {
      id: 'beyond-the-format',
      why: 'e^200, which float32 has no number for, is Infinity there, not the largest number',
      flags: ['overflow'],
      input: tokensOf([[0, 200]], [0]),
    },
    {
      id: 'impossible-others',
      why: 'a product of a zero share with the logarithm of 0 is NaN; so is a tile of −Infinity alone',
      flags: ['minus-infinity', 'attention-sdpa-12'],
      input: tokensOf(
        [
          [-Infinity, -Infinity, 1, 3],
          [2, -Infinity, -Infinity, 0.5],
        ],
        [2, 3],
      ),
    },
    {
      id: 'impossible-target',
      why: 'a token that was excluded came next',
      flags: ['minus-infinity'],
      input: tokensOf(
        [
          [1, -Infinity, 2],
          [1, 0, 2],
        ],
        [1, 1],
      ),
    },
  ],
});
