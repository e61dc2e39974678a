import fc, { type Arbitrary } from 'fast-check';
import type { Level } from '../component.ts';
import {
  elements,
  floatTensor,
  leading,
  lengths,
  longLengths,
  maybe,
  randomStream,
} from '../generate.ts';
import { sizeOf, tensor, type FloatTensor } from '../tensor.ts';

/** What is multiplied by what, and what is added. */
export interface LinearInput {
  readonly input: FloatTensor;
  readonly weight: FloatTensor;
  readonly bias?: FloatTensor | undefined;
}
/** Integers, halves and quarters: sums that are exact in 24 bits, and in fewer only by luck. */
const exact = fc.integer({ min: -240, max: 240 }).map((x) => x / 4);
const extremes = fc.oneof(
  fc.constantFrom(0, -0, 1, -1, 30000, -30000, 2 ** -14, 2 ** -70, -(2 ** -75), 1.375 * 2 ** -74),
  fc.integer({ min: -1000, max: 1000 }),
);
/** Of one that is NaN or infinite every product matters, those with 0 too. */
const special = fc.constantFrom(NaN, Infinity, -Infinity, 0, 0, 1, -2, 3);

/** Where every element is a small integer, every sum is exact however long. */
const seededIntegers = (shape: readonly number[]): Arbitrary<FloatTensor> =>
  fc.nat().map((seed) => {
    const next = randomStream(seed);
    return tensor(
      'float64',
      shape,
      Array.from({ length: sizeOf(shape) }, () => Math.floor(next() * 33) - 16),
    );
  });

type Draw = (shape: readonly number[]) => Arbitrary<FloatTensor>;

const draws = (level: Level): Arbitrary<Draw> => {
  const from =
    (element: Arbitrary<number>): Draw =>
    (shape) =>
      floatTensor(shape, element);
  if (level === 'core') return fc.constant(from(elements('core')));
  if (level === 'scale') return fc.constantFrom<Draw>(from(elements('core')), seededIntegers);
  return fc.constantFrom(from(exact), from(exact), from(extremes), from(special));
};

/** Inputs of a level: with and without a bias, of no rows and no inputs too. */
export const linearInputs = (level: Level): Arbitrary<LinearInput> =>
  fc
    .tuple(
      level === 'edge' ? fc.constantFrom<readonly number[]>([], [0], [2], [1, 2]) : leading(level),
      level === 'edge' ? fc.nat({ max: 5 }) : longLengths(level, 6),
      level === 'scale' ? lengths('scale').map((n) => Math.min(n, 17)) : lengths(level, 5),
      draws(level),
    )
    .chain(([rows, width, out, draw]) =>
      fc.record({
        input: draw([...rows, width]),
        weight: draw([width, out]),
        bias: maybe(draw([out])),
      }),
    )
    .map(({ bias, ...rest }) => (bias === undefined ? rest : { ...rest, bias }));

/** A golden vector's input: rows of the input, rows of the weights. */
export const example = (
  input: readonly (readonly number[])[],
  weight: readonly (readonly number[])[],
  bias?: readonly number[],
) => ({
  input: tensor('float32', [input.length, weight.length], input.flat()),
  weight: tensor('float32', [weight.length, weight[0]?.length ?? 0], weight.flat()),
  ...(bias === undefined ? {} : { bias: tensor('float32', [bias.length], bias) }),
});

const [two, weights] = [
  tensor('float32', [1, 2], [1, 2]),
  tensor('float32', [2, 3], [1, 2, 3, 4, 5, 6]),
];

/** Inputs that must be rejected. */
export const invalidLinear = {
  'the weights have another height': fc.constant({
    input: two,
    weight: tensor('float32', [3, 2], [1, 2, 3, 4, 5, 6]),
  }),
  'the weights are transposed': fc.constant({
    input: two,
    weight: tensor('float32', [4, 2], [1, 2, 3, 4, 5, 6, 7, 8]),
  }),
  'the bias has another length': fc.constant({
    input: two,
    weight: weights,
    bias: tensor('float32', [2], [1, 2]),
  }),
};
