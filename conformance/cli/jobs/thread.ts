import { parentPort } from 'node:worker_threads';
import type { Name } from '../../../spec/index.ts';
import { watchGroups } from '../../implementations/process/group.ts';
import type { FromThread, ToThread } from './messages.ts';

/** What a thread does with a component; `tell` is called with the share that is done. */
export type Work<T> = (name: Name, tell: (done: number) => void) => Promise<T>;

/** What a thread is at work with, until it ends. */
export interface Workplace<T> {
  readonly work: Work<T>;
  /** Closes what was started, and says what was odd. */
  readonly close: () => Promise<readonly string[]>;
}

/** The thread's side: starts, takes one component after another, and closes when it is told to, or says that it cannot start. */
export async function serve<T>(start: () => Promise<Workplace<T>>): Promise<void> {
  const port = parentPort;
  if (port === null) throw new Error('expected to run in a thread');
  const say = (message: FromThread<T>) => port.postMessage(message, []);
  watchGroups((group, lives) => say({ group, lives }));
  const place = await start().catch((error: unknown) => {
    say({ unable: error instanceof Error ? error.message : String(error) });
  });
  if (place === undefined) return;
  let isAtWork = false;
  port.on('message', async (message: ToThread) => {
    if ('take' in message) {
      isAtWork = true;
      const result = await place.work(message.take, (done) => say({ done }));
      isAtWork = false;
      say({ result });
    } else {
      say({ warnings: await place.close() });
      if (isAtWork) process.exit();
      port.close();
    }
  });
  say({ ready: true });
}
