import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The nearest folder at or above a file that holds a package.json: the package's, whether the sources run or what they were compiled to. */
function above(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder;
  const parent = dirname(folder);
  if (parent === folder)
    throw new Error('touchstone: no package.json above its own files; install it again');
  return above(parent);
}

/** The folder of the package. What is not compiled (adapters, vectors, schemas) lies below it at the same place in a checkout and when installed. */
export const packageRoot: string = above(dirname(fileURLToPath(import.meta.url)));

export const inPackage = (...path: readonly string[]): string => join(packageRoot, ...path);
