import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { castTo } from '../conformance/interface/cast.ts';
import { combinationsOf } from '../conformance/checking/claim.ts';
import { judge } from '../conformance/judging/judge.ts';
import { inProcess } from '../conformance/interface/implementation.ts';
import { references } from '../reference/index.ts';
import { isName, spec, type Name } from '../spec/index.ts';
import { roundingOf, type DeclaredNumerics } from '../spec/numerics.ts';
import type { Level } from '../spec/component.ts';
import { honest } from './honest/index.ts';
import { declared, machines, unitOf, type Machine } from './honest/machine.ts';

/** Inputs for each component and machine. `HONEST_RUNS=1000 npx vitest run test/honest.test.ts` puts 10,000 to every component. */
const runs = Number(process.env['HONEST_RUNS'] ?? 70);
const seed = Number(process.env['HONEST_SEED'] ?? 1);

const numericsOf = (machine: Machine, extra: DeclaredNumerics = {}): DeclaredNumerics => {
  const own = declared(machine);
  return { ...own, ...extra, algorithm: { ...own.algorithm, ...extra.algorithm } };
};

/** The greatest share of its bound that a sound kernel used, over so many generated inputs; the first refusal instead, where there is one. */
async function refusal<N extends Name>(
  name: N,
  machine: Machine,
  level: Level,
  count: number,
): Promise<{ used: number; judged: number; refused?: string }> {
  const sound = honest[name];
  if (sound === undefined) throw new TypeError(`${name} has no sound kernel`);
  const numerics = numericsOf(machine, sound.numerics);
  const rounding = roundingOf(numerics);
  const implementation = inProcess({
    name: 'honest',
    version: '1',
    entries: { [name]: { run: sound.kernel(unitOf(machine)) } },
  });
  const chosen = combinationsOf(sound.options ?? {});
  const arbitrary = fc
    .constantFrom(...chosen)
    .chain((options) =>
      spec[name]
        .arbitrary(level, options, new Set())
        .map((input) => castTo({ ...input, ...options }, rounding)),
    );
  let used = 0;
  let judged = 0;
  for (const raw of fc.sample(arbitrary, { numRuns: count, seed })) {
    const input = spec[name].input.parse(raw);
    const answer = await implementation.run(name, input, 1);
    if (!('output' in answer)) return { used, judged, refused: JSON.stringify(answer) };
    const { verdict, decided } = judge(
      { component: spec[name], reference: references[name] },
      input,
      answer.output,
      numerics,
    );
    if (verdict.status !== 'pass')
      return {
        used,
        judged,
        refused: `${JSON.stringify(verdict)} for ${JSON.stringify(input).slice(0, 2000)}`,
      };
    used = Math.max(used, verdict.used);
    if (decided) judged += 1;
  }
  return { used, judged };
}

describe.each(Object.keys(honest).filter(isName))(
  'sound kernels of %s are never refused',
  (name) => {
    test.each(machines.map((machine) => [JSON.stringify(machine), machine] as const))(
      `on %s, over ${runs} inputs`,
      async (_title, machine) => {
        const results = [
          await refusal(name, machine, 'core', Math.ceil(runs * 0.4)),
          await refusal(name, machine, 'edge', Math.ceil(runs * 0.5)),
          await refusal(name, machine, 'scale', Math.ceil(runs * 0.1)),
        ];
        expect(results.map(({ refused }) => refused).filter((text) => text !== undefined)).toEqual(
          [],
        );
        expect(results[0]?.judged).toBeGreaterThan(0);
      },
      600_000,
    );
  },
);
