import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { longestFirst } from '../../conformance/cli/jobs/order.ts';
import { readReport } from '../../conformance/report/read.ts';
import type { Report } from '../../conformance/report/report.ts';
import { inPackage } from '../../conformance/root.ts';
import { scratch } from './call.ts';

// Threads run what is compiled: `npm test` builds it first.
const main = inPackage('dist', 'bundle', 'main.js');
const fake = (name: string): string => join(import.meta.dirname, 'fakes', `${name}.mjs`);
const few = ['--runs', '5', '--level', 'core,edge', '--corpus', 'none'];

/** Everything but times. */
const timeless = ({ startedAt: _at, seconds: _seconds, components, ...report }: Report) => ({
  ...report,
  components: Object.entries(components).map(([name, { seconds: _time, ...component }]) => [
    name,
    component,
  ]),
});

function check(asked: readonly string[], jobs: number) {
  const path = join(scratch(), 'report.json');
  const run = spawnSync(
    'node',
    [main, 'check', ...asked, ...few, '--jobs', String(jobs), '--report', path],
    { encoding: 'utf8' },
  );
  return { ...run, report: readReport(path) };
}

test.each([
  ['bundled', ['silu', 'greedyToken', 'relu']],
  ['a module that is wrong', ['--implementation', fake('identity')]],
  ['an adapter', ['--implementation', 'javascript-template']],
])('side by side the same is found, in the same order: %s', (_title, asked) => {
  const [one, two] = [check(asked, 1), check(asked, 2)];
  expect(Object.keys(two.report.components).length).toBeGreaterThan(1);
  expect(JSON.stringify(timeless(two.report))).toBe(JSON.stringify(timeless(one.report)));
  expect(two.status).toBe(one.status);
});

test('a function that ends its thread costs its component, and the run goes on', () => {
  const { status, report } = check(['--implementation', fake('dying')], 2);
  expect(status).toBe(3);
  expect(report).toMatchObject({
    complete: true,
    components: {
      softmax: { verdict: 'broken', reason: expect.stringContaining('exit status 7') },
      silu: { verdict: 'broken', reason: expect.stringContaining('nobody catches this') },
      relu: { verdict: 'pass' },
    },
  });
});

test('what does not start a second time runs in one thread, and that is said', () => {
  const { report, stderr } = check(['--implementation', fake('alone')], 2);
  expect(stderr).toContain('cannot be started in a thread of its own');
  expect(stderr.match(/loaded already/g)).toHaveLength(1);
  expect(Object.keys(report.components)).toEqual(['relu', 'silu']);
  expect(Object.values(report.components).map(({ verdict }) => verdict)).toEqual(['fail', 'fail']);
});

test('SIGINT ends a function that hangs, and the report holds what is done', async () => {
  const path = join(scratch(), 'report.json');
  const asked = ['--implementation', fake('hanging'), ...few, '--jobs', '2', '--report', path];
  const child = spawn('node', [main, 'check', ...asked]);
  const isDone = () => existsSync(path) && readReport(path).components.relu !== undefined;
  while (!isDone()) await delay(50);
  child.kill('SIGINT');
  expect(await once(child, 'exit')).toEqual([130, null]);
  expect(readReport(path)).toMatchObject({ complete: false, components: { relu: {} } });
});

test('the longest come first: by seconds where they are known, unknown ones before', () => {
  expect(longestFirst(['relu', 'softmax', 'gelu'], { relu: 1, gelu: 2 })).toEqual([
    'softmax',
    'gelu',
    'relu',
  ]);
  const [first] = longestFirst(['relu', 'encoderDecoder', 'softmax']);
  expect(first).toBe('encoderDecoder');
});
