import { roundTo } from '../../../spec/format.ts';
import { mapped, rearranged } from '../../../spec/laws.ts';
import { rowsOf, tensor } from '../../../spec/tensor.ts';
import { tokenEmbedding as honest } from '../../honest/embedding/tokenEmbedding.ts';
import { float32, unitOf } from '../../honest/machine.ts';
import { fixedPoint, withInput, withOutput, type Mutants } from '../mutant.ts';

const sound = honest(unitOf(float32));
type Kernel = Mutants<'tokenEmbedding'>['honest'];

/** Looks up other ids: those that `change` makes of an id and the number of rows. */
const otherIds = (change: (id: number, rows: number) => number): Kernel =>
  withInput(sound, ({ table, ids }) => ({
    table,
    ids: mapped(ids, (id) => change(id, table.shape[0] ?? 1)),
  }));

const otherTable = (change: (x: number) => number): Kernel =>
  withInput(sound, ({ table, ids }) => ({
    table: mapped(table, (x) => Math.fround(change(x))),
    ids,
  }));

/** The product of one-hot rows and the table. */
const oneHotProduct: Kernel = ({ table, ids }) => {
  const width = table.shape[1] ?? 0;
  const rows = rowsOf(table);
  const values = Array.from(ids.data).flatMap((id) =>
    Array.from({ length: width }, (_, j) =>
      rows.reduce((sum, row, i) => sum + (i === id ? 1 : 0) * (row[j] ?? NaN), 0),
    ),
  );
  return { output: tensor('float32', [...ids.shape, width], values) };
};

export const tokenEmbedding: Mutants<'tokenEmbedding'> = {
  honest: sound,
  mutants: [
    {
      id: 'scaled-twice',
      defect: 'embedding-lookup-05',
      wrong: 'multiplies by √D, as the layer above does already',
      run: withOutput(sound, ({ output }) => ({
        output: mapped(output, (x) => Math.fround(x * Math.sqrt(output.shape.at(-1) ?? 1))),
      })),
    },
    {
      id: 'padding-is-zero',
      defect: 'classic',
      wrong: 'gives zeros for token 0, taken for padding',
      run: withInput(sound, ({ table, ids }) => ({
        table: mapped(table, (x, i) => (i < (table.shape[1] ?? 0) ? 0 : x)),
        ids,
      })),
    },
    {
      id: 'counts-from-one',
      defect: 'classic',
      wrong: 'takes the row before',
      run: otherIds((id) => Math.max(0, id - 1)),
    },
    {
      id: 'vocabulary-one-short',
      defect: 'classic',
      wrong: 'wraps the last id around to the first',
      run: otherIds((id, rows) => (rows > 1 && id === rows - 1 ? 0 : id)),
    },
    {
      id: 'distinct-sorted',
      defect: 'classic',
      wrong: 'gives the rows in the order of their ids',
      run: withInput(sound, ({ table, ids }) => ({
        table,
        ids: tensor(
          'int32',
          ids.shape,
          Array.from(ids.data).sort((x, y) => x - y),
        ),
      })),
    },
    {
      id: 'columns',
      defect: 'classic',
      wrong: 'reads a square table by columns',
      run: withInput(sound, ({ table, ids }) => {
        const [rows = 0, width = 0] = table.shape;
        if (rows !== width) return { table, ids };
        const from = (i: number) => (i % width) * width + Math.floor(i / width);
        return { table: rearranged(table, table.shape, from), ids };
      }),
    },
    {
      id: 'one-hot-product',
      defect: 'classic',
      wrong: 'multiplies with one-hot rows, so that NaN and Infinity of other rows leak',
      run: oneHotProduct,
    },
    {
      id: 'bfloat16-table',
      defect: 'classic',
      wrong: 'keeps the table in bfloat16',
      run: otherTable((x) => roundTo(x, 'bfloat16')),
    },
    {
      id: 'flushes-subnormals',
      defect: 'numerics-subnormal-01',
      wrong: 'flushes entries below 2^-126 to zero without saying so',
      run: otherTable((x) => (Math.abs(x) < 2 ** -126 ? 0 : x)),
    },
    {
      id: 'cleans-table',
      defect: 'classic',
      wrong: 'reads NaN as 0',
      run: otherTable((x) => (Number.isNaN(x) ? 0 : x)),
    },
    {
      id: 'fixed-point',
      defect: 'classic',
      wrong: 'keeps its table in fixed point, rounded down',
      run: withInput(sound, (input) => ({ ...input, table: fixedPoint(input.table) })),
    },
  ],
};
