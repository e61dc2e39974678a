import fc from 'fast-check';
import { z } from 'zod';
import { lossOf, meanLossError, sumError } from '../bounds/crossEntropy.ts';
import { component, type Law } from '../component.ts';
import { differ, inapplicable, metamorphic, rearranged } from '../laws.ts';
import { fields, floats, real } from '../schema.ts';
import { rowsOf, type FloatTensor, type Tensor } from '../tensor.ts';
import { lossParts } from './parts.ts';
import { examples } from './crossEntropyExamples.ts';
import { classesReversed, shifted, tokensReversed, withoutIgnored } from './tokenLaws.ts';
import {
  countedIn,
  isIgnored,
  targetsAreTokens,
  targetsExpected,
  tokenFields,
  tokens,
  tokensOf,
  type Tokens,
} from './tokens.ts';
import { lossSizes } from './sizes.ts';

const reductions = ['mean', 'sum', 'none'] as const;

interface Smoothed extends Tokens {
  readonly labelSmoothing: number;
  readonly reduction: (typeof reductions)[number];
}

/** What `none` gives, added up and divided by the count of the tokens that count, is what `sum` and `mean` give. */
const reducesItsOwnLosses: Law<Smoothed, Smoothed, { readonly loss: FloatTensor }> = async (
  input,
  run,
) => {
  const count = countedIn(input).length;
  const each = await run({ ...input, reduction: 'none' });
  const losses = Array.from(each.output.loss.data);
  const total = losses.reduce((sum, loss) => sum + loss, 0);
  const slack = (each.slack['loss'] ?? []).reduce((sum, own) => sum + own, 0);
  if (count === 0 || !Number.isFinite(total)) return inapplicable;
  for (const [reduction, divisor] of [
    ['sum', 1],
    ['mean', count],
  ] as const) {
    const { output, slack: own } = await run({ ...input, reduction });
    if (Array.from(output.loss.data).includes(Infinity)) return inapplicable;
    const allowed = slack / divisor + (own['loss']?.[0] ?? 0);
    const problem = differ(output.loss.data, [total / divisor], () => allowed);
    if (problem !== undefined) return `${reduction}, ${problem}`;
  }
  return undefined;
};

/** The elements of `none` at some places; of a reduced loss, itself. */
const at =
  ({ reduction }: Smoothed, places: readonly number[]) =>
  (loss: Tensor): Tensor =>
    reduction === 'none' ? rearranged(loss, [places.length], (i) => places[i] ?? NaN) : loss;

/** Neither 0 nor 1 in any format. */
const shares = fc.double({ min: 2 ** -6, max: 1 - 2 ** -6, noNaN: true });

const someRows = [
  [1, 2, 3, 5],
  [0, -1, 4, 2],
];
const someTokens = tokensOf(someRows, [3, 0]);

/**
 * ℓ_i = −Σ_j q_j log softmax(x_i)_j with q = (1 − s) · one-hot(t_i) + s/V, in nats; their mean over the tokens that count, their sum, or each.
 * An ignored token's own loss is 0, whatever its logits; it counts neither in the sum nor in the number that the mean divides by, smoothed or
 * not. The mean over none is NaN. An impossible token costs nothing where its share is 0, and Infinity where it has one.
 *
 * @example
 * crossEntropy({ logits: [[0, 0], [5, 1]], targets: [1, -100], ignoreIndex: -100 }) // → { loss: 0.6931… }
 */
export const crossEntropy = component({
  family: 'training',
  summary: 'Says how surprising the tokens are that came next.',
  formula: String.raw`\ell_i = -\sum_j q_{ij} \log \operatorname{softmax}(x_i)_j,\quad q_{ij} = (1 - s)\,[j = t_i] + \tfrac{s}{V}`,
  source:
    'Szegedy, Vanhoucke, Ioffe, Shlens & Wojna, Rethinking the Inception architecture for computer vision, 2016, §7 (label smoothing); ignored tokens and reductions: PyTorch 2, torch.nn.CrossEntropyLoss',
  domain:
    'Any logits. Where the token that came next has logit −Infinity, or under smoothing any token has, the loss is Infinity; a row with NaN or +Infinity, or of −Infinity alone, is NaN. Over no tokens that count the mean is NaN and the sum 0.',
  input: fields({
    ...tokenFields,
    labelSmoothing: real(
      'a number from 0 to 1',
      (value) => value >= 0 && value <= 1,
      'share of the target that is spread evenly over the vocabulary',
    ).default(0),
    reduction: z.enum(reductions).default('mean').meta({
      description: 'the mean over the tokens that count, the sum, or each loss by itself',
    }),
  }).refine(targetsAreTokens, targetsExpected),
  output: fields({ loss: floats('[...]', 'nats: [] for mean and sum, [N] for none') }),
  arbitrary: (level) =>
    fc
      .tuple(
        tokens(level),
        fc.oneof(
          { weight: 3, arbitrary: fc.constantFrom(undefined, 0) },
          { weight: 3, arbitrary: fc.constantFrom(0.1, 0.25, 0.5, 1) },
          { weight: 1, arbitrary: shares },
        ),
        fc.constantFrom(...reductions),
      )
      .map(([batch, labelSmoothing, reduction]) => ({ ...batch, labelSmoothing, reduction })),
  sized: lossSizes,
  parts: lossParts,
  invalid: {
    'a target is not in the vocabulary': fc.constant(tokensOf(someRows, [3, 4])),
    'a target is negative, and none is ignored': fc.constant(tokensOf(someRows, [3, -100])),
    'a target is negative, and another number is ignored': fc.constant(
      tokensOf(someRows, [-1, 0], -100),
    ),
    'there are fewer targets than rows': fc.constant(tokensOf([...someRows, ...someRows], [3, 0])),
    'labelSmoothing is negative': fc.constant({ ...someTokens, labelSmoothing: -0.1 }),
    'labelSmoothing is over 1': fc.constant({ ...someTokens, labelSmoothing: 1.5 }),
    'labelSmoothing is NaN': fc.constant({ ...someTokens, labelSmoothing: NaN }),
  },
  bound: (a, { input, rounding }) => {
    const { logits, targets, labelSmoothing, reduction } = input;
    const losses = rowsOf(logits).map((row, i) =>
      isIgnored(input, i)
        ? undefined
        : lossOf(a, rounding, row, targets.data[i] ?? NaN, labelSmoothing),
    );
    const counted = losses.filter((loss) => loss !== undefined);
    if (reduction === 'none') return { loss: losses.map((loss) => loss?.error ?? a.from(0)) };
    const reduced = reduction === 'sum' ? sumError : meanLossError;
    return { loss: [reduced(a, rounding, counted, losses.length).error] };
  },
  boundSource:
    'spec/bounds/crossEntropy.ts, after Blanchard, Higham, Higham 2021: [D/(1 − D) + ρ_log (|log Σ| + D) + δ_t](1 + u) + u ℓ, and u |m + log Σ| unless algorithm.crossEntropy is declared fused; smoothing: a mean of such terms; reductions: E (1 + G(h)) + G(h) Σ ℓ',
  laws: {
    'is unchanged by adding a constant to the logits': metamorphic((input) => {
      const moved = shifted(input);
      return moved && { input: moved, output: (source) => source };
    }),
    'is unchanged by leaving out what is ignored': metamorphic((input: Smoothed) => {
      const rest = withoutIgnored(input);
      return rest && { input: rest, output: at(input, countedIn(input)) };
    }),
    'follows a permutation of the tokens': metamorphic((input: Smoothed) => ({
      input: tokensReversed(input),
      output: at(input, Array.from(input.targets.data, (_, i) => i).reverse()),
    })),
    'is unchanged when the vocabulary is numbered anew': metamorphic((input) => ({
      input: classesReversed(input),
      output: (source) => source,
    })),
    'sums and averages its own losses': reducesItsOwnLosses,
  },
  examples,
});
