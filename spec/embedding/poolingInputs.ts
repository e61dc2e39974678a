import fc, { type Arbitrary } from 'fast-check';
import type { Level } from '../component.ts';
import { elements, floatTensor, lengths, longLengths, randomStream } from '../generate.ts';
import { rowsOf, sizeOf, tensor, type BooleanTensor, type FloatTensor } from '../tensor.ts';

export const poolingModes = ['mean', 'first', 'max', 'last'] as const;

export interface Sequences {
  readonly hidden: FloatTensor;
  readonly mask: BooleanTensor;
  readonly mode: (typeof poolingModes)[number];
}

const smallIntegers = fc.integer({ min: -60, max: 60 });
const ties = fc.constantFrom(0, -0, 1, -1, -2, -2, 0.5);
const finite = fc.oneof(
  smallIntegers,
  fc.integer({ min: -(2 ** 19), max: 2 ** 19 }).map((x) => x / 256),
  fc.constantFrom(0, 2 ** -149, 2 ** -126, -(2 ** -130), 2 ** -24, 30000, -30000, 1),
);

/** Masks of padding on either side, of single positions, or at random; every sequence keeps a position. */
const maskOf = (
  kind: 'right' | 'left' | 'random' | 'all' | 'one',
  length: number,
  draw: () => number,
): readonly number[] => {
  const at = Math.floor(draw() * length);
  return Array.from({ length }, (_, t) => {
    if (kind === 'all') return 1;
    if (kind === 'right') return t <= at ? 1 : 0;
    if (kind === 'left') return t >= at ? 1 : 0;
    return t === at || (kind === 'random' && draw() < 0.6) ? 1 : 0;
  });
};

const masks = (batch: number, length: number): Arbitrary<BooleanTensor> =>
  fc
    .tuple(
      fc.nat(),
      fc.array(fc.constantFrom('right', 'left', 'random', 'all', 'one'), {
        minLength: batch,
        maxLength: batch,
      }),
    )
    .map(([seed, kinds]) => {
      const draw = randomStream(seed);
      return tensor(
        'bool',
        [batch, length],
        kinds.flatMap((kind) => maskOf(kind, length, draw)),
      );
    });

/** Integers from a seed, whose sums are exact. */
const integers = (shape: readonly number[]): Arbitrary<FloatTensor> =>
  fc.nat().map((seed) => {
    const next = randomStream(seed);
    return tensor(
      'float64',
      shape,
      Array.from({ length: sizeOf(shape) }, () => Math.floor(next() * 129) - 64),
    );
  });

/** Sequences of a level, all modes alike often. */
export const sequences = (level: Level): Arbitrary<Sequences> =>
  fc
    .tuple(fc.integer({ min: 1, max: 3 }), longLengths(level), lengths(level, 4), fc.nat(2))
    .chain(([batch, length, width, kind]) => {
      const shape = [batch, length, level === 'scale' ? 1 + (width % 3) : width];
      const hidden =
        level === 'edge'
          ? floatTensor(shape, [smallIntegers, ties, finite][kind] ?? finite)
          : level === 'scale' && kind === 0
            ? integers(shape)
            : floatTensor(shape, elements(level));
      return fc.record({
        hidden,
        mask: masks(batch, length),
        mode: fc.constantFrom(...poolingModes),
      });
    });

/** Of each sequence: which positions are kept, as 0 and 1, and one column of numbers for each component. */
export const columnsOf = ({
  hidden,
  mask,
}: Pick<Sequences, 'hidden' | 'mask'>): readonly {
  readonly weights: readonly number[];
  readonly columns: readonly (readonly number[])[];
}[] => {
  const [, length = 0, width = 0] = hidden.shape;
  const rows = rowsOf(hidden);
  return rowsOf(mask).map((weights, b) => ({
    weights,
    columns: Array.from({ length: width }, (_, d) =>
      rows.slice(b * length, (b + 1) * length).map((row) => row[d] ?? NaN),
    ),
  }));
};
