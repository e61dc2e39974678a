import fc, { type Arbitrary } from 'fast-check';
import { component, type Level } from '../component.ts';
import { rowParts } from '../partsOf.ts';
import { leading, lengths } from '../generate.ts';
import { differ, inapplicable, mapped, metamorphic, reversed } from '../laws.ts';
import { fields, floats, integers } from '../schema.ts';
import { rowsOf, sizeOf, tensor, type FloatTensor, type IntegerTensor } from '../tensor.ts';
import { countingTable, tables } from './tables.ts';
import { lookups } from './sizes.ts';

const lookup = (
  table: FloatTensor,
  ids: readonly number[],
  shape: readonly number[] = [ids.length],
) => ({ table, ids: tensor('int32', shape, ids) });

/** Ids of some rows: at random, or all of them the first, the last or one row. */
const idsBelow = (rows: number, level: Level): Arbitrary<IntegerTensor> =>
  fc
    .tuple(leading(level), level === 'edge' ? fc.nat({ max: 6 }) : lengths(level))
    .chain(([before, last]) => {
      const shape = level !== 'scale' && last % 3 === 1 ? before : [...before, last];
      const size = sizeOf(shape);
      const id = fc.oneof(
        { weight: 3, arbitrary: fc.nat({ max: rows - 1 }) },
        { weight: 1, arbitrary: fc.constantFrom(0, rows - 1) },
      );
      return fc
        .array(id, { minLength: size, maxLength: size })
        .map((ids) => tensor('int32', shape, ids));
    });

const areInTable = ({ table, ids }: { table: FloatTensor; ids: IntegerTensor }): boolean =>
  Array.from(ids.data).every((id) => Number.isInteger(id) && id >= 0 && id < (table.shape[0] ?? 0));

/**
 * output[…] = table[ids[…]]: one row of the table for each id.
 * A copy, bit for bit: no scale, no row that stands for padding, and NaN or Infinity in another row does not matter, as it would in a product with
 * one-hot rows. An id is below V and not negative; there is no wrapping around.
 *
 * @example
 * tokenEmbedding({ table: [[1, 2], [3, 4], [5, 6]], ids: [2, 0] }) // → { output: [[5, 6], [1, 2]] }
 */
export const tokenEmbedding = component({
  family: 'embedding',
  summary: 'Looks up the vector of each token.',
  formula: String.raw`y_t = E_{\mathrm{id}_t}`,
  source:
    'Bengio, Ducharme, Vincent & Jauvin, A neural probabilistic language model, JMLR 3, 2003, §2 (the matrix C)',
  domain:
    'Any table, NaN and infinities included; ids from 0 to V − 1. No ids, or no columns, give an empty output.',
  input: fields({
    table: floats('[V, D]', 'one row for each token of the vocabulary'),
    ids: integers('[...]', 'tokens, from 0 to V − 1'),
  }).refine(areInTable, { path: ['ids'], error: 'expected ids from 0 to V − 1' }),
  output: fields({ output: floats('[..., D]', 'the row of each id, bit for bit') }),
  arbitrary: (level) =>
    tables(level).chain((table) =>
      idsBelow(table.shape[0] ?? 1, level).map((ids) => ({ table, ids })),
    ),
  sized: lookups,
  parts: rowParts({
    unit: 'token',
    cut: { ids: 0 },
    outputs: ({ table }) => ({ output: table.shape.slice(-1) }),
  }),
  invalid: {
    'an id is V': fc.constant(lookup(countingTable(3), [0, 3, 1])),
    'an id is negative': fc.constant(lookup(countingTable(3), [0, -1, 1])),
  },
  boundSource: 'none: a copy',
  laws: {
    'gives equal ids equal rows': async ({ table, ids }, run) => {
      const { output } = await run({ table, ids });
      const rows = rowsOf(output.output);
      const places = new Map(Array.from(ids.data, (id, i) => [id, i] as const).toReversed());
      const first = Array.from(ids.data, (id) => places.get(id) ?? -1);
      if (first.every((at, i) => at === i)) return inapplicable;
      const wrong = first.findIndex(
        (at, i) => differ(rows[at] ?? [], rows[i] ?? [], () => 0) !== undefined,
      );
      return wrong < 0 ? undefined : `places ${first[wrong]} and ${wrong}`;
    },
    'follows a permutation of the ids': metamorphic(({ table, ids }) => ({
      input: { table, ids: reversed(ids) },
      output: (source) => (ids.shape.length === 0 ? source : reversed(source, -2)),
    })),
    'is unchanged when the tokens are numbered anew': metamorphic(({ table, ids }) => ({
      input: {
        table: reversed(table, -2),
        ids: mapped(ids, (id) => (table.shape[0] ?? 0) - 1 - id),
      },
      output: (source) => source,
    })),
    'changes sign with the table': metamorphic(({ table, ids }) => ({
      input: { table: mapped(table, (x) => -x), ids },
      output: (source) => mapped(source, (x) => -x),
    })),
  },
  examples: [
    {
      id: 'sentence',
      why: 'ids counted from one, or a row of the wrong token',
      flags: ['ordinary', 'off-by-one'],
      input: lookup(countingTable(5), [3, 1, 4, 1]),
    },
    {
      id: 'first-and-last',
      why: 'the first token taken for padding, or the last one wrapped around',
      flags: ['padding', 'off-by-one'],
      input: lookup(countingTable(4), [0, 3, 0, 2, 1, 3]),
    },
    {
      id: 'batch',
      why: 'sentences of a batch mixed up',
      flags: ['axis'],
      input: lookup(countingTable(6), [5, 0, 2, 1, 1, 4], [2, 3]),
    },
    {
      id: 'square-table',
      why: 'columns instead of rows, where the shape does not tell',
      flags: ['axis'],
      input: lookup(tensor('float32', [3, 3], [1, 2, 3, 5, 8, 13, 21, 34, 55]), [2, 0, 0, 1]),
    },
    {
      id: 'repeated',
      why: 'rows of distinct tokens in the order of their ids',
      flags: ['duplicates'],
      input: lookup(countingTable(9), [7, 7, 2, 8, 2, 7]),
    },
    {
      id: 'wide',
      why: 'a scale of √D put on, which the layer that uses the rows puts on too',
      flags: ['embedding-lookup-05'],
      input: lookup(
        tensor('float32', [2, 8], [1, -2, 3, -4, 5, -6, 7, -8, 2, 3, 5, 7, 11, 13, 17, 19]),
        [1, 0],
      ),
    },
    {
      id: 'all-bits',
      why: 'a table kept in fewer bits',
      flags: ['low-precision-input'],
      input: lookup(tensor('float32', [2, 2], [1.0000001, -0.1, 2.7654321, 65519]), [1, 0, 1]),
    },
    {
      id: 'not-finite',
      why: 'NaN and Infinity of one row that reach another by a product with one-hot rows, and subnormals that are flushed',
      flags: ['nan', 'infinity', 'numerics-subnormal-01'],
      input: lookup(
        tensor('float32', [3, 3], [1, 2 ** -140, -3, NaN, Infinity, 2, -Infinity, 4, 2 ** -149]),
        [0, 2, 0, 1],
      ),
    },
  ],
});
