import fc from 'fast-check';
import { component } from '../component.ts';
import { mapped, metamorphic, rearranged } from '../laws.ts';
import { fields, floats, real } from '../schema.ts';
import { tensor, type FloatTensor } from '../tensor.ts';
import { blocksOf, rowPlaces } from '../partsOf.ts';
import { countingTable, tables } from './tables.ts';
import { positioned } from './sizes.ts';

const count = (description: string) =>
  real('an integer ≥ 0', (n) => Number.isSafeInteger(n) && n >= 0, description);

const widthOf = (table: FloatTensor): number => table.shape[1] ?? 0;

/**
 * positions[t] = table[offset + t], for t from 0 to T − 1.
 * A copy, bit for bit. The offset is the whole of it: no row is set aside for padding. A sequence may end on the last row, and not beyond.
 *
 * @example
 * learnedPositions({ table: [[1, 2], [3, 4], [5, 6]], length: 2, offset: 1 }) // → { positions: [[3, 4], [5, 6]] }
 */
export const learnedPositions = component({
  family: 'embedding',
  summary: 'The vectors of consecutive positions, out of a table that was learned.',
  formula: String.raw`P_t = W_{o + t}`,
  source:
    'Gehring et al., Convolutional sequence to sequence learning, 2017, §3.1; the offset (tokens that came before) is a house definition',
  domain:
    'Any table, NaN and infinities included; offset + length ≤ C. No positions, or no columns, give an empty output.',
  input: fields({
    table: floats('[C, D]', 'one row for each position of the context'),
    length: count('T, positions that are asked for'),
    offset: count('the first of them').default(0),
  }).refine(({ table, length, offset }) => offset + length <= (table.shape[0] ?? 0), {
    path: ['length'],
    error: 'expected offset + length to be at most C, the rows of the table',
  }),
  output: fields({ positions: floats('[T, D]', 'T rows of the table, bit for bit') }),
  arbitrary: (level) =>
    tables(level).chain((table) => {
      const rows = table.shape[0] ?? 0;
      return fc
        .tuple(fc.integer({ min: level === 'edge' ? 0 : 1, max: rows }), fc.nat(3), fc.nat())
        .map(([length, kind, at]) => {
          const rest = rows - length;
          if (kind === 0) return { table, length };
          return { table, length, offset: kind === 1 ? rest : at % (rest + 1) };
        });
    }),
  sized: positioned,
  parts: (input) => ({
    unit: 'position',
    count: input.length,
    run: input.length,
    work: widthOf(input.table),
    part: (numbers) => ({
      input: {
        table: blocksOf(
          input.table,
          [widthOf(input.table)],
          numbers.map((number) => input.offset + number),
        ),
        offset: 0,
        length: numbers.length,
      },
      output: { positions: rowPlaces([widthOf(input.table)], numbers) },
    }),
  }),
  invalid: {
    'the sequence is longer than the context': fc.constant({ table: countingTable(3), length: 4 }),
    'the sequence ends beyond the context': fc.constant({
      table: countingTable(3),
      length: 2,
      offset: 2,
    }),
  },
  boundSource: 'none: a copy',
  laws: {
    'begins as one that is longer': metamorphic(({ table, length, offset }) => ({
      input: { table, length: Math.floor(length / 2), offset },
      output: (source) => rearranged(source, [Math.floor(length / 2), widthOf(table)], (i) => i),
    })),
    'ends as one that starts later': metamorphic(({ table, length, offset }) =>
      length < 1
        ? undefined
        : {
            input: { table, length: length - 1, offset: offset + 1 },
            output: (source) =>
              rearranged(source, [length - 1, widthOf(table)], (i) => i + widthOf(table)),
          },
    ),
    'is unchanged by rows that come before': metamorphic(({ table, length, offset }) => ({
      input: {
        table: tensor(
          table.dtype,
          [(table.shape[0] ?? 0) + 1, widthOf(table)],
          [...Array.from(table.data).slice(0, widthOf(table)), ...table.data],
        ),
        length,
        offset: offset + 1,
      },
      output: (source) => source,
    })),
    'changes sign with the table': metamorphic((input) => ({
      input: { ...input, table: mapped(input.table, (x) => -x) },
      output: (source) => mapped(source, (x) => -x),
    })),
  },
  examples: [
    {
      id: 'from-the-start',
      why: 'positions counted from one, or an offset of 2 that belongs to another model',
      flags: ['ordinary', 'off-by-one'],
      input: { table: countingTable(6), length: 3 },
    },
    {
      id: 'to-the-end',
      why: 'a row set aside for padding, so that a sequence that ends with the context does not fit',
      flags: ['positional-learned-02'],
      input: { table: countingTable(5), length: 4, offset: 1 },
    },
    {
      id: 'offset',
      why: 'the offset forgotten',
      flags: ['positional-learned-03'],
      input: { table: countingTable(7), length: 3, offset: 2 },
    },
    {
      id: 'last-row',
      why: 'one position, at the end of the context',
      flags: ['positional-learned-02', 'cached'],
      input: { table: countingTable(5), length: 1, offset: 4 },
    },
    {
      id: 'square-table',
      why: 'columns instead of rows, where the shape does not tell',
      flags: ['axis'],
      input: {
        table: tensor('float32', [3, 3], [1, 2, 3, 5, 8, 13, 21, 34, 55]),
        length: 2,
        offset: 1,
      },
    },
    {
      id: 'all-bits',
      why: 'a table kept in fewer bits, and subnormals that are flushed',
      flags: ['low-precision-input', 'numerics-subnormal-01'],
      input: {
        table: tensor('float32', [3, 2], [9, 9, 1.0000001, 2 ** -140, -0.1, 65519]),
        length: 2,
        offset: 1,
      },
    },
    {
      id: 'not-finite',
      why: 'NaN and Infinity of one row that reach another',
      flags: ['nan', 'infinity'],
      input: {
        table: tensor('float32', [4, 2], [1, 2, NaN, 3, -Infinity, 4, 5, Infinity]),
        length: 3,
        offset: 1,
      },
    },
  ],
});
