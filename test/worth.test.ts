import { describe, expect, test } from 'vitest';
import type { Level } from '../spec/component.ts';
import { isName, type Name } from '../spec/index.ts';
import type { DeclaredNumerics } from '../spec/numerics.ts';
import { claimOf } from '../conformance/checking/claim.ts';
import { runStage } from '../conformance/checking/runStage.ts';
import { stageSeed } from '../conformance/checking/seeds.ts';
import { stagesOf } from '../conformance/checking/stages.ts';
import { addTally, newTally } from '../conformance/checking/tally.ts';
import { vacuousOf } from '../conformance/checking/vacuous.ts';
import { inProcess } from '../conformance/interface/implementation.ts';
import { honest } from './honest/index.ts';
import { declared, machines, unitOf, type Machine } from './honest/machine.ts';

/** Inputs of each level. `HONEST_RUNS=400 HONEST_LEVELS=core,edge,scale npx vitest run test/worth.test.ts` puts 12,000 to every component. */
const runs = Number(process.env['HONEST_RUNS'] ?? 6);
const seed = Number(process.env['HONEST_SEED'] ?? 1);
const asked = (process.env['HONEST_LEVELS'] ?? 'core').split(',');
const levels = (['core', 'edge', 'scale', 'size'] as const).filter((level: Level) =>
  asked.includes(level),
);

const numericsOf = (machine: Machine, extra: DeclaredNumerics = {}): DeclaredNumerics => {
  const own = declared(machine);
  return { ...own, ...extra, algorithm: { ...own.algorithm, ...extra.algorithm } };
};

/** Models that have lost all digits where sums are kept in bfloat16: any answer is within their bounds, and that is what is said. */
const lost: readonly Name[] = ['bert', 'encoderDecoder', 'gpt'];

/** What is said of the passes of a sound kernel. */
async function said<N extends Name>(name: N, machine: Machine) {
  const sound = honest[name];
  if (sound === undefined) throw new TypeError(`${name} has no sound kernel`);
  const { kernel, options = {}, numerics: extra } = sound;
  const numerics = numericsOf(machine, extra);
  const implementation = inProcess({
    name: 'honest',
    version: '1',
    entries: { [name]: { run: kernel(unitOf(machine)), options, numerics } },
  });
  const offer = implementation.offers.get(name);
  if (offer === undefined) throw new TypeError(`${name} is not offered`);
  const claim = claimOf(name, offer);
  const settings = { levels, runs, seed, timeoutSeconds: 100 };
  const tally = newTally();
  for (const stage of stagesOf(name, implementation, claim, settings)) {
    if (stage.kind !== 'generated') continue;
    const counted = newTally();
    const drawn = { seed: stageSeed(seed, name, stage), numRuns: stage.runs };
    await runStage(name, stage, drawn, counted);
    addTally(tally, counted);
  }
  return { vacuous: vacuousOf(name, claim, tally), warnings: tally.warnings };
}

describe.each(Object.keys(honest).filter(isName))('passes of sound kernels of %s', (name) => {
  test.each(machines.map((machine) => [JSON.stringify(machine), machine] as const))(
    'say something and are warned of nothing, on %s',
    async (_title, machine) => {
      const { vacuous, warnings } = await said(name, machine);
      expect(warnings).toEqual([]);
      const blamed = vacuous?.declaration.map((text) => text.split(':')[0]);
      const isLost = machine.accumulate === 'bfloat16' && lost.includes(name);
      if (!isLost) expect(blamed).toBeUndefined();
      else expect(blamed ?? ['accumulate']).toEqual(['accumulate']);
    },
    3_600_000,
  );
});
