import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

describe('conforms, in a run of its own', { timeout: 120_000 }, () => {
  const root = join(import.meta.dirname, '..');
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const options = ['run', '--root', join(root, 'test/runner'), '--reporter=verbose'];
  const run = (file: string) =>
    spawnSync(process.execPath, [vitest, ...options, file], {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, NO_COLOR: '1' },
    });

  test('a suite that is blind judges nothing', () => {
    const { status, stdout, stderr } = run('blind.spec.ts');
    expect(status).toBe(1);
    expect(stderr).toContain('the canary did not sing');
    expect(stdout).not.toContain('✓');
  });

  test('a wrong kernel fails, where conforms was called', () => {
    const { status, stdout, stderr } = run('wrong.spec.ts');
    expect(status).toBe(1);
    expect(stdout).toContain('✓ wrong.spec.ts > softmax > core: sums to one');
    expect(stdout).toContain('× wrong.spec.ts > softmax > edge: sums to one');
    expect(stderr).toContain(`Nonconformity: softmax, edge, law 'sums to one'`);
    expect(stderr).toMatch(/❯ wrong\.spec\.ts:4:1\n/);
  });

  test('a kernel that takes no case fails, though each test is skipped', () => {
    const { status, stdout, stderr } = run('unsupported.spec.ts');
    expect(status).toBe(1);
    expect(stdout).toMatch(/edge: generated inputs \d+ms \[5 cases unsupported: not today\]/);
    expect(stderr).toContain('softmax: nothing was executed: every test was skipped');
    expect(stderr.match(/Nonconformity/g)).toHaveLength(1);
    expect(stdout).toMatch(/↳ \d+ of \d+ cases unsupported: one row alone/);
  });
});
