import { BrokenPackage, hasFunctions, optionalPackage } from '../optional.ts';
import { pythonCommand } from '../python.ts';

interface SqliteVec {
  readonly getLoadablePath: () => string;
}

const isSqliteVec = (loaded: unknown): loaded is SqliteVec =>
  hasFunctions(loaded, ['getLoadablePath']);

/**
 * A command that starts the adapter, in the first Python whose SQLite loads extensions, with that of the npm package.
 *
 * @throws BrokenPackage
 */
export async function command(): Promise<string> {
  return pythonCommand({
    folder: 'sqlite-vec',
    needs: 'from sqlite3 import Connection as C; C.enable_load_extension, C.serialize',
    none: 'no python3 from 3.11 on whose SQLite loads extensions: install Debian’s python3',
    operands: [await extension()],
  });
}

/** The package is there on every platform, the extension where it was built. */
async function extension(): Promise<string> {
  const { getLoadablePath } = await optionalPackage({
    implementation: 'sqlite-vec',
    name: 'sqlite-vec',
    version: '0.1.9',
    is: isSqliteVec,
  });
  try {
    return getLoadablePath();
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new BrokenPackage(`the implementation sqlite-vec: ${problem}`, { cause });
  }
}
