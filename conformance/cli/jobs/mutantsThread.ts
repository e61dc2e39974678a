import { workerData } from 'node:worker_threads';
import type { CheckSettings } from '../../checking/check.ts';
import { componentMutation, type ComponentMutation } from '../../checking/mutation.ts';
import { candidates } from '../mutants.ts';
import { serve } from './thread.ts';

/** A thread of `mutants`. */
const settings: CheckSettings = workerData;

await serve<ComponentMutation>(async () => {
  const { table, fallback } = await candidates();
  return {
    work: (name, tell) => componentMutation(name, table, fallback, settings, tell),
    close: async () => [],
  };
});
