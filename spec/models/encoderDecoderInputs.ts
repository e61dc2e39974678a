import fc, { type Arbitrary } from 'fast-check';
import type { Level } from '../component.ts';
import { areRowsOf, sequences } from '../embedding/tokens.ts';
import { booleanTensor, maybe } from '../generate.ts';
import { tensor, type BooleanTensor, type IntegerTensor } from '../tensor.ts';
import { sizeFault, type Fault, type ModelSizes } from './config.ts';
import { biasChoices, chosenBiases, drawsAt, exampleDraws } from './layerInputs.ts';
import { below } from './modelInputs.ts';
import { randomEncoderDecoder } from './randomModels.ts';
import type { EncoderDecoderWeights } from './weights.ts';

type Sizes = Omit<ModelSizes, 'context'>;

/** An encoder and decoder with what it is asked. */
export interface Translation {
  readonly sourceIds: IntegerTensor;
  readonly targetIds: IntegerTensor;
  readonly sourceMask?: BooleanTensor | undefined;
  readonly weights: EncoderDecoderWeights;
  readonly config: Sizes & { readonly epsilon?: number };
}

/** That there are not as many layers as are said, or nothing. */
const stackFault = (
  { layers }: Sizes,
  weights: EncoderDecoderWeights,
  side: 'encoder' | 'decoder',
): readonly Fault[] =>
  weights[side].length === layers
    ? []
    : [
        {
          path: ['weights', side],
          message: `expected ${layers} layers as in config.layers, got ${weights[side].length}`,
        },
      ];

const idsFault = (
  field: string,
  ids: IntegerTensor,
  { tokenTable }: EncoderDecoderWeights,
): readonly Fault[] =>
  areRowsOf(tokenTable, ids)
    ? []
    : [{ path: [field], message: `expected tokens from 0 to ${(tokenTable.shape[0] ?? 0) - 1}` }];

/** Everything that the fields one by one do not say. */
export const translationFaults = ({
  sourceIds,
  targetIds,
  weights,
  config,
}: Translation): readonly Fault[] => {
  const [rows, columns] = weights.tokenTable.shape;
  const hidden = weights.encoder[0]?.feedForward.weight1.shape[1];
  return [
    ...(config.width % config.heads === 0
      ? []
      : [{ path: ['config', 'heads'], message: `expected a divisor of ${config.width}` }]),
    ...sizeFault(config, 'vocabulary', rows, 'the rows of weights.tokenTable'),
    ...sizeFault(config, 'width', columns, 'the columns of weights.tokenTable'),
    ...sizeFault(config, 'feedForwardWidth', hidden, 'the columns of every weight1'),
    ...stackFault(config, weights, 'encoder'),
    ...stackFault(config, weights, 'decoder'),
    ...idsFault('sourceIds', sourceIds, weights),
    ...idsFault('targetIds', targetIds, weights),
  ];
};

const shapes = (level: Level) =>
  level === 'scale'
    ? fc.record({
        batch: fc.constant(1),
        source: fc.constantFrom(2, 4, 5),
        target: fc.constantFrom(3, 4),
        vocabulary: fc.constantFrom(7, 13),
        heads: fc.constant(2),
        headWidth: fc.constantFrom(2, 3),
        layers: fc.constantFrom(1, 2),
        feedForwardWidth: fc.constantFrom(7, 9),
      })
    : fc.record({
        batch: fc.integer({ min: 1, max: 2 }),
        source: fc.integer({ min: 1, max: 3 }),
        target: fc.integer({ min: 1, max: 3 }),
        vocabulary: fc.integer({ min: 1, max: 6 }),
        heads: fc.constantFrom(1, 2),
        headWidth: fc.constantFrom(1, 2, 2, 3),
        layers: fc.constantFrom(1, 1, 1, 2),
        feedForwardWidth: fc.integer({ min: 1, max: 4 }),
      });

const someBiases = (weights: EncoderDecoderWeights, bits: number): EncoderDecoderWeights => ({
  ...weights,
  encoder: weights.encoder.map((layer) => ({
    ...layer,
    attention: chosenBiases(layer.attention, bits),
  })),
  decoder: weights.decoder.map((layer) => ({
    ...layer,
    crossAttention: chosenBiases(layer.crossAttention, bits),
  })),
});

export const translations = (level: Level): Arbitrary<Translation> =>
  fc
    .tuple(
      shapes(level),
      drawsAt(level),
      biasChoices,
      level === 'edge' ? fc.constantFrom(undefined, 0.01, 2) : fc.constant(undefined),
    )
    .chain(([{ batch, source, target, headWidth, ...sizes }, draws, bits, deviation]) => {
      const config = { ...sizes, width: sizes.heads * headWidth };
      return fc.record({
        sourceIds: below(sizes.vocabulary, [batch, source]),
        targetIds: below(sizes.vocabulary, [batch, target]),
        sourceMask: maybe(booleanTensor([batch, source])),
        weights: fc.constant(someBiases(randomEncoderDecoder(draws, config, deviation), bits)),
        config: fc.constantFrom<Translation['config']>(config, config, {
          ...config,
          epsilon: 1e-3,
        }),
      });
    });

/** A model with weights from a seed, and what it is asked. */
const asked = (
  seed: number,
  config: Translation['config'],
  source: readonly (readonly number[])[],
  target: readonly (readonly number[])[],
) =>
  ({
    sourceIds: sequences(source),
    targetIds: sequences(target),
    weights: randomEncoderDecoder(exampleDraws(seed), config),
    config,
  }) satisfies Translation;

/** A model of two layers a side, asked for two sentences. */
export const smallTranslation = asked(
  31,
  { vocabulary: 7, width: 4, layers: 2, heads: 2, feedForwardWidth: 3 },
  [
    [3, 1, 4, 6],
    [5, 2, 0, 0],
  ],
  [
    [0, 2, 6],
    [0, 5, 3],
  ],
);

/** One layer a side. */
export const shallowTranslation = asked(
  41,
  { vocabulary: 5, width: 4, layers: 1, heads: 2, feedForwardWidth: 3 },
  [
    [2, 4, 1],
    [0, 3, 3],
  ],
  [
    [1, 0, 4],
    [2, 2, 3],
  ],
);

/** Heads of a width of two, a source that repeats one token. */
export const repeatedTranslation = asked(
  5,
  { vocabulary: 3, width: 6, layers: 1, heads: 3, feedForwardWidth: 4 },
  [[2, 2, 2, 2, 2]],
  [[1, 1]],
);

/** A width of five. */
export const oddTranslation = asked(
  17,
  { vocabulary: 5, width: 5, layers: 1, heads: 1, feedForwardWidth: 3, epsilon: 0.25 },
  [[0, 4, 1]],
  [[3, 1, 4, 2]],
);

/** The second sentence is two tokens long. */
export const padding = tensor('bool', [2, 4], [1, 1, 1, 1, 1, 1, 0, 0]);
