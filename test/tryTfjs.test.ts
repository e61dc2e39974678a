import { test } from 'vitest';
import { checkComponent, defaultSettings } from '../conformance/check.ts';
import { tfjs } from '../conformance/implementations/tfjs/index.ts';
import type { Level } from '../spec/component.ts';

// BACKEND=wasm WHICH=softmax,topK LEVELS=core,edge RUNS=100 SEEDS=3 npx vitest run test/tryTfjs.test.ts
const env = (name: string, otherwise: string) => process.env[name] ?? otherwise;
test('try', async () => {
  for (const backend of env('BACKEND', 'wasm,cpu').split(',')) {
    if (backend !== 'wasm' && backend !== 'cpu' && backend !== 'webgpu' && backend !== 'native') continue;
    const implementation = await tfjs(backend);
    const names = [...implementation.offers.keys()].filter((name) => env('WHICH', 'all') === 'all' || env('WHICH', '').split(',').includes(name));
    const levels = env('LEVELS', 'core,edge,scale').split(',').filter((level): level is Level => level === 'core' || level === 'edge' || level === 'scale');
    for (const name of names)
      for (let seed = 1; seed <= Number(env('SEEDS', '1')); seed += 1) {
        const r = await checkComponent(name, implementation, { ...defaultSettings, levels, runs: Number(env('RUNS', '100')), seed });
        process.stdout.write(`${backend} ${name} ${seed} ${r.verdict} ${r.executed} used ${r.worstUsed.toFixed(3)} ${r.seconds.toFixed(2)}s ${r.reason ?? ''}${r.failures.slice(0, 3).map((f) => `\n     ${f.kind} ${f.law ?? ''} at ${f.at}: ${f.message} ${JSON.stringify(f.input).slice(0, 600)} ${f.replay}`).join('')}\n`);
      }
  }
}, 6000000);
