import { createRequire } from 'node:module';

/** A package that an implementation needs is missing or does not load. Ends a run, as an adapter that does not start does. */
export class BrokenPackage extends Error {
  override readonly name = 'AdapterBroken';
}

/** A package that is no dependency, and its types neither: what of it is used here. */
interface Wanted<T> {
  readonly implementation: string;
  readonly name: string;
  /** What is imported of it, where that is not its main module. */
  readonly module?: string;
  /** The version that was tried. */
  readonly version: string;
  readonly is: (loaded: unknown) => loaded is T;
}

const { resolve } = createRequire(import.meta.url);

function isInstalled(name: string): boolean {
  try {
    return resolve(name) !== '';
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND');
  }
}

/**
 * Loads an optional package.
 *
 * @throws BrokenPackage that says what is missing and how to get it
 */
export async function optionalPackage<T>({
  implementation,
  name,
  module = name,
  version,
  is,
}: Wanted<T>): Promise<T> {
  const purpose = `the implementation ${implementation} needs the package ${name}, which`;
  try {
    const loaded: unknown = await import(module);
    if (is(loaded)) return loaded;
  } catch (cause) {
    const problem = isInstalled(module)
      ? `could not be loaded: ${cause instanceof Error ? cause.message : String(cause)}`
      : `is not installed: run npm install ${name}@${version}`;
    throw new BrokenPackage(`${purpose} ${problem}`, { cause });
  }
  throw new BrokenPackage(`${purpose} has not what is used of it: ${version} was tried`);
}

/** Whether an object has functions (or classes) of these names. */
export const hasFunctions = (value: unknown, names: readonly string[]): boolean =>
  typeof value === 'object' &&
  value !== null &&
  names.every((name) => typeof new Map(Object.entries(value)).get(name) === 'function');
