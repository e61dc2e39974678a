import { hasFunctions, optionalPackage } from '../optional.ts';

interface Result {
  readonly rows: readonly unknown[];
  readonly affectedRows?: number;
  readonly blob?: Blob;
}

/** Takes SQL: the database, or a transaction in it. */
export interface Sql {
  readonly query: (
    sql: string,
    parameters?: readonly unknown[],
    options?: { readonly blob: Blob },
  ) => Promise<Result>;
  readonly exec: (sql: string) => Promise<unknown>;
}
export interface Database extends Sql {
  readonly transaction: <T>(run: (transaction: Sql) => Promise<T>) => Promise<T>;
  readonly close: () => Promise<void>;
}
interface PGliteModule {
  readonly PGlite: {
    readonly create: (options: { readonly extensions: object }) => Promise<Database>;
  };
}
interface VectorModule {
  readonly vector: object;
}

const isPGlite = (loaded: unknown): loaded is PGliteModule => hasFunctions(loaded, ['PGlite']);
const isVector = (loaded: unknown): loaded is VectorModule =>
  typeof loaded === 'object' && loaded !== null && 'vector' in loaded;

/**
 * Starts a database in this process, in memory, with the extension.
 *
 * @throws BrokenPackage when one of the two packages is not installed, or does not load
 */
export async function startDatabase(): Promise<Database> {
  const implementation = 'pgvector';
  const { PGlite } = await optionalPackage({
    implementation,
    name: '@electric-sql/pglite',
    version: '0.5.14',
    is: isPGlite,
  });
  const { vector } = await optionalPackage({
    implementation,
    name: '@electric-sql/pglite-pgvector',
    version: '0.0.15',
    is: isVector,
  });
  const database = await PGlite.create({ extensions: { vector } });
  await database.exec('CREATE EXTENSION vector');
  return database;
}

/** A column of the rows of a result. */
export const column = ({ rows }: Result, name: string): readonly number[] =>
  rows.map((row) =>
    typeof row === 'object' && row !== null
      ? Number(new Map<string, unknown>(Object.entries(row)).get(name))
      : NaN,
  );
