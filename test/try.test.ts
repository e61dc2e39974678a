import { test } from 'vitest';
import { checkComponent, defaultSettings } from '../conformance/check.ts';
import { inProcess } from '../conformance/implementation.ts';
import { referenceImplementation } from '../conformance/implementations/reference/index.ts';
import { isName } from '../spec/index.ts';
import type { Name } from '../spec/index.ts';
import { mutants } from './mutants/index.ts';
import { machines, declared, unitOf } from './honest/machine.ts';
import { honest } from './honest/index.ts';
import { plainFloat32 } from './mutants/mutant.ts';

// WHICH="softmax" npx vitest run test/try.test.ts
const show = (label: string, r: Awaited<ReturnType<typeof checkComponent>>) => process.stdout.write(`${label} ${r.verdict} ${r.executed} used ${r.worstUsed.toFixed(3)} ${r.seconds.toFixed(2)}s ${r.reason ?? ''}${r.failures.slice(0, label.includes('MUTANT') ? 0 : 2).map((f) => `\n     ${f.kind} ${f.law ?? ''} at ${f.at}: ${f.message} ${JSON.stringify(f.input).slice(0, 600)} ${f.replay}`).join('')}\n`);
async function all<N extends Name>(name: N) {
  const settings = { ...defaultSettings, runs: Number(process.env["RUNS"] ?? 100), levels: ['core', 'edge', 'scale'] as const };
  show(`${name} reference`, await checkComponent(name, referenceImplementation(), settings));
  const sound = honest[name];
  const run = (kernel: (typeof mutants)[N]['honest'], numerics: object, options: object) => inProcess({ name: 'x', version: '', entries: { [name]: { run: kernel, numerics, options } } });
  if (sound !== undefined)
    for (const machine of machines) show(`${name} ${JSON.stringify(machine)}`, await checkComponent(name, run(sound.kernel(unitOf(machine)), { ...declared(machine), ...sound.numerics, algorithm: { ...declared(machine).algorithm, ...sound.numerics?.algorithm } }, sound.options ?? {}), settings));
  const set = mutants[name];
  show(`${name} mutants' honest`, await checkComponent(name, run(set.honest, set.numerics ?? plainFloat32, set.options ?? {}), defaultSettings));
  for (const m of set.mutants) show(`${name} MUTANT ${m.id}`, await checkComponent(name, run(m.run, m.numerics ?? set.numerics ?? plainFloat32, m.options ?? set.options ?? {}), defaultSettings));
}
test('try', async () => {
  for (const name of (process.env['WHICH'] ?? '').split(',')) if (isName(name)) await all(name);
}, 600000);
