import type { Name } from '../../../spec/index.ts';
import { unjudged, type CheckSettings } from '../../checking/check.ts';
import type { ComponentReport } from '../../report/report.ts';
import type { Host, Invocation } from '../select.ts';
import type { Given } from './checkThread.ts';
import { threadsFor } from './jobs.ts';
import { longestFirst } from './order.ts';
import { Threads } from './threads.ts';

/** What is checked, and by how many threads. */
interface Asked {
  readonly invocation: Invocation;
  readonly settings: CheckSettings;
  readonly jobs: number;
  readonly before?: Readonly<Record<string, number>>;
}

/**
 * Checks components in threads, each of which starts the implementation again, and returns what is left for this one: all where one thread is asked for,
 * and where the implementation does not start a second time.
 */
export async function sideBySide(
  chosen: readonly Name[],
  { invocation, settings, jobs, before }: Asked,
  host: Host,
  onProgress: (name: Name, done: number) => void,
  onResult: (name: Name, report: ComponentReport) => void,
): Promise<readonly Name[]> {
  const count = threadsFor(jobs, chosen.length);
  if (count === 1) return chosen;
  const given: Given = { invocation, settings };
  const threads = new Threads<ComponentReport>({
    entry: new URL('checkThread.js', import.meta.url),
    given,
    threads: count,
    names: longestFirst(chosen, before),
    onResult,
    onLost: (name, reason) => onResult(name, unjudged('broken', `it is lost: ${reason}`)),
    onProgress,
    onWarning: host.warn,
  });
  host.atClose(() => threads.stop());
  return threads.run();
}
