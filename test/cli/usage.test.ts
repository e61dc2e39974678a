import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commands } from '../../conformance/cli/commands.ts';
import { version } from '../../conformance/cli/version.ts';
import { nearest } from '../../spec/nearest.ts';
import { call, scratch } from './call.ts';
import { greatestOf } from '../../spec/extremes.ts';

/** A wrong call, and what its one line must say. */
const mistakes: readonly (readonly [string, readonly RegExp[]])[] = [
  ['chekc', [/got chekc/, /did you mean check\?/]],
  ['check softmaxx', [/got softmaxx/, /did you mean softmax\?/]],
  ['check --levle core', [/--levle: no such option; did you mean --level\?/]],
  [
    'check --level cor',
    [/--level: expected some of core,edge,scale,size, got cor; did you mean core\?/],
  ],
  ['check --level core,', [/an empty name/]],
  ['check --runs 0', [/--runs: expected an integer from 1 to 1000000, got 0/]],
  ['check --runs 1.5', [/got 1\.5/]],
  ['check --runs many', [/got many/]],
  ['check --runs', [/--runs: expected N, got nothing/]],
  ['check --seed 0x10', [/got 0x10/]],
  ['check --timeout -1', [/--timeout: expected a number/]],
  ['check --timeout NaN', [/got NaN/]],
  ['check --json=yes', [/--json: expected no value, got yes/]],
  ['check --seed 1 --seed 2', [/--seed: expected once, got it twice/]],
  ['check --implementation tjfs', [/got tjfs; did you mean tfjs\?/]],
  ['check --implementation ./none.mjs', [/got \.\/none\.mjs, which is no file/]],
  ['check --implementation reference --adapter true', [/expected one of the two, got both/]],
  ['check --report a.json --junit a.json', [/--junit: expected another path/]],
  ['list softmax', [/expected no argument besides options, got softmax/]],
  ['describe', [/expected COMPONENT, got nothing/]],
  ['describe softmax topK', [/expected one COMPONENT, got softmax topK/]],
  ['mutants nosuch', [/got nosuch/]],
  ['vectors', [/expected --verify or --write, got neither/]],
  ['vectors --verify --write', [/got both/]],
  ['replay softmax/core', [/is no file and no token/]],
  ['replay softmax/core/vector.no-such/1/0', [/is no file and no token/]],
  ['reference --digits 0', [/--digits: expected an integer from 1 to 1000, got 0/]],
  ['reference --digits 1001', [/got 1001/]],
  ['reference --arithmetic mathsj', [/got mathsj; did you mean mathjs\?/]],
  ['help chekc', [/did you mean check\?/]],
];

describe('a wrong call', () => {
  test.each(mistakes)('%s: status 2, one clear line, nothing on stdout', async (line, wanted) => {
    const { status, stdout, stderr } = await call(line.split(' '));
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    for (const pattern of wanted) expect(stderr).toMatch(pattern);
  });

  test('a report that cannot be written stops the run before it starts', async () => {
    const folder = scratch();
    for (const path of [join(folder, 'missing', 'report.json'), folder]) {
      const { status, stderr } = await call(['check', '--adapter', 'exit 7', '--report', path]);
      expect(status).toBe(2);
      expect(stderr).toContain(`--report: expected a path that can be written, got ${path}`);
    }
    expect(readdirSync(folder)).toEqual([]);
  });

  test('a file that is no report', async () => {
    const folder = scratch();
    const path = join(folder, 'half.json');
    writeFileSync(path, '{"touchstone":1,');
    expect((await call(['replay', path])).stderr).toMatch(/half\.json could not be read/);
    writeFileSync(path, '{"touchstone":2}');
    expect(await call(['replay', path])).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/expected a report of touchstone check/),
    });
    mkdirSync(join(folder, 'sub'));
    expect((await call(['replay', join(folder, 'sub')])).status).toBe(2);
  });
});

describe('help', () => {
  test('without arguments it goes to stderr, with status 2', async () => {
    expect(await call([])).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringContaining('Usage: touchstone'),
    });
  });

  test.each(Object.keys(commands))('%s names each of its options, in 80 columns', async (name) => {
    const { status, stdout } = await call(['help', name]);
    expect(status).toBe(0);
    for (const option of Object.keys(commands[name]?.options ?? {}))
      expect(stdout).toContain(`--${option}`);
    expect(greatestOf(stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect((await call([name, '--help'])).stdout).toBe(stdout);
  });

  test('--version is that of the package', async () => {
    expect(await call(['--version'])).toEqual({ status: 0, stdout: `${version()}\n`, stderr: '' });
    expect(version()).toMatch(/^\d+\.\d+\.\d+$/);
  });

  test('a name near no other suggests nothing', () => {
    expect(nearest('xyzzy', ['softmax', 'topK'])).toBeUndefined();
    expect(nearest('TOPK', ['softmax', 'topK'])).toBe('topK');
    expect(nearest('sotfmax', ['softmax', 'topK'])).toBe('softmax');
  });
});
