import fc, { type Arbitrary } from 'fast-check';
import type { Level } from '../component.ts';
import { booleanTensor, floatTensor, maybe, ordinary } from '../generate.ts';
import { activationField } from '../layers/feedForward.ts';
import { mapped } from '../laws.ts';
import { floats, option, positiveInteger } from '../schema.ts';
import { tensor, type BooleanTensor, type FloatTensor } from '../tensor.ts';
import { drawsOf, type Draws } from './randomWeights.ts';
import type { AttentionWeights } from './weights.ts';

/** The fields of every layer besides its weights and masks. */
export const layerFields = {
  input: floats('[B, L, D]', 'the tokens'),
  heads: positiveInteger('how many parts the width is cut into'),
  norm: option(
    ['post', 'pre'],
    'whether a sum of residual and sublayer is normalised, or what the sublayer is given',
  ),
  activation: activationField.default('relu'),
};

export const headsDivide = ({
  input,
  heads,
}: {
  readonly input: FloatTensor;
  readonly heads: number;
}): boolean => (input.shape.at(-1) ?? 0) % heads === 0;

export const notDivided = { path: ['heads'], error: 'expected heads to divide the width' };

/** The sizes of a layer's input. */
export interface LayerShape {
  readonly batch: number;
  readonly length: number;
  readonly memory: number;
  readonly heads: number;
  readonly headWidth: number;
  readonly feedForwardWidth: number;
}

export const layerShapes = (level: Level): Arbitrary<LayerShape> =>
  level === 'scale'
    ? fc.record({
        batch: fc.constant(1),
        length: fc.constantFrom(3, 5, 7),
        memory: fc.constantFrom(2, 4, 5),
        heads: fc.constantFrom(2, 3),
        headWidth: fc.constantFrom(2, 3),
        feedForwardWidth: fc.constantFrom(15, 16, 17),
      })
    : fc.record({
        batch: fc.integer({ min: 1, max: 2 }),
        length: fc.integer({ min: 1, max: 3 }),
        memory: fc.integer({ min: 1, max: 3 }),
        heads: fc.constantFrom(1, 2, 2, 3),
        headWidth: fc.constantFrom(1, 2, 2),
        feedForwardWidth: fc.integer({ min: 1, max: 5 }),
      });

/** Tokens: ordinary ones, and at the edge small integers, large numbers, small ones, and rows that are nearly constant. */
export const tokensOf = (
  level: Level,
  shape: readonly [number, number, number],
): Arbitrary<FloatTensor> => {
  if (level !== 'edge') return floatTensor(shape, ordinary(2));
  return fc
    .constantFrom(
      fc.integer({ min: -2, max: 2 }),
      ordinary(30),
      fc.constantFrom(0, 1),
      ordinary(0.01),
    )
    .chain((element) => floatTensor(shape, element));
};

/** Draws whose numbers are multiples of a step, a power of two. */
const coarse = ({ matrix, vector, table }: Draws, step: number): Draws => {
  const stepped = (source: FloatTensor): FloatTensor =>
    mapped(source, (x) => Math.round(x / step) * step);
  return {
    matrix: (shape) => stepped(matrix(shape)),
    vector: (length, mean) => stepped(vector(length, mean)),
    table: (shape, deviation) => stepped(table(shape, deviation)),
  };
};

/** Draws for examples, whose numbers are short to write. */
export const exampleDraws = (seed: number): Draws => coarse(drawsOf(seed, 'float32'), 1 / 64);

/** Where weights come from: a seed, and at the edge large, small and coarse ones. */
export const drawsAt = (level: Level): Arbitrary<Draws> =>
  level === 'edge'
    ? fc
        .tuple(fc.nat(), fc.constantFrom(0.25, 1, 2), fc.boolean())
        .map(([seed, gain, isCoarse]) =>
          isCoarse
            ? coarse(drawsOf(seed, 'float64', 1.5 * gain), 0.5)
            : drawsOf(seed, 'float64', gain),
        )
    : fc.nat().map((seed) => drawsOf(seed));

/** Which of an attention's biases there are: mostly all of them, or none. */
export const biasChoices: Arbitrary<number> = fc.oneof(
  { weight: 2, arbitrary: fc.constant(15) },
  { weight: 1, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 15 }) },
);

/** The biases whose bits are set. */
export const chosenBiases = (attention: AttentionWeights, bits: number): AttentionWeights => ({
  ...attention,
  queryBias: (bits & 1) === 0 ? undefined : attention.queryBias,
  keyBias: (bits & 2) === 0 ? undefined : attention.keyBias,
  valueBias: (bits & 4) === 0 ? undefined : attention.valueBias,
  outputBias: (bits & 8) === 0 ? undefined : attention.outputBias,
});

/** No mask, or one of any shape that broadcasts to [B, L, S]. */
export const masksOf = (
  batch: number,
  length: number,
  keys: number,
): Arbitrary<BooleanTensor | undefined> =>
  maybe(
    fc
      .constantFrom([batch, length, keys], [length, keys], [1, keys], [batch, 1, keys])
      .chain(booleanTensor),
  );

/** What every layer is given besides tokens, weights and masks. */
export const settingsOf = (heads: number) => ({
  heads: fc.constant(heads),
  activation: maybe(fc.constantFrom('relu' as const, 'gelu' as const)),
  epsilon: maybe(fc.constantFrom(1e-5, 1e-3, 0.25)),
});

/** Tokens of an example: eighths from −1 to 1 that repeat late. */
export const exampleTokens = (
  shape: readonly [number, number, number],
  step: number,
): FloatTensor =>
  tensor(
    'float32',
    shape,
    Array.from({ length: shape[0] * shape[1] * shape[2] }, (_, i) => (((i * step) % 17) - 8) / 8),
  );

export const mask = (shape: readonly number[], values: readonly number[]): BooleanTensor =>
  tensor('bool', shape, values);
