import fc, { type Arbitrary } from 'fast-check';
import type { Level } from '../component.ts';
import { mapped } from '../laws.ts';
import { sizeOf, tensor, type IntegerTensor } from '../tensor.ts';
import type { ModelSizes } from './config.ts';
import { drawsOf, type Draws } from './randomWeights.ts';
import type { EncoderLayerWeights } from './weights.ts';

/** The sizes of a model with those of what it is given. */
export interface Sizes extends ModelSizes {
  readonly batch: number;
  readonly length: number;
}

/** Small: a composed bound costs as much as some thirty answers. */
export const modelSizes = (level: Level): Arbitrary<Sizes> =>
  (level === 'scale'
    ? fc.record({
        batch: fc.constant(1),
        context: fc.constantFrom(7, 8, 9),
        spare: fc.constantFrom(0, 1, 3),
        vocabulary: fc.constantFrom(17, 31),
        heads: fc.constantFrom(1, 2, 4),
        headWidth: fc.constantFrom(2, 3),
        layers: fc.constantFrom(1, 2),
        feedForwardWidth: fc.constantFrom(15, 17),
      })
    : fc.record({
        batch: fc.integer({ min: 1, max: 2 }),
        context: fc.integer({ min: 1, max: 5 }),
        spare: fc.nat(1),
        vocabulary: fc.integer({ min: 1, max: 6 }),
        heads: fc.constantFrom(1, 2, 2, 3),
        headWidth: fc.constantFrom(1, 2, 2),
        layers: fc.constantFrom(1, 1, 2),
        feedForwardWidth: fc.integer({ min: 1, max: 5 }),
      })
  ).map(({ spare, headWidth, ...sizes }) => ({
    ...sizes,
    width: sizes.heads * headWidth,
    length: Math.max(1, sizes.context - spare),
  }));

/** The sizes that stand in the configuration. */
export const configOf = ({ batch: _batch, length: _length, ...sizes }: Sizes): ModelSizes => sizes;

/** How weights are drawn: the deviation of tables, and the draws. */
export interface Style {
  readonly deviation: number;
  readonly draws: Draws;
  readonly isBiased: boolean;
}

/** Draws rounded to multiples of a power of two: what comes out is exact or ties more often. */
const rounded = (draws: Draws, step: number): Draws => {
  const round = (x: number) => Math.round(x / step) * step;
  return {
    matrix: (shape) => mapped(draws.matrix(shape), round),
    vector: (length, mean) => mapped(draws.vector(length, mean), round),
    table: (shape, deviation) => mapped(draws.table(shape, deviation), round),
  };
};

/** Ordinary weights; on the edge also ones near 0, whose variance is about epsilon, large ones, and multiples of a half. */
export const styles = (level: Level): Arbitrary<Style> =>
  fc
    .tuple(
      fc.nat({ max: 2 ** 31 }),
      level === 'edge' ? fc.constantFrom(2 ** -8, 1, 1, 8) : fc.constantFrom(0.5, 1),
      level === 'edge' ? fc.constantFrom(0.5, 1, 3) : fc.constantFrom(1, 1.5),
      level === 'edge' ? fc.constantFrom(undefined, 0.5) : fc.constant(undefined),
      fc.constantFrom(true, true, false),
    )
    .map(([seed, deviation, gain, step, isBiased]) => {
      const draws = drawsOf(seed, 'float64', gain);
      return {
        deviation,
        draws: step === undefined ? draws : rounded(draws, Math.min(step, deviation / 2)),
        isBiased,
      };
    });

/** Attention without biases, where there are to be none. */
export const biased = <W extends { readonly layers: readonly EncoderLayerWeights[] }>(
  weights: W,
  isBiased: boolean,
): W =>
  isBiased
    ? weights
    : {
        ...weights,
        layers: weights.layers.map(({ attention, ...layer }) => ({
          ...layer,
          attention: {
            queryWeight: attention.queryWeight,
            keyWeight: attention.keyWeight,
            valueWeight: attention.valueWeight,
            outputWeight: attention.outputWeight,
          },
        })),
      };

/** Numbers below a count, in a shape. */
export const below = (count: number, shape: readonly number[]): Arbitrary<IntegerTensor> =>
  fc
    .array(fc.nat({ max: count - 1 }), { minLength: sizeOf(shape), maxLength: sizeOf(shape) })
    .map((values) => tensor('int32', shape, values));
