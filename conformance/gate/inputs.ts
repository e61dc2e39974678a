import { createHash } from 'node:crypto';
import fc from 'fast-check';
import type { Name } from '../../spec/index.ts';
import type { Implementation, Offer } from '../interface/implementation.ts';
import { stageSeed } from '../checking/seeds.ts';
import { stagesOf, type StageSettings } from '../checking/stages.ts';
import { toWire } from '../interface/wire.ts';
import { claimOf } from '../checking/claim.ts';

/**
 * A digest of the first input of each stage. All inputs follow from the seed and from how they are made; where either is another, so is the first.
 */
export function inputsDigest(
  name: Name,
  implementation: Implementation,
  offer: Offer,
  settings: StageSettings & { readonly seed: number },
): string {
  const hash = createHash('sha256');
  for (const stage of stagesOf(name, implementation, claimOf(name, offer), settings)) {
    const [input] = fc.sample(stage.arbitrary, {
      seed: stageSeed(settings.seed, name, stage),
      numRuns: 1,
    });
    hash.update(
      JSON.stringify([stage.level, stage.kind, stage.title, stage.runs, toWire(input, 'packed')]),
    );
  }
  return hash.digest('hex').slice(0, 16);
}
