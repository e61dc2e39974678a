import fc, { type Arbitrary } from 'fast-check';
import type { Level } from '../component.ts';
import {
  elements,
  floatTensor,
  leading,
  lengths,
  longLengths,
  maybe,
  seededNumbers,
} from '../generate.ts';
import { mapped } from '../laws.ts';
import { sizeOf, tensor, type FloatTensor } from '../tensor.ts';

/** An input as it is written. */
export interface NormInput {
  readonly input: FloatTensor;
  readonly gain: FloatTensor;
  readonly bias: FloatTensor;
  readonly epsilon?: number | undefined;
}

const epsilons = (level: Level): Arbitrary<number | undefined> =>
  maybe(
    fc.constantFrom(
      ...(level === 'edge' ? [1e-5, 0.1, 1e-12, 2 ** -10, 1e6] : [1e-5, 0.1, 2 ** -6, 1e-6]),
    ),
  );

const spreads = [
  { mean: 0, deviation: 1 },
  { mean: 3, deviation: 2 },
  { mean: 0, deviation: 3e-3 },
  { mean: 0.5, deviation: 3e-3 },
  { mean: 0, deviation: 1e-4 },
  { mean: 1e4, deviation: 1 },
  { mean: -300, deviation: 0.25 },
];

/** Rows about a mean, close to it or far from 0. */
const spreadInputs = (shape: readonly number[]): Arbitrary<FloatTensor> =>
  fc
    .tuple(fc.constantFrom(...spreads), fc.nat())
    .map(([spread, seed]) => tensor('float64', shape, seededNumbers(seed, sizeOf(shape), spread)));

/** Rows of small integers with their negatives, whose every sum is exact and 0. */
const balancedInputs = (shape: readonly number[]): Arbitrary<FloatTensor> => {
  const width = shape.at(-1) ?? 0;
  return floatTensor(shape, fc.integer({ min: -64, max: 64 })).map((source) =>
    mapped(source, (_, i) => {
      const at = i % width;
      const isPaired = at % 2 === 0 ? at + 1 < width : true;
      const base = Math.round(source.data[i - (at % 2)] ?? 0);
      return isPaired ? (at % 2 === 0 ? base : -base) : 0;
    }),
  );
};

const edgeElements = fc.oneof(
  { weight: 8, arbitrary: elements('edge') },
  { weight: 1, arbitrary: fc.constantFrom(NaN, Infinity, -Infinity, 1e30, -3e38) },
);

const inputsOf = (level: Level, shape: readonly number[]): Arbitrary<FloatTensor> => {
  if (level === 'scale') return fc.oneof(spreadInputs(shape), balancedInputs(shape));
  if (level === 'core')
    return fc.oneof(
      floatTensor(shape, elements('core')),
      spreadInputs(shape),
      balancedInputs(shape),
    );
  return fc.oneof(floatTensor(shape, edgeElements), constantInputs(shape), spreadInputs(shape));
};

const constantInputs = (shape: readonly number[]): Arbitrary<FloatTensor> =>
  fc
    .oneof(fc.constantFrom(0, -0), elements('edge'))
    .map((x) => tensor('float64', shape, new Array<number>(sizeOf(shape)).fill(x)));

/**
 * Inputs for ε = 0. Rows of small integers are left out: their c/√v is rational every now and then, and an output half way between two
 * numbers of a format is one that no enclosure can round.
 */
const inputsWithoutEpsilon = (shape: readonly number[]): Arbitrary<FloatTensor> =>
  fc.oneof(spreadInputs(shape), constantInputs(shape));

const shapesOf = (level: Level): Arbitrary<readonly number[]> =>
  fc
    .tuple(
      leading(level),
      level === 'scale'
        ? longLengths('scale')
        : level === 'edge'
          ? fc.integer({ min: 0, max: 6 })
          : fc.oneof(lengths('core'), fc.constantFrom(7, 8, 16, 31)),
    )
    .map(([rows, width]) => [...rows, width]);

/** Inputs of a layer norm: rows, gain, bias and ε. */
export const normInputs = (level: Level): Arbitrary<NormInput> =>
  shapesOf(level).chain((shape) => {
    const width = [shape.at(-1) ?? 0];
    const plain = fc.constantFrom(1, 1, 2, -1, 0.5, 0, 3);
    const rows = fc.oneof(
      {
        weight: 5,
        arbitrary: fc.record({ input: inputsOf(level, shape), epsilon: epsilons(level) }),
      },
      {
        weight: level === 'edge' ? 1 : 0,
        arbitrary: fc.record({ input: inputsWithoutEpsilon(shape), epsilon: fc.constant(0) }),
      },
    );
    const affine = fc.record({
      gain: fc.oneof(floatTensor(width, elements('core')), floatTensor(width, plain)),
      bias: fc.oneof(floatTensor(width, elements('core')), floatTensor(width, fc.constant(0))),
    });
    return fc.tuple(rows, affine).map(([source, parameters]) => ({ ...source, ...parameters }));
  });
