import {
  existsSync,
  lstatSync,
  readFileSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { greatestOf } from '../../spec/extremes.ts';
import { names } from '../../spec/index.ts';
import { reportSchema } from '../../conformance/report/schema.ts';
import { call, scratch } from './call.ts';

const fake = (name: string): string => fileURLToPath(new URL(`fakes/${name}.mjs`, import.meta.url));
const lazy = `node '${fake('lazy')}'`;
const few = ['--runs', '5', '--seed', '1'];
const uniform = ['--implementation', fake('uniform'), ...few];

describe('check', () => {
  test('status 0 when all pass, and a report that its schema describes', async () => {
    const path = join(scratch(), 'report.json');
    const { status, stdout, stderr } = await call([
      'check',
      'softmax',
      'topK',
      '--implementation',
      'reference',
      ...few,
      '--report',
      path,
    ]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/softmax +pass +\d+/);
    expect(stdout).toMatch(/2 of 2 components passed; \d+ cases in/);
    const report = reportSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
    expect(report).toMatchObject({
      complete: true,
      seed: 1,
      implementation: { name: 'reference' },
      invocation: { implementation: 'reference' },
    });
    expect(Object.keys(report.components)).toEqual(['softmax', 'topK']);
    expect(report.components['softmax']).toMatchObject({
      verdict: 'pass',
      declared: { storage: 'float32' },
      numerics: { order: 'any', exp: { ulp: 3 } },
    });
  });

  test('status 1 when something fails; every failure shows where, what and how to see it again', async () => {
    const { status, stdout } = await call(['check', ...uniform]);
    expect(status).toBe(1);
    expect(stdout).toContain(`${names.length - 1} not offered`);
    expect(stdout).toContain("softmax, core, vector 'worked-example'");
    expect(stdout).toMatch(
      / {2}at {8}probabilities\[0\]\n {2}expected {2}0\.19\d+\n {2}got {7}0\.25\n {2}error {5}\S+, bound \S+\n {2}input/,
    );
    expect(stdout).toMatch(
      /replay {4}touchstone replay 'softmax\/core\/vector\.worked-example\/\S+' --implementation \S+/,
    );
    expect(stdout).toMatch(/0 of 1 components passed, 1 failed/);
    const lines = stdout.split('\n').filter((line) => !line.includes('replay'));
    expect(greatestOf(lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test('status 3 when nothing is executed, asked for by name or not', async () => {
    for (const wanted of [[], ['softmax'], ['linear']]) {
      const { status, stderr } = await call(['check', ...wanted, '--adapter', lazy, ...few]);
      expect({ wanted, status }).toEqual({ wanted, status: 3 });
      expect(stderr).toContain('nothing was executed');
    }
  });

  test('status 1 when one of two components that were asked for is not offered', async () => {
    const template = ['--implementation', 'javascript-template', ...few];
    const { status, stdout } = await call(['check', 'softmax', 'topK', ...template]);
    expect(status).toBe(1);
    expect(stdout).toContain('topK: template does not offer it');
    expect((await call(['check', 'softmax', ...template])).status).toBe(0);
  });

  test('status 3 when the adapter does not start', async () => {
    const { status, stderr } = await call(['check', '--adapter', 'exit 7']);
    expect(status).toBe(3);
    expect(stderr).toMatch(/did not say hello/);
  });

  test('--json: machine output alone on stdout, and the numbers that JSON lacks by name', async () => {
    const argv = ['check', '--implementation', fake('nan'), ...few, '--json'];
    const { status, stdout, stderr } = await call(argv, { isTTY: true });
    expect(status).toBe(1);
    const report = reportSchema.parse(JSON.parse(stdout));
    expect(report.components['softmax']?.failures[0]).toMatchObject({
      actual: 'NaN',
      error: 'NaN',
    });
    expect(stderr).toContain('0 of 1 components passed');
  });

  test('--junit: XML that counts what it holds', async () => {
    const path = join(scratch(), 'junit.xml');
    await call(['check', ...uniform, '--junit', path]);
    const xml = readFileSync(path, 'utf8');
    const count = (pattern: RegExp) => [...xml.matchAll(pattern)].length;
    expect(xml).toContain(
      `tests="${count(/<testcase /g)}" failures="${count(/<failure /g)}" errors="0"`,
    );
    expect(count(/<testcase /g)).toBe(count(/<\/testcase>|<testcase [^>]*\/>/g));
    expect(xml.replaceAll(/&(amp|lt|gt|quot|#10);/g, '')).not.toContain('&');
  });

  test('a report goes where a link leads, and to a device as it is', async () => {
    const folder = scratch();
    const [file, link] = [join(folder, 'real.json'), join(folder, 'link.json')];
    writeFileSync(file, '');
    symlinkSync(file, link);
    const argv = ['check', 'softmax', '--implementation', 'reference', ...few];
    expect((await call([...argv, '--report', link, '--junit', '/dev/null'])).status).toBe(0);
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(reportSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).complete).toBe(true);
    expect(lstatSync('/dev/null').isCharacterDevice()).toBe(true);
    expect(readdirSync(folder).sort()).toEqual(['link.json', 'real.json']);
  });

  test('colour and a progress bar only on a terminal, and no colour where NO_COLOR is set', async () => {
    const argv = ['check', 'softmax', '--implementation', 'reference', ...few];
    const plain = await call(argv);
    expect(plain.stdout + plain.stderr).not.toContain('\u001b');
    const terminal = await call(argv, { isTTY: true });
    expect(terminal.stdout).toContain('\u001b[32mpass\u001b[39m');
    expect(terminal.stderr).toMatch(/ {2}0 % {2}softmax/);
    expect(terminal.stderr.endsWith('\r\u001b[2K')).toBe(true);
    expect((await call(argv, { isTTY: true, env: { NO_COLOR: '1' } })).stdout).not.toContain(
      '\u001b',
    );
  });

  test('an interrupt ends with status 130; what is written by then can be read', async () => {
    const path = join(scratch(), 'report.json');
    const controller = new AbortController();
    const running = call(
      ['check', '--implementation', 'reference', '--runs', '3000', '--report', path],
      { signal: controller.signal },
    );
    setTimeout(() => controller.abort(), 300);
    expect((await running).status).toBe(130);
    expect(reportSchema.parse(JSON.parse(readFileSync(path, 'utf8'))).complete).toBe(false);
    expect(readdirSync(join(path, '..'))).toEqual(['report.json']);
    expect(existsSync(path)).toBe(true);
  });
});

describe('replay', () => {
  test('a token shows the failure that the report holds, a sound implementation passes it', async () => {
    const path = join(scratch(), 'report.json');
    await call(['check', ...uniform, '--report', path]);
    const { components } = reportSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
    const failures = components['softmax']?.failures ?? [];
    for (const kind of ['vector', 'generated']) {
      const failure = failures.find((one) => one.kind === kind);
      const again = await call([
        'replay',
        failure?.replay ?? '',
        '--implementation',
        fake('uniform'),
      ]);
      expect(again.status).toBe(1);
      expect(again.stdout).toContain(`at        ${failure?.at}`);
      expect(again.stdout).toContain(`touchstone replay '${failure?.replay}'`);
      expect(
        await call(['replay', failure?.replay ?? '', '--implementation', 'javascript-template']),
      ).toMatchObject({ status: 0, stdout: `${failure?.replay} passes now\n` });
    }
    const all = await call(['replay', path]);
    expect(all.status).toBe(1);
    expect(all.stdout.match(/touchstone replay/g)).toHaveLength(failures.length);
    expect((await call(['replay', path, '--implementation', 'javascript-template'])).status).toBe(
      0,
    );
  });

  test('what is not judged is no pass', async () => {
    const token = 'softmax/core/vector.two/1/0';
    expect(await call(['replay', token, '--adapter', lazy])).toMatchObject({
      status: 3,
      stderr: expect.stringContaining('was not judged: not today'),
    });
    expect(
      (await call(['replay', 'linear/core/generated/1/0', '--adapter', lazy])).stderr,
    ).toContain('lazy does not offer linear');
  });
});
