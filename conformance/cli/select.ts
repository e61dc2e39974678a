import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { isName, names, type Name } from '../../spec/index.ts';
import {
  defaultImplementation,
  implementations,
  startAdapter,
  type Started,
} from '../implementations/index.ts';
import type { Implementation } from '../interface/implementation.ts';
import type { Values } from './command.ts';
import type { Io } from './io.ts';
import { quoted } from './text.ts';
import { textOf } from './values.ts';
import { suggestion } from '../../spec/nearest.ts';
import { UsageError } from './usage.ts';

/** Which implementation a run is about, as the options say it: what starts it again. */
export type Invocation = { readonly implementation: string } | { readonly adapter: string };

/**
 * The components that are asked for.
 *
 * @throws UsageError for a name that the catalogue lacks
 */
export function componentsOf(operands: readonly string[]): readonly Name[] {
  return [...new Set(operands.map(componentOf))];
}

/** @throws UsageError for a name that the catalogue lacks */
export function componentOf(text: string): Name {
  if (isName(text)) return text;
  throw new UsageError(
    `expected the name of a component, got ${text}; ${suggestion(text, names, 'touchstone list shows them all')}`,
  );
}

/** @throws UsageError */
export function invocationOf(
  values: Values,
  fallback: Invocation = { implementation: defaultImplementation },
): Invocation {
  const implementation = textOf(values, 'implementation');
  const adapter = textOf(values, 'adapter');
  if (implementation !== undefined && adapter !== undefined)
    throw new UsageError('--implementation and --adapter: expected one of the two, got both');
  if (adapter !== undefined && adapter.trim() === '')
    throw new UsageError('--adapter: expected a command, got only spaces');
  const chosen =
    implementation !== undefined
      ? { implementation }
      : adapter !== undefined
        ? { adapter }
        : fallback;
  if ('implementation' in chosen) checkImplementation(chosen.implementation);
  return chosen;
}

const isPath = (name: string): boolean => /[/\\]|\.[cm]?js$/.test(name);

function checkImplementation(name: string): void {
  if (Object.hasOwn(implementations, name)) return;
  const known = Object.keys(implementations);
  if (!isPath(name))
    throw new UsageError(
      `--implementation: expected one of ${known.join(', ')} or the path of a JavaScript module, got ${name}; ${suggestion(name, known, 'a module in this folder is written ./name.mjs')}`,
    );
  if (!existsSync(name) || !statSync(name).isFile())
    throw new UsageError(
      `--implementation: expected the path of a JavaScript module, got ${name}, which is no file`,
    );
}

/** Starts what an invocation names. */
export async function start(invocation: Invocation): Promise<Started> {
  if ('adapter' in invocation) return startAdapter(invocation.adapter);
  const bundled = Object.hasOwn(implementations, invocation.implementation)
    ? implementations[invocation.implementation]
    : undefined;
  if (bundled !== undefined) return bundled();
  const { fromModule } = await import('../implementations/module.ts');
  return fromModule(resolve(invocation.implementation));
}

/** The options that name this implementation on a command line. */
export const optionsText = (invocation: Invocation): string =>
  'adapter' in invocation
    ? `--adapter ${shellWord(invocation.adapter)}`
    : `--implementation ${shellWord(invocation.implementation)}`;

const shellWord = (text: string): string => (/^[\w./:=@-]+$/.test(text) ? text : quoted(text));

/** Who started an implementation: hears what is odd about it, and closes what was started besides. */
export interface Host {
  readonly warn: (warning: string) => void;
  /** What is to be done when the implementation is closed, an interrupt included. */
  readonly atClose: (action: () => Promise<void>) => void;
}

/** Starts an implementation, hands it over, and closes it whatever happens, an interrupt included. Its warnings go to stderr, each once. */
export async function withImplementation<T>(
  invocation: Invocation,
  io: Io,
  use: (implementation: Implementation, host: Host) => Promise<T>,
): Promise<T> {
  const implementation = await start(invocation);
  const shown = new Set<string>();
  const warn = (warning: string) => {
    if (shown.has(warning)) return;
    shown.add(warning);
    io.stderr.write(`touchstone: ${implementation.name}: ${warning}\n`);
  };
  const warnAll = () => implementation.warnings?.forEach(warn);
  const closing: (() => Promise<void>)[] = [];
  warnAll();
  let stop = () => {};
  const interrupted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(new Error('interrupted'));
    if (io.signal.aborted) stop();
    else io.signal.addEventListener('abort', stop, { once: true });
  });
  try {
    const host = { warn, atClose: (action: () => Promise<void>) => void closing.push(action) };
    return await Promise.race([use(implementation, host), interrupted]);
  } finally {
    io.signal.removeEventListener('abort', stop);
    await Promise.all([implementation.close(), ...closing.map((close) => close())]);
    warnAll();
  }
}
