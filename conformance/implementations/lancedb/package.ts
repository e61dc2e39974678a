import { hasFunctions, optionalPackage } from '../optional.ts';

interface Row {
  readonly id: number;
  readonly vector: readonly number[];
}
interface Merge {
  readonly whenMatchedUpdateAll: () => Merge;
  readonly whenNotMatchedInsertAll: () => Merge;
  readonly execute: (rows: readonly Row[]) => Promise<unknown>;
}
/** A query, put together step by step. */
export interface Query {
  readonly nearestTo: (vector: Float32Array) => Query;
  readonly distanceType: (name: 'cosine' | 'dot' | 'l2') => Query;
  readonly where: (predicate: string) => Query;
  readonly limit: (k: number) => Query;
  readonly select: (columns: readonly string[]) => Query;
  readonly toArray: () => Promise<readonly Readonly<Record<string, unknown>>[]>;
}
export interface Table {
  readonly mergeInsert: (on: string) => Merge;
  readonly delete: (predicate: string) => Promise<unknown>;
  readonly query: () => Query;
  readonly countRows: (predicate?: string) => Promise<number>;
  readonly close: () => void;
}
export interface Database {
  readonly createEmptyTable: (name: string, schema: object) => Promise<Table>;
  readonly dropTable: (name: string) => Promise<void>;
  readonly close: () => void;
}
interface LanceModule {
  readonly connect: (uri: string) => Promise<Database>;
}

type Type = new () => object;
/** The package that lancedb describes its tables with. */
export interface Arrow {
  readonly Schema: new (fields: readonly object[]) => object;
  readonly Field: new (name: string, type: object, nullable: boolean) => object;
  readonly FixedSizeList: new (size: number, item: object) => object;
  readonly Int32: Type;
  readonly Float32: Type;
}

export const tried = '0.37.1';

const isLance = (loaded: unknown): loaded is LanceModule => hasFunctions(loaded, ['connect']);
const isArrow = (loaded: unknown): loaded is Arrow =>
  hasFunctions(loaded, ['Schema', 'Field', 'FixedSizeList', 'Int32', 'Float32']);

/** A database in memory, and what its tables are described with. */
export interface Lance {
  readonly database: Database;
  readonly arrow: Arrow;
}

/** @throws BrokenPackage when lancedb is not installed, or does not load */
export async function startLance(): Promise<Lance> {
  const wanted = { implementation: 'lancedb', version: tried };
  const { connect } = await optionalPackage({ ...wanted, name: '@lancedb/lancedb', is: isLance });
  const arrow = await optionalPackage({
    ...wanted,
    name: 'apache-arrow',
    version: '18.1.0',
    is: isArrow,
  });
  return { database: await connect('memory://'), arrow };
}
