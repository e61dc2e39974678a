import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { installedReportSchema } from '../../conformance/report/schema.ts';
import { call } from './call.ts';

const folder = mkdtempSync(join(tmpdir(), 'touchstone-installed-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('every implementation that is installed is in one report, and why others are not', async () => {
  const [path, xml] = [join(folder, 'all.json'), join(folder, 'all.xml')];
  const args = ['--all-installed', '--family', 'accounting', '--level', 'core', '--runs', '2'];
  const { status, stdout } = await call(['check', ...args, '--report', path, '--junit', xml]);
  expect(status).toBe(0);
  const { complete, reports, skipped } = installedReportSchema.parse(
    JSON.parse(readFileSync(path, 'utf8')),
  );
  expect(complete).toBe(true);
  const named = reports.map(({ invocation }) => JSON.stringify(invocation));
  expect(named).toContain('{"implementation":"tfjs"}');
  expect(named).toContain('{"implementation":"reference"}');
  for (const { components } of reports)
    for (const { verdict } of Object.values(components)) expect(verdict).toBe('pass');
  expect(skipped.map(({ implementation }) => implementation)).toContain('javascript-template');
  expect(stdout).toMatch(/^implementation +version +pass +known +fail +vacuous +broken +cases +time$/m);
  expect(stdout).toContain('javascript-template: skipped: it offers nothing of what is asked for');
  for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  expect(readFileSync(xml, 'utf8')).toContain('name="reference parameterCount"');
});

test.each([
  [['--all-installed', '--implementation', 'tfjs'], 'expected one of the two, got both'],
  [['--family', 'indices'], 'did you mean indexes'],
  [['softmax', '--family', 'sampling'], 'expected no components besides'],
])('%j is no call', async (args, message) => {
  const { status, stderr } = await call(['check', ...args]);
  expect(status).toBe(2);
  expect(stderr).toContain(message);
});
