import fc, { type Arbitrary } from 'fast-check';
import { unitErrors } from '../bounds/unit.ts';
import { component, type Law, type Level } from '../component.ts';
import { rowParts } from '../partsOf.ts';
import { elements, floatTensor, leading, longLengths, randomStream } from '../generate.ts';
import {
  blockCount,
  differ,
  inapplicable,
  lastBlock,
  mapped,
  metamorphic,
  rearranged,
  reversed,
} from '../laws.ts';
import { fields, floats, option } from '../schema.ts';
import { flatMapRows, rowsOf, sizeOf, tensor, type FloatTensor } from '../tensor.ts';
import { normalisedRows } from './sizes.ts';

const vectors = (values: readonly number[], shape: readonly number[] = [values.length]) => ({
  input: tensor('float32', shape, values),
});

const isZero = (row: readonly number[]): boolean => row.every((x) => x === 0);

/** Integers whose squares sum exactly in 24 bits, not in 11; numbers of 19 bits; small ones, whose length an epsilon would drown. */
const kinds: readonly Arbitrary<number>[] = [
  fc.integer({ min: -60, max: 60 }),
  fc.integer({ min: -(2 ** 19), max: 2 ** 19 }).map((x) => x / 256),
  fc.integer({ min: -100, max: 100 }).map((x) => x * 2 ** -20),
  fc.constant(0),
  fc.constantFrom(0, 0, 0, 4, -3),
  fc.constantFrom(0, -0, 1, -1, 3, 0.5, 30000, 2 ** -14, 2 ** -24, 2 ** -126, 2 ** -149),
  fc.constantFrom(2 ** -70, -(2 ** -75), 0),
];

const edgeVectors = (shape: readonly number[]): Arbitrary<FloatTensor> =>
  fc
    .array(
      fc
        .constantFrom(...kinds)
        .chain((kind) =>
          fc.array(kind, { minLength: shape.at(-1) ?? 1, maxLength: shape.at(-1) ?? 1 }),
        ),
      { minLength: sizeOf(shape.slice(0, -1)), maxLength: sizeOf(shape.slice(0, -1)) },
    )
    .map((rows) => tensor('float64', shape, rows.flat()));

const longIntegers = (shape: readonly number[]): Arbitrary<FloatTensor> =>
  fc.nat().map((seed) => {
    const next = randomStream(seed);
    return tensor(
      'float64',
      shape,
      Array.from({ length: sizeOf(shape) }, () => Math.floor(next() * 33) - 16),
    );
  });

const inputs = (level: Level): Arbitrary<FloatTensor> =>
  fc
    .tuple(leading(level), level === 'edge' ? fc.nat({ max: 8 }) : longLengths(level), fc.boolean())
    .chain(([before, width, integers]) => {
      const shape = [...before, width];
      if (level === 'edge') return edgeVectors(shape);
      return level === 'scale' && integers
        ? longIntegers(shape)
        : floatTensor(shape, elements(level));
    });

interface Normalized {
  readonly output: FloatTensor;
}

/** How far Σ x² may be off where each x may: Infinity where nothing is known of one. */
const slackOfSquare = (row: readonly number[], off: readonly number[]): number =>
  off.includes(Infinity)
    ? Infinity
    : row.reduce(
        (sum, x, j) => {
          const own = off[j] ?? 0;
          return sum + 2 * Math.abs(x) * own + own * own;
        },
        row.length * 2 ** -50,
      );

/** Says nothing of zero vectors, nor where nothing is known of a component. */
const hasLengthOne: Law<
  { readonly input: FloatTensor },
  { readonly input: FloatTensor },
  Normalized
> = async (input, run) => {
  const { output, slack } = await run(input);
  const rows = rowsOf(output.output);
  const sources = rowsOf(input.input);
  const known = rowsOf({ shape: output.output.shape, data: slack['output'] ?? [] });
  if (rows.length === 0 || sources.some(isZero)) return inapplicable;
  const squares = rows.map((row) => row.reduce((sum, x) => sum + x * x, 0));
  return differ(
    squares,
    squares.map(() => 1),
    (i) => slackOfSquare(rows[i] ?? [], known[i] ?? []),
  );
};

/**
 * y = x / ‖x‖, over the last axis.
 * Not clamped: a vector of length 1e-15 becomes one of length 1, too. The zero vector has no direction: it stays zero, or becomes NaN (option
 * zeroVector).
 *
 * @example
 * unitNormalize({ input: [3, 4] }) // → { output: [0.6, 0.8] }
 */
export const unitNormalize = component({
  family: 'embedding',
  summary: 'Makes vectors of length 1, so that their dot product is the cosine.',
  formula: String.raw`y = \frac{x}{\lVert x \rVert_2}`,
  source:
    'Salton, Wong & Yang, A vector space model for automatic indexing, Communications of the ACM 18(11), 1975 (length-normalised vectors)',
  domain:
    'Finite vectors. What becomes of a zero vector is an option (zeroVector). Nothing is said where the squared length leaves the range of normal numbers of the accumulation: a vector of 1e20 has a direction where that is float64, and may give anything where it is float32.',
  input: fields({
    input: floats('[..., D]', 'vectors'),
    zeroVector: option(['zero', 'nan'], 'what a zero vector becomes: itself, or NaN throughout'),
  }),
  output: fields({ output: floats('[..., D]', 'vectors of length 1') }),
  arbitrary: (level) => inputs(level).map((input) => ({ input })),
  sized: normalisedRows,
  parts: rowParts({
    cut: { input: 1 },
    outputs: ({ input }) => ({ output: input.shape.slice(-1) }),
  }),
  invalid: {},
  bound: (a, { input, rounding, exact }) => {
    const values = rowsOf(exact.output);
    return {
      output: flatMapRows(input.input, (row, r) => {
        if (isZero(row)) return row.map(() => a.from(0));
        const { relative, absolute } = unitErrors(rounding, row);
        if (relative === Infinity) return row.map(() => a.from(Infinity));
        return row.map((_, i) =>
          a.add(
            a.multiply(a.absolute(values[r]?.[i] ?? a.from(NaN)), a.from(relative)),
            a.from(absolute(i)),
          ),
        );
      }),
    };
  },
  boundSource:
    'spec/bounds/unit.ts: |y| [(1 + ρ)(1 + ρ_div)(1 + u)/√(1 − r) − 1], r the relative error of the squared length (spec/bounds/dot.ts), which is 0 where every order of its sum is exact',
  laws: {
    'has length one': hasLengthOne,
    'is unchanged by doubling the vector': metamorphic((input) =>
      Array.from(input.input.data).every((x) => Math.abs(x) < 2 ** 14)
        ? {
            input: { ...input, input: mapped(input.input, (x) => 2 * x) },
            output: (source) => source,
          }
        : undefined,
    ),
    'changes sign with the vector': metamorphic((input) => ({
      input: { ...input, input: mapped(input.input, (x) => -x) },
      output: (source) => mapped(source, (x) => -x),
    })),
    'follows a permutation of the components': metamorphic((input) => ({
      input: { ...input, input: reversed(input.input) },
      output: (source) => reversed(source),
    })),
    'treats each vector by itself': metamorphic((input) =>
      blockCount(input.input) < 2
        ? undefined
        : {
            input: { ...input, input: lastBlock(input.input) },
            output: (source) => lastBlock(source),
          },
    ),
    'ignores that a vector is there twice': metamorphic((input) => ({
      input: {
        ...input,
        input: rearranged(
          input.input,
          [2, ...input.input.shape],
          (i) => i % Math.max(1, input.input.data.length),
        ),
      },
      output: (source) =>
        rearranged(source, [2, ...source.shape], (i) => i % Math.max(1, source.data.length)),
    })),
  },
  examples: [
    {
      id: 'squares-beyond-float32',
      why: 'components of 1e20 and more, whose squares overflow float32: where sums are declared float64 they must be right',
      flags: ['overflow', 'ends'],
      storage: 'float32',
      input: { input: tensor('float32', [2, 3], [2, -1, 2, 2 ** 100, 2 ** 101, -(2 ** 101)]) },
    },
    {
      id: 'worked-example',
      why: 'a vector of length 5: another norm, or its square',
      flags: ['ordinary', 'normalisation'],
      input: vectors([3, -4]),
    },
    {
      id: 'zero-vector',
      why: 'a zero vector divided by its length, beside ordinary ones',
      flags: ['similarity-metrics-01', 'zero-vector'],
      input: vectors([0, 0, 3, 4, -5, 12], [3, 2]),
    },
    {
      id: 'zero-vector-nan',
      why: 'a zero vector where NaN is declared',
      flags: ['similarity-metrics-01', 'zero-vector'],
      input: { ...vectors([1, 2, 2, 0, 0, 0], [2, 3]), zeroVector: 'nan' },
    },
    {
      id: 'faint',
      why: 'an epsilon added to the length, or put below it, which is about 1e-7',
      flags: ['epsilon'],
      input: vectors([0.0000001, -0.0000002, 0.00000005]),
    },
    {
      id: 'large-integers',
      why: 'a sum of squares that 11 bits do not hold',
      flags: ['low-precision-sum'],
      input: vectors([101, 103, -107, 1, 45]),
    },
    {
      id: 'nineteen-bit-inputs',
      why: 'inputs cut to 11 or 8 bits',
      flags: ['low-precision-input'],
      input: vectors([1023.99609375, -1021.00390625, 3.0078125]),
    },
    {
      id: 'square-batch',
      why: 'the length along the wrong axis, or of the whole batch, where the shape does not tell',
      flags: ['axis'],
      input: vectors([1, 2, 3, 5], [2, 2]),
    },
    {
      id: 'nine',
      why: 'components that do not fill a group of four or eight',
      flags: ['remainder'],
      input: vectors([1, 2, 3, 4, 5, 6, 7, 8, 9]),
    },
    {
      id: 'fainter',
      why: 'a length of 2e-13 that is taken for a least one, such as 1e-12',
      flags: ['epsilon'],
      input: vectors([3 * 2 ** -46, -4 * 2 ** -46, 12 * 2 ** -46]),
    },
  ],
});
