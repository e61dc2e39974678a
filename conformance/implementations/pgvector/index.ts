import { inProcess, type Implementation } from '../../interface/implementation.ts';
import { entriesOn } from './entries.ts';
import { startDatabase, type Database } from './package.ts';

const versionOf = async (database: Database): Promise<string> => {
  const { rows } = await database.query(
    "SELECT extversion FROM pg_extension WHERE extname = 'vector'",
  );
  const [row] = rows;
  return typeof row === 'object' && row !== null && 'extversion' in row
    ? String(row.extversion)
    : 'unknown';
};

/** What a database with the extension offers, component by component. */
export const pgvectorOn = async (database: Database): Promise<Implementation> =>
  inProcess({
    name: 'pgvector',
    version: await versionOf(database),
    entries: entriesOn(database),
    close: () => database.close(),
  });

/**
 * pgvector in PGlite, PostgreSQL in this process. One database serves all sessions, with a table for each.
 *
 * @throws BrokenPackage when one of its two packages is not installed, or does not load
 */
export const pgvector = async (): Promise<Implementation> => pgvectorOn(await startDatabase());
