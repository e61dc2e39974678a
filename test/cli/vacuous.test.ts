import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { reportSchema } from '../../conformance/report/schema.ts';
import { call, scratch } from './call.ts';

const folder = scratch();

/** The path of a module with a softmax that answers equal probabilities wherever that can be declared. */
function moduleOf(file: string, numerics: object, answer: 'uniform' | 'right'): string {
  const path = join(folder, file);
  const weight = answer === 'uniform' ? '1' : 'Math.exp(x - best)';
  writeFileSync(
    path,
    `
const softmax = ({ logits: { dtype, shape, data } }) => {
  const width = shape.at(-1);
  const out = [];
  for (let start = 0; start < data.length; start += width) {
    const row = Array.from(data.slice(start, start + width));
    const best = Math.max(...row);
    const isNothing = row.some(Number.isNaN) || Math.abs(best) === Infinity;
    const weights = row.map((x) => (x === -Infinity ? 0 : ${weight}));
    const total = weights.reduce((sum, w) => sum + w, 0);
    out.push(...weights.map((w) => (isNothing ? NaN : w / total)));
  }
  return { probabilities: { dtype, shape, data: Float32Array.from(out) } };
};
export default { name: 'mine', version: '1', entries: { softmax: { run: softmax, numerics: ${JSON.stringify(numerics)} } } };
`,
  );
  return path;
}

const loose = moduleOf('loose.mjs', { exp: { absolute: 1 } }, 'uniform');
const few = ['--level', 'core', '--runs', '30'];

test('a vacuous verdict fails the run, and is told with what is to blame in every report', async () => {
  const [json, xml] = [join(folder, 'loose.json'), join(folder, 'loose.xml')];
  const argv = ['check', 'softmax', '--implementation', loose, ...few];
  const { status, stdout } = await call([...argv, '--report', json, '--junit', xml]);
  expect(status).toBe(1);
  expect(stdout).toMatch(/^softmax +vacuous /m);
  expect(stdout.replaceAll(/\s+/g, ' ')).toContain('exp: {"absolute":1} explains them');
  const { components } = reportSchema.parse(JSON.parse(readFileSync(json, 'utf8')));
  expect(components['softmax']).toMatchObject({
    verdict: 'vacuous',
    vacuous: { level: 'core', declaration: ['exp: {"absolute":1}'] },
    failures: [],
  });
  expect(readFileSync(xml, 'utf8')).toContain('<failure type="vacuous"');
});

test('the same declaration, said by shards, is vacuous when they are put together', async () => {
  const paths = [1, 2].map((index) => join(folder, `shard-${index}.json`));
  for (const [i, path] of paths.entries()) {
    const shard = ['--shard', `${i + 1}/2`, '--report', path];
    await call(['check', 'softmax', '--implementation', loose, ...few, ...shard]);
  }
  const merged = join(folder, 'merged.json');
  expect((await call(['merge', ...paths, '--report', merged])).status).toBe(1);
  const { components } = reportSchema.parse(JSON.parse(readFileSync(merged, 'utf8')));
  expect(components['softmax']).toMatchObject({ verdict: 'vacuous', vacuous: { level: 'core' } });
});

test('what passed and is vacuous now got worse', async () => {
  const tight = moduleOf('tight.mjs', { accumulate: 'float64' }, 'right');
  const baseline = join(folder, 'baseline.json');
  const recording = ['--output', baseline, '--against', 'none', ...few];
  const recorded = await call(['baseline', '--implementation', tight, ...recording]);
  expect(recorded).toMatchObject({ status: 0, stderr: '' });
  const { status, stdout } = await call([
    'gate',
    '--baseline',
    baseline,
    '--implementation',
    loose,
  ]);
  expect([status, stdout]).toEqual([1, expect.stringMatching(/pass\b.*\bvacuous/)]);
});
