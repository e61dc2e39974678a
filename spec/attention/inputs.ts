import fc, { type Arbitrary } from 'fast-check';
import { z } from 'zod';
import type { Level } from '../component.ts';
import { booleanTensor, extreme, floatTensor, maybe, ordinary } from '../generate.ts';
import { booleans, floats, option, real } from '../schema.ts';
import { sizeOf, tensor, type BooleanTensor, type FloatTensor } from '../tensor.ts';

/** The fields that attention and its weights have in common. */
export const attentionFields = {
  query: floats('[..., Lq, D]', 'what is looked for'),
  key: floats('[..., Lk, D]', 'what is looked at'),
  mask: booleans('[..., Lq, Lk]', 'true: may attend; broadcasts', { broadcast: true }).optional(),
  causal: z.boolean().default(false).meta({ description: 'whether a query sees no key after it' }),
  scale: real(
    'a finite number',
    Number.isFinite,
    'factor of the scores; 1/√D where left out',
  ).optional(),
  alignment: option(['bottomRight', 'topLeft'], 'which corners a causal mask joins'),
  emptyRow: option(['zero', 'nan'], 'what a query gives that may attend to nothing'),
  maskedValues: option(
    ['isolated', 'leak'],
    'whether NaN and infinities in masked slots may reach the output',
  ),
};

/** The sizes of one attention. */
export interface Sizes {
  readonly leading: readonly number[];
  readonly queries: number;
  readonly keys: number;
  readonly width: number;
  readonly valueWidth: number;
}

const small = fc.integer({ min: 1, max: 5 });
const widths = fc.constantFrom(1, 2, 3, 4, 8);

export const attentionSizes = (level: Level): Arbitrary<Sizes> =>
  level === 'scale'
    ? fc.record({
        leading: fc.constant<readonly number[]>([]),
        queries: fc.constantFrom(1, 7, 16, 17),
        keys: fc.constantFrom(15, 16, 17, 31, 33, 64, 65),
        width: fc.constantFrom(8, 16, 31, 64),
        valueWidth: fc.constantFrom(3, 8),
      })
    : fc.record({
        leading: fc.constantFrom<readonly number[]>([], [], [2], [2, 2], [1]),
        queries: small,
        keys:
          level === 'edge'
            ? fc.oneof(
                { weight: 12, arbitrary: fc.integer({ min: 1, max: 9 }) },
                { weight: 1, arbitrary: fc.constant(0) },
              )
            : small,
        width: widths,
        valueWidth: fc.integer({ min: 1, max: 3 }),
      });

/** Elements that make different kinds of scores: ordinary, tied integers, strongly spread, large. */
export const attentionElements = (level: Level): Arbitrary<Arbitrary<number>> =>
  level === 'edge'
    ? fc.constantFrom(
        fc.integer({ min: -1, max: 1 }),
        fc.constantFrom(0, 1, 2, -3, 20, -30),
        extreme(2 ** 10),
        ordinary(40),
        fc.constant(1),
      )
    : fc.constant(ordinary());

/** Masks that broadcast in several ways, some of whose rows allow nothing; and none. */
export const masks = ({ leading, queries, keys }: Sizes): Arbitrary<BooleanTensor | undefined> =>
  maybe(
    fc
      .constantFrom<readonly number[]>(
        [...leading, queries, keys],
        [queries, keys],
        [1, keys],
        [queries, 1],
        [keys],
      )
      .chain((shape) =>
        fc.oneof(
          { weight: 4, arbitrary: booleanTensor(shape) },
          {
            weight: 1,
            arbitrary: fc.constant(tensor('bool', shape, new Array<number>(sizeOf(shape)).fill(0))),
          },
        ),
      ),
  );

export const scales = maybe(fc.constantFrom(1, 0.5, 0.25, 0.3, 2, 0));

/** Rows of a tensor replaced by NaN or infinities where no query may attend to them. */
export function poisoned(
  source: FloatTensor,
  isMasked: (block: number, key: number) => boolean,
  poison: number,
): FloatTensor {
  const width = source.shape.at(-1) ?? 1;
  const keys = source.shape.at(-2) ?? 1;
  const data = Array.from(source.data, (x, i) => {
    const row = Math.floor(i / width);
    return isMasked(Math.floor(row / keys), row % keys) ? poison : x;
  });
  return tensor(source.dtype, source.shape, data);
}

export const queries = (sizes: Sizes, element: Arbitrary<number>): Arbitrary<FloatTensor> =>
  floatTensor([...sizes.leading, sizes.queries, sizes.width], element);
export const keys = (sizes: Sizes, element: Arbitrary<number>): Arbitrary<FloatTensor> =>
  floatTensor([...sizes.leading, sizes.keys, sizes.width], element);
export const values = (sizes: Sizes, element: Arbitrary<number>): Arbitrary<FloatTensor> =>
  floatTensor([...sizes.leading, sizes.keys, sizes.valueWidth], element);
