import fc, { type Arbitrary } from 'fast-check';
import type { Level } from '../component.ts';
import { elements, floatTensor, leading, lengths, ordinary, seededNumbers } from '../generate.ts';
import { sizeOf, tensor, type FloatTensor } from '../tensor.ts';

/** An input as it is written. */
export interface Seeded {
  readonly input: FloatTensor;
  readonly gain: FloatTensor;
  readonly bias: FloatTensor;
  readonly epsilon?: number | undefined;
  readonly outputGradient: FloatTensor;
}
const spreads = [
  { mean: 0, deviation: 1 },
  { mean: 3, deviation: 2 },
  { mean: 0.5, deviation: 3e-3 },
  { mean: 0, deviation: 1e-4 },
  { mean: -300, deviation: 0.25 },
];

/** Rows about a mean, close to it or far from 0; small integers; and rows of one repeated number. */
const inputsOf = (level: Level, shape: readonly number[]): Arbitrary<FloatTensor> => {
  const spread = fc
    .tuple(fc.constantFrom(...spreads), fc.nat())
    .map(([kind, seed]) => tensor('float64', shape, seededNumbers(seed, sizeOf(shape), kind)));
  const constant = fc
    .constantFrom(0, 1, -3, 0.1, 300)
    .map((x) => tensor('float64', shape, new Array<number>(sizeOf(shape)).fill(x)));
  const integers = floatTensor(shape, fc.integer({ min: -8, max: 8 }));
  return level === 'edge'
    ? fc.oneof(spread, constant, integers, floatTensor(shape, ordinary(1000)))
    : fc.oneof(spread, floatTensor(shape, elements('core')));
};

const shapesOf = (level: Level): Arbitrary<readonly number[]> =>
  fc
    .tuple(
      level === 'scale'
        ? fc.constantFrom<readonly number[]>([3], [5], [2, 3], [17])
        : level === 'edge'
          ? fc.constantFrom<readonly number[]>([], [0], [3], [2, 2])
          : leading(level),
      level === 'scale' ? fc.constantFrom(7, 16, 31, 33) : lengths(level),
    )
    .map(([rows, width]) => [...rows, width]);

const gradientsOf = (level: Level): Arbitrary<number> =>
  level === 'edge'
    ? fc.oneof(fc.integer({ min: -240, max: 240 }), fc.constantFrom(0, 0, 1, -1))
    : elements('core');

/** Inputs of a level. */
export const normGradientInputs = (level: Level): Arbitrary<Seeded> =>
  shapesOf(level).chain((shape) => {
    const width = [shape.at(-1) ?? 0];
    return fc.record({
      input: inputsOf(level, shape),
      gain: fc.oneof(
        floatTensor(width, elements('core')),
        floatTensor(width, fc.constantFrom(1, 1, 2, -1, 0)),
      ),
      bias: floatTensor(width, elements('core')),
      epsilon: fc.constantFrom(undefined, 1e-5, 0.1, 2 ** -6, 1e-6),
      outputGradient: floatTensor(shape, gradientsOf(level)),
    });
  });

export const vector = (values: readonly number[]) => tensor('float32', [values.length], values);

/** Rows of one width, with gains that no two of which are alike, and gradients without a pattern. */
export const seeded = (
  rows: readonly (readonly number[])[],
  { epsilon, shape }: { readonly epsilon?: number; readonly shape?: readonly number[] } = {},
): Seeded => {
  const width = rows[0]?.length ?? 0;
  const full = shape ?? [rows.length, width];
  return {
    input: tensor('float32', full, rows.flat()),
    gain: vector(Array.from({ length: width }, (_, i) => 1 + i / 4)),
    bias: vector(Array.from({ length: width }, (_, i) => (i % 3) - 0.75)),
    epsilon,
    outputGradient: tensor(
      'float32',
      full,
      rows.flat().map((_, i) => (((i + 1) * 7) % 11) - 4),
    ),
  };
};
