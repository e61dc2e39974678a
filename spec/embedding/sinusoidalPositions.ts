import fc, { type Arbitrary } from 'fast-check';
import { waveError } from '../bounds/angle.ts';
import { component, type Law, type Level } from '../component.ts';
import { lengths } from '../generate.ts';
import { differ, inapplicable, metamorphic, rearranged } from '../laws.ts';
import { fields, floats, positiveInteger, real } from '../schema.ts';
import { flatMapRows, rowsOf, type FloatTensor } from '../tensor.ts';
import { waves } from './sizes.ts';

interface Grid {
  readonly length: number;
  readonly width: number;
  readonly base?: number | undefined;
}

/** Ordinary sizes, few and many positions, and on the edge no positions, one column, and bases other than the usual. */
const grids = (level: Level): Arbitrary<Grid> => {
  const base = fc.constantFrom(undefined, undefined, 10000, 100, 500000, 10, 2.5);
  if (level === 'core')
    return fc.record({ length: lengths(level), width: lengths(level, 9), base });
  if (level === 'edge')
    return fc.record({
      length: fc.nat({ max: 5 }),
      width: fc.integer({ min: 1, max: 5 }),
      base: fc.oneof(base, fc.constantFrom(1, 0.5, 1.5, 1000000, 2 ** 20)),
    });
  return fc
    .tuple(fc.boolean(), lengths(level), fc.constantFrom(257, 511, 1025), base)
    .map(([isLong, size, long, base]) =>
      isLong
        ? { length: long, width: 1 + (size % 4), base }
        : { length: 1 + (size % 19), width: size, base },
    );
};

const isEven = (j: number): boolean => j % 2 === 0;

interface Table {
  readonly positions: FloatTensor;
}
type TableLaw = Law<Grid, Grid, Table>;

/** What is known of each number of each row. */
const slackOf = (table: FloatTensor, slack: readonly number[] | undefined) =>
  rowsOf({ shape: table.shape, data: slack ?? [] });

/** How far Σ x y may be off where each factor may. */
const slackOfDot = (
  [x, y]: readonly [readonly number[], readonly number[]],
  [ofX, ofY]: readonly [readonly number[], readonly number[]],
): number =>
  x.reduce(
    (sum, value, j) => {
      const [own, other, its] = [ofX[j] ?? 0, Math.abs(y[j] ?? 0), ofY[j] ?? 0];
      if (own === Infinity || its === Infinity) return Infinity;
      return sum + own * other + Math.abs(value) * its + own * its;
    },
    x.length * 2 ** -50,
  );

const dot = (x: readonly number[], y: readonly number[]): number =>
  x.reduce((sum, value, j) => sum + value * (y[j] ?? NaN), 0);

/** Σ_i cos(ω_i (t − s)): for an even width. */
const dependsOnDistance: TableLaw = async (input, run) => {
  if (input.length < 3 || !isEven(input.width)) return inapplicable;
  const { output, slack } = await run(input);
  const rows = rowsOf(output.positions);
  const known = slackOf(output.positions, slack['positions']);
  const pairs = rows.slice(1).map((row, t) => ({
    value: dot(rows[t] ?? [], row),
    off: slackOfDot([rows[t] ?? [], row], [known[t] ?? [], known[t + 1] ?? []]),
  }));
  const [first = { value: NaN, off: NaN }] = pairs;
  return differ(
    pairs.map(({ value }) => value),
    pairs.map(() => first.value),
    (t) => (pairs[t]?.off ?? 0) + first.off,
  );
};

const liesOnCircles: TableLaw = async (input, run) => {
  const { output, slack } = await run(input);
  const known = slackOf(output.positions, slack['positions']);
  const pairs = flatMapRows(output.positions, (row, t) =>
    row.flatMap((x, j) => {
      const [y, off] = [row[j + 1], known[t] ?? []];
      if (!isEven(j) || y === undefined) return [];
      const own = [off[j] ?? 0, off[j + 1] ?? 0];
      const couple = [x, y];
      return [{ value: dot(couple, couple), off: slackOfDot([couple, couple], [own, own]) }];
    }),
  );
  if (pairs.length === 0) return inapplicable;
  return differ(
    pairs.map(({ value }) => value),
    pairs.map(() => 1),
    (i) => pairs[i]?.off ?? 0,
  );
};

/**
 * P[t, 2i] = sin(t / base^(2i/D)), P[t, 2i+1] = cos of the same angle.
 * Sines and cosines alternate; they are not two blocks. Position 0 is 0, 1, 0, 1, …. An odd width ends on a sine. In float32 an angle of 4096 is off by
 * 6e-5 or more, and whoever keeps positions in bfloat16 cannot tell those above 256 apart.
 *
 * @example
 * sinusoidalPositions({ length: 2, width: 2 }) // → { positions: [[0, 1], [0.84147…, 0.54030…]] }
 */
export const sinusoidalPositions = component({
  family: 'embedding',
  summary: 'A fixed vector for each position, of waves from short to long.',
  formula: String.raw`P_{t,2i} = \sin\!\left(t\,b^{-2i/D}\right),\quad P_{t,2i+1} = \cos\!\left(t\,b^{-2i/D}\right)`,
  source: 'Vaswani et al., Attention is all you need, 2017, §3.5',
  domain:
    'Any number of positions, none included; any width from 1, odd ones too; a base above 0. Nothing is said where base, frequency or angle leave the format.',
  input: fields({
    length: real(
      'an integer from 0 to 2^20',
      (n) => Number.isSafeInteger(n) && n >= 0 && n <= 2 ** 20,
      'T, positions, from 0',
    ),
    width: positiveInteger('D, numbers for each position', 2 ** 20),
    base: real(
      'a finite number > 0',
      (base) => base > 0 && base < Infinity,
      'how many times longer than the shortest wave the longest is, about',
    ).default(10000),
  }),
  output: fields({ positions: floats('[T, D]', 'sines in even columns, cosines in odd ones') }),
  arbitrary: (level) => grids(level),
  sized: waves,
  invalid: {
    'the length is negative': fc.constant({ length: -1, width: 4 }),
    'the length is no integer': fc.constant({ length: 2.5, width: 4 }),
    'the width is negative': fc.constant({ length: 3, width: -4 }),
  },
  bound: (a, { input: { length, width, base }, rounding }) => ({
    positions: Array.from({ length: length * width }, (_, at) => {
      const [position, j] = [Math.floor(at / width), at % width];
      const over = j - (j % 2);
      const theta = position / base ** (over / width);
      const value = isEven(j) ? Math.sin(theta) : Math.cos(theta);
      return a.from(waveError(rounding, { position, base, exponent: [over, width] }, value));
    }),
  }),
  boundSource:
    'spec/bounds/angle.ts: the angle is off by its own size times the roundings of power, quotient and exponent, a sine by no more than its angle nor than 2, and by the accuracy of the function',
  laws: {
    'begins as one that is longer': metamorphic((input) => ({
      input: { ...input, length: Math.floor(input.length / 2) },
      output: (source) => rearranged(source, [Math.floor(input.length / 2), input.width], (i) => i),
    })),
    'lies on circles of radius one': liesOnCircles,
    'has dot products of neighbours that are all the same': dependsOnDistance,
    'starts with zeros and ones': async (input, run) => {
      if (input.length < 1) return inapplicable;
      const { output, slack } = await run(input);
      const first = Array.from(output.positions.data).slice(0, input.width);
      return differ(
        first,
        first.map((_, j) => j % 2),
        (j) => slack['positions']?.[j] ?? 0,
      );
    },
  },
  examples: [
    {
      id: 'worked-example',
      why: 'sines and cosines in two blocks, or the other way round',
      flags: ['ordinary', 'positional-sinusoidal-01'],
      input: { length: 3, width: 4 },
    },
    {
      id: 'odd-width',
      why: 'an odd width, which ends on a sine that has no cosine',
      flags: ['positional-sinusoidal-02'],
      input: { length: 4, width: 5 },
    },
    {
      id: 'one-column',
      why: 'a width of one: the sine of the position',
      flags: ['positional-sinusoidal-02', 'one-element'],
      input: { length: 5, width: 1 },
    },
    {
      id: 'twelve-columns',
      why: 'an exponent of i/D, of (2i + 1)/D, or of i/(D/2 − 1)',
      flags: ['exponent'],
      input: { length: 6, width: 12 },
    },
    {
      id: 'other-base',
      why: 'a base of 10000 built in',
      flags: ['base'],
      input: { length: 3, width: 6, base: 500 },
    },
    {
      id: 'one-position',
      why: 'positions counted from one',
      flags: ['off-by-one'],
      input: { length: 1, width: 3 },
    },
    {
      id: 'beyond-256',
      why: 'positions above 256 that bfloat16 cannot tell apart',
      flags: ['low-precision-position'],
      input: { length: 300, width: 2 },
    },
  ],
});
