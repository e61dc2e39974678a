import { test } from 'vitest';
import { checkComponent, defaultSettings } from '../conformance/check.ts';
import { inProcess } from '../conformance/implementation.ts';
import { mutants } from './mutants/index.ts';
import { machines, declared, unitOf, mapRows } from './honest/machine.ts';
import { honest } from './honest/index.ts';
import { plainFloat32 } from './mutants/mutant.ts';
import { layerNormBy, twoPasses, welford } from './honest/layers/layerNorm.ts';
import { throughErfc } from './honest/layers/gelu.ts';

const seeds = Array.from({ length: Number(process.env['SEEDS'] ?? 6) }, (_, i) => 1000 + i * 77);
const levels = ['core', 'edge', 'scale'] as const;
const out = (s: string) => process.stdout.write(s + '\n');
async function sweep(name: any) {
  const sound: any = (honest as any)[name];
  const set: any = (mutants as any)[name];
  for (const seed of seeds) {
    const settings = { ...defaultSettings, levels, seed };
    const run = async (label: string, kernel: any, numerics: any, options: any, lv: any = levels, expectFail = false) => {
      const r = await checkComponent(name, inProcess({ name: 'x', version: '', entries: { [name]: { run: kernel, numerics, options } } } as any), { ...settings, levels: lv });
      const ok = (r.verdict === 'pass') !== expectFail;
      const kinds = new Set(r.failures.map((f) => f.kind + ':' + (f.law ?? f.level)));
      if (!ok || process.env['VERBOSE']) out(`${ok ? '' : 'BAD '}${name} ${seed} ${label} ${r.verdict} ${r.executed} ${r.worstUsed.toFixed(3)} ${r.reason ?? ''} ${[...kinds].join(',').slice(0,200)} ${expectFail ? '' : r.failures.map((f) => f.message + JSON.stringify(f.input).slice(0, 500)).join('|')}`);
    };
    if (sound) for (const m of machines) await run(JSON.stringify(m), sound.kernel(unitOf(m)), { ...declared(m), ...sound.numerics }, sound.options ?? {});
    if (name === 'gelu') for (const m of machines) { const u = unitOf(m); await run('erfc ' + JSON.stringify(m), ({ input }: any) => ({ output: u.store(input.shape, Array.from(input.data as number[], (x) => throughErfc(u, x))) }), { ...declared(m), erf: { ulp: 1 }, algorithm: { gelu: 'erfc' } }, {}); }
    if (name === 'layerNorm' && !process.env['BASE']) for (const m of machines) {
      const u = unitOf(m);
      if (!process.env['FOLD']) await run('welford ' + JSON.stringify(m), layerNormBy(welford)(u), declared(m), {});
      if (!process.env['FOLD']) await run('two default ' + JSON.stringify(m), layerNormBy(twoPasses)(u), declared(m), {});
      const onePass = ({ round, sum, dot }: any, row: readonly number[]) => { const c = round(row.length); const mean = round(sum(row) / c); return { mean, variance: Math.max(0, round(round(dot(row, row) / c) - round(mean * mean))) }; };
      if (!process.env['FOLD']) await run('one ' + JSON.stringify(m), layerNormBy(onePass)(u), { ...declared(m), algorithm: { variance: 'one-pass' } }, {});
      const { round } = u;
      const folded = ({ input, gain, bias, epsilon }: any) => ({ output: mapRows(u, input, (row: any) => { const { mean, variance } = twoPasses(u, row); const r = round(1 / round(Math.sqrt(round(variance + round(epsilon))))); return row.map((x: number, i: number) => { const s = round(r * gain.data[i]); return round(round(x * s) + round(bias.data[i] - round(mean * s))); }); }) });
      await run('folded ' + JSON.stringify(m), folded, { ...declared(m), algorithm: { variance: 'two-pass', layerNorm: 'folded' } }, {});
      const recip = ({ input, gain, bias, epsilon }: any) => ({ output: mapRows(u, input, (row: any) => { const n = round(1 / round(row.length)); const mean = round(u.sum(row) * n); const c = row.map((x: number) => round(x - mean)); const variance = round(u.dot(c, c) * n); const s = round(Math.sqrt(round(variance + round(epsilon)))); return c.map((x: number, i: number) => round(round(round(x / s) * gain.data[i]) + bias.data[i])); }) });
      if (!process.env['FOLD']) await run('recip ' + JSON.stringify(m), recip, { ...declared(m), algorithm: { variance: 'two-pass' } }, {});
    }
    await run('honest', set.honest, set.numerics ?? plainFloat32, set.options ?? {});
    for (const m of set.mutants) await run('MUTANT ' + m.id, m.run, m.numerics ?? set.numerics ?? plainFloat32, m.options ?? set.options ?? {}, ['core', 'edge'], true);
  }
  out(name + ' done');
}
test('sweep', async () => { for (const n of (process.env['WHICH'] ?? '').split(',')) await sweep(n); }, 600000);
