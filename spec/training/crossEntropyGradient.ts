import fc, { type Arbitrary } from 'fast-check';
import { z } from 'zod';
import { component, type Law, type Level } from '../component.ts';
import { elements, floatTensor } from '../generate.ts';
import { differ, inapplicable, mapped, metamorphic, rearranged, reversed } from '../laws.ts';
import { fields, floats, real } from '../schema.ts';
import { tensor, type FloatTensor } from '../tensor.ts';
import { lossGradientParts } from './parts.ts';
import { gradientExamples } from './crossEntropyGradientExamples.ts';
import {
  doublesWithOutputGradient,
  rowsSumToZero,
  vanishesWithOutputGradient,
} from './gradientLaws.ts';
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
import { lossGradientSizes } from './sizes.ts';

const reductions = ['mean', 'sum', 'none'] as const;

interface Seeded extends Tokens {
  readonly labelSmoothing: number;
  readonly reduction: (typeof reductions)[number];
  readonly outputGradient: FloatTensor;
}
type Gradient = { readonly logitsGradient: FloatTensor };

/** The gradient of a loss has its shape: that of the targets, or of a number. */
const hasShapeOfLoss = ({
  reduction,
  targets,
  outputGradient,
}: Pick<Seeded, 'reduction' | 'targets' | 'outputGradient'>): boolean =>
  reduction === 'none'
    ? outputGradient.shape.length === 1 && outputGradient.shape[0] === targets.shape[0]
    : outputGradient.shape.length === 0;

const gradientElements = (level: Level): Arbitrary<number> =>
  level === 'edge'
    ? fc.oneof(fc.constantFrom(1, 1, -1, 2, 0.5, 3, 0), fc.integer({ min: -1000, max: 1000 }))
    : fc.oneof(fc.constant(1), elements('core'));

const inputs = (level: Level): Arbitrary<Seeded> =>
  fc
    .tuple(
      tokens(level).filter(({ logits }) => logits.data.length <= 512),
      fc.oneof(
        { weight: 3, arbitrary: fc.constant(0) },
        { weight: 3, arbitrary: fc.constantFrom(0.1, 0.25, 0.5, 1) },
        { weight: 1, arbitrary: fc.double({ min: 2 ** -10, max: 1, noNaN: true }) },
      ),
      fc.constantFrom(...reductions),
    )
    .chain(([batch, labelSmoothing, reduction]) =>
      floatTensor(reduction === 'none' ? batch.targets.shape : [], gradientElements(level)).map(
        (outputGradient) => ({ ...batch, labelSmoothing, reduction, outputGradient }),
      ),
    );

/** The gradients of some tokens, where each loss has its own. */
const seedsAt = ({ reduction, outputGradient }: Seeded, places: readonly number[]): FloatTensor =>
  reduction === 'none'
    ? rearranged(outputGradient, [places.length], (i) => places[i] ?? NaN)
    : outputGradient;

/** The rows of some places. */
const rowsAt = (source: FloatTensor, places: readonly number[]): FloatTensor => {
  const width = source.shape[1] ?? 0;
  return rearranged(
    source,
    [places.length, width],
    (i) => (places[Math.floor(i / width)] ?? NaN) * width + (i % width),
  );
};

/** What an ignored row holds does not matter, and its gradient is 0. */
const ignoresWhatIsIgnored: Law<Seeded, Seeded, Gradient> = metamorphic((source) =>
  countedIn(source).length === source.targets.data.length
    ? undefined
    : {
        input: {
          ...source,
          logits: mapped(source.logits, (x, i) =>
            isIgnored(source, Math.floor(i / (source.logits.shape[1] ?? 1))) ? 1 : x,
          ),
        },
        output: (gradient) => gradient,
      },
);

const someRows = [
  [1, 2, 3, 5],
  [0, -1, 4, 2],
];
const one = tensor('float32', [], [1]);
const someTokens = { ...tokensOf(someRows, [3, 0]), outputGradient: one };

/**
 * ∂/∂x_ij = g (p_ij − q_ij) / n with p = softmax(x), q = (1 − s) · one-hot + s/V and n the number of tokens that count for `mean`, 1 for `sum`; for `none` with each
 * token's own g_i. A token that is ignored has exactly 0, whatever its logits. Where all are ignored under `mean`, the loss is NaN and the
 * gradient may be zeros or NaN. An impossible token that came next has −g/n: the loss is Infinity, its gradient is not.
 *
 * @example
 * crossEntropyGradient({ logits: [[0, 0], [5, 1]], targets: [1, -100], ignoreIndex: -100, reduction: 'none', outputGradient: [2, 1] }) // → { logitsGradient: [[1, -1], [0, 0]] }
 */
export const crossEntropyGradient = component({
  family: 'training',
  summary: 'How the scores should move so that the tokens that came next surprise less.',
  formula: String.raw`\partial x_{ij} = \tfrac{g}{n}\,(p_{ij} - q_{ij}),\quad p = \operatorname{softmax}(x),\ q_{ij} = (1 - s)\,[j = t_i] + \tfrac{s}{V}`,
  source:
    'Bridle, Training stochastic model recognition algorithms as networks can lead to maximum mutual information estimation of parameters, 1990; Szegedy et al., Rethinking the Inception architecture for computer vision, 2016, §7 (∂ℓ/∂z = p − q)',
  domain:
    'Any logits, a finite output gradient of the shape of the loss. A row with NaN or +Infinity, or of −Infinity alone, is NaN; ignored rows are 0. Of a gradient that overflows when it is multiplied nothing is said.',
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
    outputGradient: floats('[...]', 'of what comes after, by the loss: [], or [N] for none'),
  })
    .refine(targetsAreTokens, targetsExpected)
    .refine(hasShapeOfLoss, {
      path: ['outputGradient'],
      error: 'expected the shape of the loss: [], or [N] for none',
    }),
  output: fields({ logitsGradient: floats('[N, V]', 'each row sums to 0') }),
  arbitrary: inputs,
  sized: lossGradientSizes,
  parts: lossGradientParts,
  invalid: {
    'a target is not in the vocabulary': fc.constant({
      ...someTokens,
      targets: tensor('int32', [2], [3, 4]),
    }),
    'a target is negative, and none is ignored': fc.constant({
      ...someTokens,
      targets: tensor('int32', [2], [3, -100]),
    }),
    'there are fewer targets than rows': fc.constant({
      ...tokensOf([...someRows, ...someRows], [3, 0]),
      outputGradient: one,
    }),
    'labelSmoothing is over 1': fc.constant({ ...someTokens, labelSmoothing: 1.5 }),
    'labelSmoothing is NaN': fc.constant({ ...someTokens, labelSmoothing: NaN }),
    'the loss is a number and its gradient is not': fc.constant({
      ...someTokens,
      reduction: 'sum',
      outputGradient: tensor('float32', [2], [1, 1]),
    }),
    'there is a loss for each token and one gradient': fc.constant({
      ...someTokens,
      reduction: 'none',
    }),
  },
  bound: 'composed',
  boundSource:
    'composed: the errors of a softmax, or of the exponential of a log-softmax (spec/bounds/weights.ts and crossEntropy.ts), and (p − q) g / n in every equivalent form (spec/bounds/crossEntropyGradient.ts), carried on by reference/arithmetics/deviating.ts',
  alsoRight: (input, _field, _index, actual) =>
    Number.isNaN(actual) && input.reduction === 'mean' && countedIn(input).length === 0,
  laws: {
    'sums to zero for each token': rowsSumToZero(),
    'doubles with the output gradient': doublesWithOutputGradient(),
    'vanishes with the output gradient': vanishesWithOutputGradient(),
    'does not depend on what is ignored': ignoresWhatIsIgnored,
    'is unchanged by adding a constant to the logits': metamorphic((input) => {
      const moved = shifted(input);
      return moved && { input: moved, output: (gradient) => gradient };
    }),
    'is unchanged by leaving out what is ignored': async (input, run) => {
      const rest = withoutIgnored(input);
      if (rest === undefined) return inapplicable;
      const places = countedIn(input);
      const all = await run(input);
      const own = await run({ ...rest, outputGradient: seedsAt(input, places) });
      const slack = {
        ...all.output.logitsGradient,
        data: all.slack['logitsGradient'] ?? [],
        dtype: 'float64',
      } as const;
      const allowed = rowsAt(slack, places).data;
      return differ(
        rowsAt(all.output.logitsGradient, places).data,
        own.output.logitsGradient.data,
        (i) => (allowed[i] ?? 0) + (own.slack['logitsGradient']?.[i] ?? 0),
      );
    },
    'follows a permutation of the tokens': metamorphic((input) => ({
      input: {
        ...tokensReversed(input),
        outputGradient:
          input.reduction === 'none' ? reversed(input.outputGradient) : input.outputGradient,
      },
      output: (gradient) => reversed(gradient, -2),
    })),
    'follows a new numbering of the vocabulary': metamorphic((input) => ({
      input: classesReversed(input),
      output: (gradient) => reversed(gradient),
    })),
  },
  examples: gradientExamples,
});
