import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * How often the gate fails of a kernel that nobody changed, and how often it finds one that is 20 % slower: so many runs of `touchstone gate` each,
 * a process each, beside a baseline recorded before. `npm run bench:gate` takes a hundred of both, some ten minutes; `-- N` takes N.
 */
const runs = Number(process.argv[2] ?? 100);
const touchstone = join(import.meta.dirname, '../../conformance/cli/main.js');
const kernel = join(import.meta.dirname, 'gateKernel.js');
const folder = mkdtempSync(join(tmpdir(), 'touchstone-gate-'));
const baseline = join(folder, 'baseline.json');

function call(argv: readonly string[], slower: number): number {
  const { status, stderr } = spawnSync(
    process.execPath,
    [touchstone, ...argv, '--corpus', 'none'],
    {
      env: { ...process.env, SLOWER: String(slower) },
      encoding: 'utf8',
    },
  );
  if (status !== 0 && status !== 1) throw new Error(`touchstone ${argv.join(' ')}: ${stderr}`);
  return status;
}

/** How many of the gates failed. */
function failed(slower: number, what: string): number {
  let count = 0;
  for (let run = 1; run <= runs; run += 1) {
    count += call(['gate', '--baseline', baseline], slower);
    if (process.stderr.isTTY) process.stderr.write(`\r${what}: ${count} of ${run}`);
  }
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[2K');
  return count;
}

try {
  const few = ['--runs', '1', '--level', 'core'];
  call(['baseline', '--implementation', kernel, '--output', baseline, ...few], 0);
  const alarms = failed(0, 'unchanged');
  const found = failed(0.2, '20 % slower');
  process.stdout.write(
    `unchanged kernel: ${alarms} of ${runs} gates failed (at most 1 in 100)\n20 % slower: ${found} of ${runs} gates failed (at least 95 in 100)\n`,
  );
  process.exitCode = alarms / runs <= 0.01 && found / runs >= 0.95 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true });
}
