import type { Entries, Entry } from '../../interface/implementation.ts';
import { namedWeights, openGpt } from './gpt.ts';
import type { Runtime } from './runtime.ts';

/** A session for each input: the weights are constants of the graph. */
const gpt = (runtime: Runtime): Entry<'gpt'> => ({
  numerics: runtime.exponentials,
  run: async ({ ids, weights, config }) => {
    const model = await openGpt(runtime, namedWeights(weights), config);
    try {
      return { logits: await model.logits(ids) };
    } finally {
      await model.close();
    }
  },
});

export const models = (runtime: Runtime): Entries => ({ gpt: gpt(runtime) });
