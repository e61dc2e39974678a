import fc, { type Arbitrary } from 'fast-check';
import { z } from 'zod';
import type { Level } from '../component.ts';
import { floatTensor, ordinary } from '../generate.ts';
import { floats } from '../schema.ts';
import { sizeOf, tensor, type Dtype, type FloatTensor, type Tensor } from '../tensor.ts';

/** What makes one gate of the input and the state before. */
export const gateSchema = z.strictObject({
  inputWeight: floats('[I, H]', 'multiplies the input, x·W'),
  stateWeight: floats('[H, H]', 'multiplies the state before, h·U'),
  bias: floats('[H]', 'is added'),
});
export type GateWeights = z.output<typeof gateSchema>;

export interface CellSizes {
  readonly batch: number;
  readonly inputs: number;
  readonly width: number;
}

export const cellSizes = (level: Level): Arbitrary<CellSizes> =>
  level === 'scale'
    ? fc.record({
        batch: fc.constantFrom(1, 2),
        inputs: fc.constantFrom(7, 16, 33),
        width: fc.constantFrom(8, 17, 31),
      })
    : fc.record({
        batch: fc.integer({ min: 1, max: 3 }),
        inputs: fc.integer({ min: 1, max: 4 }),
        width: fc.integer({ min: 1, max: 4 }),
      });

/** Numbers of a cell: ordinary ones; at the edge such that saturate, ties, and small ones. */
export const cellElements = (level: Level): Arbitrary<Arbitrary<number>> =>
  level === 'edge'
    ? fc.constantFrom(
        fc.integer({ min: -2, max: 2 }),
        ordinary(40),
        fc.constantFrom(0, 1),
        ordinary(2 ** -8),
      )
    : fc.constant(ordinary(2));

export const gateArbitrary = (
  { inputs, width }: CellSizes,
  element: Arbitrary<number>,
): Arbitrary<GateWeights> => {
  const deviation = 1 / Math.sqrt(inputs + width);
  const scaled = element.map((x) => x * deviation);
  return fc.record({
    inputWeight: floatTensor([inputs, width], scaled, { deviation }),
    stateWeight: floatTensor([width, width], scaled, { deviation }),
    bias: floatTensor([width], element),
  });
};

/** One row as a batch of one. */
export const asBatch = <D extends Dtype>(row: Tensor<D>): Tensor<D> => ({
  ...row,
  shape: [1, ...row.shape],
});

/** Numbers of a golden vector, told apart by the step. */
export const cellNumbers = (shape: readonly number[], step: number): FloatTensor =>
  tensor(
    'float32',
    shape,
    Array.from({ length: sizeOf(shape) }, (_, i) => ((((i + 1) * step) % 17) - 8) / 8),
  );

export const gateExample = (
  [inputs, width]: readonly [number, number],
  step: number,
): GateWeights => ({
  inputWeight: cellNumbers([inputs, width], step),
  stateWeight: cellNumbers([width, width], step + 2),
  bias: cellNumbers([width], step + 4),
});
