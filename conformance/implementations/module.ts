import { pathToFileURL } from 'node:url';
import { numericsSchema } from '../../spec/numerics.ts';
import { isName, names, type Name } from '../../spec/index.ts';
import { show } from '../../spec/schema.ts';
import { suggestion } from '../../spec/nearest.ts';
import { optionProblem } from '../interface/options.ts';
import { offerSchema } from '../interface/protocol.ts';
import { inProcess, type Entries, type Implementation } from '../interface/implementation.ts';

/** A module that cannot be put under test. Ends a run, as an adapter that does not start does. */
export class BrokenModule extends Error {
  override readonly name = 'AdapterBroken';
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const isImplementation = (value: unknown): value is Implementation =>
  isObject(value) &&
  'offers' in value &&
  value.offers instanceof Map &&
  'run' in value &&
  typeof value.run === 'function' &&
  'close' in value &&
  typeof value.close === 'function';

/** What is wrong with one entry, or nothing. What its function returns is for the judge to say. */
function entryProblem(key: string, entry: unknown): string | undefined {
  if (!isName(key))
    return `expected names of components, got ${show(key)}; ${suggestion(key, names, 'touchstone list shows them all')}`;
  if (!isObject(entry) || !('run' in entry) || typeof entry.run !== 'function')
    return `${key}: expected { run: a function, numerics? }, got ${typeof entry === 'function' ? 'a function: write { run: … }' : show(entry)}`;
  const parsed = numericsSchema.safeParse('numerics' in entry ? (entry.numerics ?? {}) : {});
  if (parsed.success) return optionsProblem(key, 'options' in entry ? entry.options : undefined);
  const [issue] = parsed.error.issues;
  return `${[key, 'numerics', ...(issue?.path ?? [])].join('.')}: ${issue?.message}`;
}

function optionsProblem(name: Name, declared: unknown): string | undefined {
  const parsed = offerSchema.shape.options.safeParse(declared);
  if (!parsed.success) return `${name}.options: ${parsed.error.issues[0]?.message}`;
  const problems = Object.entries(parsed.data ?? {}).flatMap(([option, values]) =>
    optionProblem(name, option, values).map((text) => `${name}.options.${option}: ${text}`),
  );
  return problems[0];
}

function isEntries(value: unknown, problems: string[]): value is Entries {
  if (!isObject(value)) return false;
  for (const [key, entry] of Object.entries(value)) {
    const problem = entryProblem(key, entry);
    if (problem !== undefined) problems.push(problem);
  }
  return problems.length === 0;
}

/**
 * The implementation that a JavaScript module exports by default: what `inProcess` returns, or { name?, version?, entries }.
 *
 * @throws BrokenModule
 */
export async function fromModule(path: string): Promise<Implementation> {
  const broken = (problem: string) => new BrokenModule(`${path}: ${problem}`);
  let loaded: unknown;
  try {
    loaded = await import(pathToFileURL(path).href);
  } catch (error) {
    throw broken(
      `could not be loaded: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
  }
  const found: unknown = isObject(loaded) && 'default' in loaded ? loaded.default : undefined;
  if (isImplementation(found)) return found;
  if (!isObject(found) || !('entries' in found))
    throw broken(
      `expected a default export of { entries: { softmax: { run, numerics? }, … } }, or what inProcess(…) returns, got ${show(found)}`,
    );
  const problems: string[] = [];
  const { entries } = found;
  if (!isEntries(entries, problems))
    throw broken(`entries: ${problems[0] ?? `expected an object, got ${show(entries)}`}`);
  const name = 'name' in found && typeof found.name === 'string' ? found.name : path;
  const version =
    'version' in found && typeof found.version === 'string' ? found.version : 'unversioned';
  return inProcess({ name, version, entries });
}
