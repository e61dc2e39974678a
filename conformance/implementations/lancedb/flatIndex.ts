import type { Opening, Question } from '../../../spec/indexes/script.ts';
import { rowsOf } from '../../../spec/tensor.ts';
import { Rejected, type Entry } from '../../interface/implementation.ts';
import {
  asked,
  complement,
  eachQuery,
  scoreOf,
  something,
  storeIndex,
  type Hits,
  type Store,
} from '../store.ts';
import type { Lance, Table } from './package.ts';

const distanceTypes = { cosine: 'cosine', dot: 'dot', euclidean: 'l2' } as const;

const among = (ids: readonly number[]): string =>
  ids.length === 0 ? 'false' : `id IN (${ids.join(', ')})`;

/** Numbers of a column: integers come as they are, or as big ones. */
const column = (rows: readonly Readonly<Record<string, unknown>>[], name: string): number[] =>
  rows.map((row) => Number(row[name]));

/** A table without an index is searched row by row; a filter comes before the search. */
const search = (
  table: Table,
  { metric }: Opening,
  question: Question,
): Promise<readonly Hits[]> => {
  const { k, allowedIds } = question;
  return eachQuery(question, async (query) => {
    const nearest = table
      .query()
      .nearestTo(Float32Array.from(query))
      .distanceType(distanceTypes[metric])
      .limit(k)
      .select(['id', '_distance']);
    const found = allowedIds === undefined ? nearest : nearest.where(among(allowedIds));
    const rows = await found.toArray();
    const distances = column(rows, '_distance');
    return {
      ids: column(rows, 'id'),
      scores: distances.map((distance) => scoreOf(metric, distance)),
    };
  });
};

/** A deletion finds what it finds: how many of the ids are there is asked before. */
async function remove(table: Table, ids: readonly number[]): Promise<void> {
  const there = await table.countRows(among(ids));
  if (there < ids.length) throw new Rejected(`${there} of ${ids.length} are there`);
  await table.delete(among(ids));
}

let tables = 0;

async function open({ database, arrow }: Lance, opening: Opening): Promise<Store> {
  const { Schema, Field, FixedSizeList, Int32, Float32 } = arrow;
  const vector = new FixedSizeList(opening.dimension, new Field('item', new Float32(), true));
  tables += 1;
  const name = `vectors${tables}`;
  const table = await database.createEmptyTable(
    name,
    new Schema([new Field('id', new Int32(), false), new Field('vector', vector, false)]),
  );
  return {
    add: (input) =>
      asked(async () => {
        something(input);
        const rows = rowsOf(input.vectors).map((row, i) => ({
          id: input.ids[i] ?? -1,
          vector: [...row],
        }));
        const merge = table.mergeInsert('id').whenMatchedUpdateAll().whenNotMatchedInsertAll();
        await merge.execute(rows);
      }),
    remove: (ids) => asked(() => remove(table, ids)),
    search: (question) => asked(() => search(table, opening, question)),
    count: () => table.countRows(),
    close: () => database.dropTable(name),
  };
}

/** A table is saved as it is written; there are no bytes to hand over. */
export const flatIndex = (lance: Lance): Entry<'flatIndex'> => ({
  numerics: complement,
  run: storeIndex((opening: Opening) => open(lance, opening)),
});
