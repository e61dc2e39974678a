import fc, { type Arbitrary } from 'fast-check';
import { rotationErrors } from '../bounds/rotation.ts';
import { component, type Law, type Level } from '../component.ts';
import { euclideanNorm } from '../extremes.ts';
import { extreme, floatTensor, leading, ordinary } from '../generate.ts';
import { blockCount, differ, lastBlock, mapped, metamorphic, reversed } from '../laws.ts';
import { blocksOf, rowPlaces } from '../partsOf.ts';
import { fields, floats, integers, option, real } from '../schema.ts';
import {
  flatMapRows,
  rowsOf,
  sizeOf,
  tensor,
  type FloatTensor,
  type IntegerTensor,
} from '../tensor.ts';
import { rotated } from './sizes.ts';

export type Pairing = 'halves' | 'interleaved';

/** The places in a row of the two numbers of each pair, in order. */
export const pairsOf = (pairing: Pairing, width: number): readonly (readonly [number, number])[] =>
  Array.from({ length: width / 2 }, (_, i) =>
    pairing === 'halves' ? [i, i + width / 2] : [2 * i, 2 * i + 1],
  );

const row = (shape: readonly number[], positions: readonly number[], step = 5) => ({
  input: tensor(
    'float32',
    shape,
    Array.from(
      { length: shape.reduce((x, y) => x * y, 1) },
      (_, i) => (((i + 1) * step) % 17) * 0.25 - 1.625,
    ),
  ),
  positions: tensor('int32', [positions.length], positions),
});

/** Consecutive ones from anywhere, as in decoding; and any others, repeated and in any order. */
const positionsOf = (length: number): Arbitrary<IntegerTensor> =>
  fc
    .oneof(
      fc.nat(4000).map((first) => Array.from({ length }, (_, t) => first + t)),
      fc.array(fc.nat(4096), { minLength: length, maxLength: length }),
      fc.array(fc.constantFrom(0, 0, 1, 2, 257, 2049, 4095), {
        minLength: length,
        maxLength: length,
      }),
    )
    .map((values) => tensor('int32', [length], values));

const sizes = (level: Level) =>
  level === 'scale'
    ? fc.record({
        rows: fc.constant<readonly number[]>([]),
        length: fc.constantFrom(1, 7, 16, 17, 33),
        width: fc.constantFrom(16, 30, 32, 34, 64),
      })
    : fc.record({
        rows: leading(level),
        length: fc.integer({ min: level === 'edge' ? 0 : 1, max: 4 }),
        width: fc.constantFrom(2, 4, 6, 8),
      });

const elements = (level: Level): Arbitrary<number> =>
  level === 'edge'
    ? fc.oneof(
        { weight: 6, arbitrary: extreme(2 ** 15) },
        { weight: 1, arbitrary: fc.constantFrom(60000, -50000, 2 ** -120, -(2 ** -14)) },
      )
    : ordinary();

interface Fields {
  readonly input: FloatTensor;
  readonly positions: IntegerTensor;
}
type RotaryLaw = Law<
  Fields & { readonly pairing: Pairing; readonly base: number },
  Fields,
  { readonly output: FloatTensor }
>;

/** cos 0 = 1 and sin 0 = 0. */
const staysAtZero: RotaryLaw = async (source, run) => {
  const { output, slack } = await run({ ...source, positions: mapped(source.positions, () => 0) });
  return differ(output.output.data, source.input.data, (i) => slack['output']?.[i] ?? 0);
};

/** A rotation keeps lengths; by the triangle inequality the length is off by no more than the length of what the elements are off. */
const keepsLengths: RotaryLaw = async (source, run) => {
  const { output, slack } = await run(source);
  const errors = rowsOf({ shape: source.input.shape, data: slack['output'] ?? [] });
  const before = rowsOf(source.input).map((values) => euclideanNorm(values));
  const after = rowsOf(output.output).map((values) => euclideanNorm(values));
  return differ(before, after, (i) => euclideanNorm(errors[i] ?? []));
};

/**
 * rotaryPositions(x, p): pair i of the token at position p is turned by the angle p · base^(−2i/D). Which numbers make a pair is an option:
 * halves takes x_i with x_(i + D/2), interleaved x_2i with x_(2i + 1). The dot product of two turned tokens depends on the difference of their
 * positions only – under either pairing, so that a mix-up shows nowhere but here. Position 0 leaves a token as it is.
 *
 * @example
 * rotaryPositions({ input: [[1, 0]], positions: [1] }) // → { output: [[0.5403…, 0.8414…]] }
 */
export const rotaryPositions = component({
  family: 'attention',
  summary: 'Turns pairs of numbers by angles that grow with the position.',
  formula: String.raw`\begin{pmatrix} y_a \\ y_b \end{pmatrix} = \begin{pmatrix} \cos\theta & -\sin\theta \\ \sin\theta & \cos\theta \end{pmatrix} \begin{pmatrix} x_a \\ x_b \end{pmatrix},\quad \theta = p \cdot \mathrm{base}^{-2i/D}`,
  source:
    'Su et al., RoFormer: Enhanced transformer with rotary position embedding, 2021, §3.2.2, eq. 15 (interleaved); halves: rotate_half of GPT-NeoX and Llama in Transformers',
  domain:
    'Finite numbers, even width, base > 0. Positions are absolute and may be in any order. Angles are kept in the accumulation format unless intermediates.angle says otherwise: at position 4096 a float32 angle may be off by 1e-3.',
  input: fields({
    input: floats('[..., T, D]', 'tokens; D is even'),
    positions: integers('[T]', 'where each token stands, absolutely'),
    base: real(
      'a finite number > 0',
      (x) => x > 0 && x < Infinity,
      'the ratio of the fastest angle to the one after the slowest',
    ).default(10000),
    pairing: option(['halves', 'interleaved'], 'which numbers are turned together'),
  }).refine(({ input }) => (input.shape.at(-1) ?? 0) % 2 === 0, {
    path: ['input'],
    error: 'expected an even width',
  }),
  output: fields({ output: floats('[..., T, D]', 'the turned tokens') }),
  arbitrary: (level) =>
    sizes(level).chain(({ rows, length, width }) =>
      fc.record({
        input: floatTensor([...rows, length, width], elements(level)),
        positions: positionsOf(length),
        base: fc.constantFrom(10000, undefined, 500000, 100, 10000.5, 1),
      }),
    ),
  sized: rotated,
  parts: (given) => {
    const { input, positions } = given;
    const [length = 0, width = 0] = input.shape.slice(-2);
    return {
      unit: 'token',
      count: sizeOf(input.shape.slice(0, -1)),
      run: length,
      work: 4 * width,
      part: (numbers) => ({
        input: {
          ...given,
          input: blocksOf(input, [width], numbers),
          positions: blocksOf(
            positions,
            [],
            numbers.map((number) => number % length),
          ),
        },
        output: { output: rowPlaces([width], numbers) },
      }),
    };
  },
  invalid: {
    'the width is odd': fc.constant(row([2, 3], [1, 2])),
    'there are fewer positions than tokens': fc.constant(row([3, 4], [1, 2])),
    'the base is 0': fc.constant({ ...row([2, 4], [1, 2]), base: 0 }),
    'the base is negative': fc.constant({ ...row([2, 4], [1, 2]), base: -10000 }),
    'the base is NaN': fc.constant({ ...row([2, 4], [1, 2]), base: NaN }),
  },
  bound: (a, { input: { input, positions, base, pairing }, rounding, exact }) => {
    const width = input.shape.at(-1) ?? 0;
    const length = input.shape.at(-2) ?? 0;
    const answers = rowsOf(exact.output);
    const pairs = pairsOf(pairing, width);
    return {
      output: flatMapRows(input, (x, at) => {
        const position = positions.data[at % length] ?? NaN;
        const errors = x.map(() => a.from(Infinity));
        for (const [pair, [first, second]] of pairs.entries()) {
          const own = [x[first] ?? NaN, x[second] ?? NaN] as const;
          const [y0, y1] = [answers[at]?.[first], answers[at]?.[second]];
          if (y0 === undefined || y1 === undefined) continue;
          const turn = { position, pair, width, base };
          [errors[first], errors[second]] = rotationErrors(a, rounding, turn, own, [y0, y1]);
        }
        return errors;
      }),
    };
  },
  boundSource:
    'spec/bounds/rotation.ts: ‖x‖ min(2, error of the angle) + ρ ‖x‖ + u |y|, the error of the angle from those of logarithm, exponential, quotient and products; 0 at position 0',
  laws: {
    'leaves a token at position 0 as it is': staysAtZero,
    'keeps the length of each token': keepsLengths,
    'follows a permutation of the tokens with their positions': metamorphic((source) => ({
      input: {
        ...source,
        input: reversed(source.input, -2),
        positions: reversed(source.positions),
      },
      output: (y) => reversed(y, -2),
    })),
    'treats each block by itself': metamorphic((source) =>
      blockCount(source.input, -2) < 2
        ? undefined
        : {
            input: { ...source, input: lastBlock(source.input, -2) },
            output: (y) => lastBlock(y, -2),
          },
    ),
    'turns the sign of its answer with the sign of the tokens': metamorphic((source) => ({
      input: { ...source, input: mapped(source.input, (x) => -x) },
      output: (y) => mapped(y, (value) => -value),
    })),
  },
  examples: [
    {
      id: 'halves',
      why: 'x_2i turned with x_(2i + 1) where x_i belongs with x_(i + D/2)',
      flags: ['positional-rope-01', 'positional-rope-02'],
      input: row([3, 4], [0, 1, 2]),
    },
    {
      id: 'interleaved',
      why: 'the halves paired, or the turned pairs written back one half after the other',
      flags: ['positional-rope-01', 'positional-rope-02'],
      input: { ...row([3, 4], [0, 1, 2]), pairing: 'interleaved' },
    },
    {
      id: 'after-eviction',
      why: 'rows counted where positions are absolute',
      flags: ['positional-rope-07'],
      input: row([2, 4], [9, 12], 7),
    },
    {
      id: 'decoding',
      why: 'the length of the prompt added twice',
      flags: ['positional-rope-06'],
      input: row([1, 6], [7], 3),
    },
    {
      id: 'far',
      why: 'positions or angles kept in a narrow format: those above 256 or 2048 collapse',
      flags: ['angle-precision'],
      input: row([3, 6], [257, 2049, 4095], 11),
    },
    {
      id: 'base',
      why: 'another base ignored, or an exponent of i/D',
      flags: ['base'],
      input: { ...row([2, 8], [3, 40]), base: 500000 },
    },
    {
      id: 'one-pair',
      why: 'a turn the other way, where both pairings agree',
      flags: ['direction'],
      input: row([2, 2], [1, 3], 6),
    },
    {
      id: 'blocks',
      why: 'positions counted on from one block to the next, or along the wrong axis',
      flags: ['axis'],
      input: row([2, 2, 4], [5, 2], 4),
    },
  ],
});
