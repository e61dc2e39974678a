import { workerData } from 'node:worker_threads';
import type { CheckSettings } from '../../checking/check.ts';
import type { ComponentReport } from '../../report/report.ts';
import { attentive } from '../attentive.ts';
import { checkOne } from '../checkOne.ts';
import { start, type Invocation } from '../select.ts';
import { serve } from './thread.ts';

/** What a thread of `check` is given. */
export interface Given {
  readonly invocation: Invocation;
  readonly settings: CheckSettings;
}

const { invocation, settings }: Given = workerData;

await serve<ComponentReport>(async () => {
  const implementation = await start(invocation);
  const before = new Set(implementation.warnings);
  const watched = attentive(implementation, () => {});
  return {
    work: (name, tell) => checkOne(name, watched, settings, (_name, done) => tell(done)),
    close: async () => {
      await implementation.close();
      return (implementation.warnings ?? []).filter((warning) => !before.has(warning));
    },
  };
});
