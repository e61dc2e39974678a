import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { inPackage } from '../../conformance/root.ts';

// What is compiled is what is installed: `npm test` builds it first.
const main = inPackage('dist', 'bundle', 'main.js');

test('the executable lists, and exits with the status of the command', () => {
  const listed = spawnSync('node', [main, 'list', '--json'], { encoding: 'utf8' });
  expect(listed).toMatchObject({ status: 0, stderr: '' });
  expect(Array.isArray(JSON.parse(listed.stdout))).toBe(true);
  expect(spawnSync('node', [main, 'lsit'], { encoding: 'utf8' })).toMatchObject({
    status: 2,
    stdout: '',
  });
});

test('a reader that has enough ends it quietly', () => {
  const line = JSON.stringify({
    id: 1,
    component: 'softmax',
    input: { logits: { dtype: 'float64', shape: [2], data: [0, 1] } },
  });
  const many = `${line}\n`.repeat(20_000);
  const { status, stdout, stderr } = spawnSync(
    'bash',
    ['-c', `set -o pipefail; node '${main}' reference | head -n 1`],
    { input: many, encoding: 'utf8' },
  );
  expect({ status, stderr, lines: stdout.trimEnd().split('\n').length }).toEqual({
    status: 0,
    stderr: '',
    lines: 1,
  });
});

test('answers come as the questions do, and SIGINT ends with 130', async () => {
  const child = spawn('node', [main, 'reference']);
  child.stdin.write(
    `${JSON.stringify({ id: 1, component: 'softmax', input: { logits: { dtype: 'float64', shape: [1], data: [0] } } })}\n`,
  );
  const [answer] = await once(child.stdout, 'data');
  expect(String(answer)).toContain('"id":1');
  child.kill('SIGINT');
  expect(await once(child, 'exit')).toEqual([130, null]);
});
