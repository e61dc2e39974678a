import type { HnswOpening } from '../../../spec/indexes/hnswIndex.ts';
import type { IvfOpening } from '../../../spec/indexes/ivfFlatIndex.ts';
import type { Opening, Question } from '../../../spec/indexes/script.ts';
import { Unsupported, type Entries } from '../../interface/implementation.ts';
import { storeIndex, type Store } from '../store.ts';
import type { Database } from './package.ts';
import { measures, newIds, tableStore, valuesOf, withTable } from './table.ts';

const between = (least: number, x: number, most: number): number =>
  Math.max(least, Math.min(most, x));

/** The planner takes no index for so few rows, unless it is told to. */
const byIndex = 'SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off';

const flat = (database: Database, opening: Opening): Promise<Store> =>
  withTable(database, opening, async (table) =>
    tableStore(database, { table, opening, empty: 'TRUNCATE', settings: () => '' }),
  );

/**
 * What pgvector asks of the settings: m up to 100, ef_construction from 4 up to 1000, at least twice m; ef_search up to 1000, and no less than k,
 * since an index scan finds no more than that.
 */
function hnsw(database: Database, opening: HnswOpening): Promise<Store> {
  const { metric, m, efConstruction, capacity } = opening;
  if (m > 100) throw new Unsupported('m is at most 100');
  const settings = ({ ef = 0, k }: Question) =>
    `${byIndex}; SET LOCAL hnsw.ef_search = ${between(1, Math.max(ef, k), 1000)}`;
  return withTable(database, opening, async (table) => {
    await database.exec(
      `CREATE INDEX ON ${table} USING hnsw (embedding ${measures[metric].operators})
       WITH (m = ${m}, ef_construction = ${between(Math.max(4, 2 * m), efConstruction, 1000)})`,
    );
    const store = tableStore(database, { table, opening, empty: 'TRUNCATE', settings });
    const add: Store['add'] = async (input) => {
      const more = await newIds(database, table, input.ids);
      if ((await store.count()) + more > capacity) throw new Unsupported('a table has no capacity');
      await store.add(input);
    };
    return { ...store, add };
  });
}

/** Lists are made from the rows that are there when the index is: those of the training, which are then deleted. */
function ivf(database: Database, opening: IvfOpening): Promise<Store> {
  const { dimension, metric, lists, training } = opening;
  if (dimension === 1 && metric !== 'euclidean')
    throw new Unsupported('ivfflat takes no single component for this operator');
  const ids = Array.from({ length: training.shape[0] ?? 0 }, (_, i) => -1 - i);
  const settings = ({ probes = lists }: Question) =>
    `${byIndex}; SET LOCAL ivfflat.probes = ${Math.min(probes, lists)}`;
  return withTable(database, opening, async (table) => {
    await database.exec(
      `INSERT INTO ${table} VALUES ${valuesOf(ids, training)};
       CREATE INDEX ON ${table} USING ivfflat (embedding ${measures[metric].operators})
       WITH (lists = ${lists});
       DELETE FROM ${table}`,
    );
    return tableStore(database, { table, opening, empty: 'DELETE FROM', settings });
  });
}

/** The extension's exact search and its two indexes. Distances are summed in float32, and the rest is done in float64. */
export const entriesOn = (database: Database): Entries => ({
  flatIndex: { run: storeIndex((opening: Opening) => flat(database, opening)) },
  hnswIndex: { run: storeIndex((opening: HnswOpening) => hnsw(database, opening)) },
  ivfFlatIndex: { run: storeIndex((opening: IvfOpening) => ivf(database, opening)) },
});
