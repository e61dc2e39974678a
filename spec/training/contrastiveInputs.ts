import fc, { type Arbitrary } from 'fast-check';
import type { Level } from '../component.ts';
import { floatTensor, ordinary } from '../generate.ts';
import { mapped } from '../laws.ts';
import { rowsOf, tensor, type FloatTensor } from '../tensor.ts';

export interface Pairs {
  readonly anchors: FloatTensor;
  readonly positives: FloatTensor;
  readonly temperature: number;
}
/** The vectors, with a 1 put into each that is zero or too small to be told from it: a zero vector has no direction. */
const withDirections = (source: FloatTensor): FloatTensor => {
  const width = source.shape.at(-1) ?? 1;
  const small = rowsOf(source).map((row) => row.every((x) => Math.abs(x) < 2 ** -4));
  return mapped(source, (x, i) => (i % width === 0 && small[Math.floor(i / width)] ? 1 : x));
};

const elementsOf = (level: Level): Arbitrary<Arbitrary<number>> =>
  level === 'edge'
    ? fc.constantFrom(
        fc.integer({ min: -1, max: 1 }),
        fc.integer({ min: -20, max: 20 }),
        ordinary(30),
        fc.constant(1),
      )
    : fc.constant(ordinary());

/** Inputs of a level, without zero vectors. */
export const contrastiveInputs = (level: Level): Arbitrary<Pairs> => {
  const counts = level === 'scale' ? fc.constantFrom(5, 7, 8, 9) : fc.integer({ min: 1, max: 4 });
  const widths =
    level === 'scale' ? fc.constantFrom(7, 15, 16, 17) : fc.integer({ min: 1, max: 5 });
  return fc.tuple(counts, widths, elementsOf(level)).chain(([count, width, element]) => {
    const vectors = floatTensor([count, width], element).map(withDirections);
    return fc.record({
      anchors: vectors,
      positives: vectors,
      temperature: fc.constantFrom(1, 0.5, 0.1, 0.07, 2, 0.25),
    });
  });
};

/** A golden vector's input. */
export const pairs = (
  anchors: readonly (readonly number[])[],
  positives: readonly (readonly number[])[],
  temperature = 1,
): Pairs => ({
  anchors: tensor('float32', [anchors.length, anchors[0]?.length ?? 0], anchors.flat()),
  positives: tensor('float32', [positives.length, positives[0]?.length ?? 0], positives.flat()),
  temperature,
});

export const three = [
  [1, 2, -1],
  [0.5, -1, 2],
  [-2, 0.25, 1],
];
export const others = [
  [0.5, 1, 0.25],
  [1, -1, 1],
  [-1, 2, 0.5],
];
