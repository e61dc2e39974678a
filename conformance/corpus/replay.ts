import type { Replayed } from '../checking/check.ts';
import type { Implementation } from '../interface/implementation.ts';
import { runStage } from '../checking/runStage.ts';
import { newTally } from '../checking/tally.ts';
import type { CorpusCase } from './schema.ts';
import { keptStages } from './stages.ts';
import { claimOf } from '../checking/claim.ts';

/** Runs a case of the corpus again. */
export async function replayKept(
  one: CorpusCase,
  implementation: Implementation,
  timeoutSeconds: number,
): Promise<Replayed> {
  const offer = implementation.offers.get(one.component);
  if (offer === undefined)
    return { judged: 0, reason: `${implementation.name} does not offer ${one.component}` };
  const stages = keptStages(one.component, implementation, claimOf(one.component, offer), {
    timeoutSeconds,
    corpus: [one],
  });
  const tally = newTally();
  for (const stage of stages) {
    const failure = await runStage(one.component, stage, { seed: 0, numRuns: 1 }, tally);
    if (failure !== undefined) return { failure };
  }
  return {
    judged: tally.corpus + tally.silent,
    reason: tally.reason ?? `${implementation.name} does not follow the options that it asks for`,
  };
}
