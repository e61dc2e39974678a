import type { Metric } from '../../../spec/bounds/ranking.ts';
import type { Opening, Question } from '../../../spec/indexes/script.ts';
import { rowsOf, type FloatTensor } from '../../../spec/tensor.ts';
import { Rejected, Unsupported } from '../../interface/implementation.ts';
import { asked, eachQuery, something, type Hits, type Store } from '../store.ts';
import { column, type Database, type Sql } from './package.ts';

/** The operator of a metric, the class of operators that an index is made with, and the score that a distance stands for. */
export const measures = {
  cosine: { operator: '<=>', operators: 'vector_cosine_ops', score: (d: number) => 1 - d },
  dot: { operator: '<#>', operators: 'vector_ip_ops', score: (d: number) => -d },
  euclidean: { operator: '<->', operators: 'vector_l2_ops', score: (d: number) => d },
} as const satisfies Record<Metric, object>;

const literal = (row: ArrayLike<number>): string => `'[${Array.from(row).join(',')}]'`;

/** A list of values to insert. Ids and numbers alone come into the SQL. */
export const valuesOf = (ids: readonly number[], vectors: FloatTensor): string =>
  rowsOf(vectors)
    .map((row, i) => `(${ids[i]}, ${literal(row)})`)
    .join(', ');

const listOf = (ids: readonly number[]): string => `'{${ids.join(',')}}'::int[]`;

interface Tuned {
  readonly table: string;
  readonly opening: Opening;
  /** What empties the table before it is loaded: TRUNCATE, which makes its index anew, or DELETE, which leaves the dead rows in it. */
  readonly empty: 'TRUNCATE' | 'DELETE FROM';
  /** Settings for the time of a search. */
  readonly settings: (question: Question) => string;
}

async function oneSearch(
  sql: Sql,
  { table, opening: { dimension, metric } }: Tuned,
  query: readonly number[],
  { k, allowedIds }: Question,
): Promise<Hits> {
  const { operator, score } = measures[metric];
  const distance = `embedding ${operator} ${literal(query)}::vector(${dimension})`;
  const where = allowedIds === undefined ? '' : `WHERE id = ANY(${listOf(allowedIds)})`;
  const found = await sql.query(
    `SELECT id, ${distance} AS distance FROM ${table} ${where} ORDER BY ${distance} LIMIT ${k}`,
  );
  return { ids: column(found, 'id'), scores: column(found, 'distance').map(score) };
}

const search = (database: Database, tuned: Tuned, question: Question): Promise<readonly Hits[]> => {
  if (question.k < 1) throw new Unsupported('LIMIT 0 is SQL: it asks for nothing');
  return database.transaction(async (sql) => {
    await sql.exec(tuned.settings(question));
    return eachQuery(question, (query) => oneSearch(sql, tuned, query, question));
  });
};

const remove = (database: Database, table: string, ids: readonly number[]): Promise<void> =>
  database.transaction(async (sql) => {
    const { affectedRows = 0 } = await sql.query(
      `DELETE FROM ${table} WHERE id = ANY(${listOf(ids)})`,
    );
    if (affectedRows < ids.length)
      throw new Rejected(`DELETE found ${affectedRows} of ${ids.length}`);
  });

/** What stands for saving and loading one table: COPY, in the format that knows its own end. */
const saved = async (database: Database, table: string): Promise<Uint8Array> => {
  const { blob } = await database.query(`COPY ${table} TO '/dev/blob' (FORMAT binary)`);
  return new Uint8Array((await blob?.arrayBuffer()) ?? []);
};
const load = (database: Database, { table, empty }: Tuned, bytes: Uint8Array): Promise<void> =>
  database.transaction(async (sql) => {
    await sql.exec(`${empty} ${table}`);
    const blob = new Blob([Uint8Array.from(bytes)]);
    await sql.query(`COPY ${table} FROM '/dev/blob' (FORMAT binary)`, [], { blob });
  });

/** A table as an index: each call is a statement, or a transaction of some. */
export const tableStore = (database: Database, tuned: Tuned): Store => {
  const { table } = tuned;
  return {
    add: (input) =>
      asked(async () => {
        something(input);
        await database.exec(
          `INSERT INTO ${table} VALUES ${valuesOf(input.ids, input.vectors)}
           ON CONFLICT (id) DO UPDATE SET embedding = excluded.embedding`,
        );
      }),
    remove: (ids) => asked(() => remove(database, table, ids)),
    search: (question) => asked(() => search(database, tuned, question)),
    count: async () =>
      column(await database.query(`SELECT count(*) AS n FROM ${table}`), 'n')[0] ?? 0,
    save: () => saved(database, table),
    load: (bytes) => asked(() => load(database, tuned, bytes)),
    close: async () => {
      await database.exec(`DROP TABLE ${table}`);
    },
  };
};

/** How many of these ids are not in a table. */
export async function newIds(
  database: Database,
  table: string,
  ids: readonly number[],
): Promise<number> {
  const there = await database.query(`SELECT id FROM ${table} WHERE id = ANY(${listOf(ids)})`);
  return new Set(ids).size - there.rows.length;
}

let tables = 0;

/** Makes a table of its own for a session, by what is to be done with it first. */
export async function withTable<T>(
  database: Database,
  { dimension }: Opening,
  prepare: (table: string) => Promise<T>,
): Promise<T> {
  tables += 1;
  const table = `vectors${tables}`;
  await database.exec(`CREATE TABLE ${table} (id int PRIMARY KEY, embedding vector(${dimension}))`);
  try {
    return await prepare(table);
  } catch (error) {
    await database.exec(`DROP TABLE ${table}`);
    throw error;
  }
}
