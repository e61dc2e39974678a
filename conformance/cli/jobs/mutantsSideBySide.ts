import type { Name } from '../../../spec/index.ts';
import type { CheckSettings } from '../../checking/check.ts';
import type { ComponentMutation } from '../../checking/mutation.ts';
import { threadsFor } from './jobs.ts';
import { longestFirst } from './order.ts';
import { Threads } from './threads.ts';

/** Tries the mutants of components in threads, and returns what is left for this one: all where one thread is asked for. */
export async function mutantsSideBySide(
  chosen: readonly Name[],
  jobs: number,
  settings: CheckSettings,
  onProgress: (name: Name, done: number) => void,
  found: Map<Name, ComponentMutation>,
): Promise<readonly Name[]> {
  const count = threadsFor(jobs, chosen.length);
  if (count === 1) return chosen;
  const lost: Name[] = [];
  const threads = new Threads<ComponentMutation>({
    entry: new URL('mutantsThread.js', import.meta.url),
    given: settings,
    threads: count,
    names: longestFirst(chosen),
    onResult: (name, result) => void found.set(name, result),
    onLost: (name) => lost.push(name),
    onProgress,
    onWarning: () => {},
  });
  const rest = await threads.run();
  return [...lost, ...rest];
}
