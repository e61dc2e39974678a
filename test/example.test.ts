import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

const root = join(import.meta.dirname, '..');
const example = join(root, 'test/example');
const text = (...path: readonly string[]): string => readFileSync(join(root, ...path), 'utf8');

/** Where npm was called that runs these tests is not where the example is. */
const env = Object.fromEntries(
  Object.entries({ ...process.env, NO_COLOR: '1' }).filter(
    ([name]) =>
      !/^npm_(?:config_local_prefix|package_|lifecycle_)|^(?:INIT_CWD|VITEST|NODE_ENV)/.test(name),
  ),
);
const run = (cwd: string, command: string, ...args: readonly string[]): SpawnSyncReturns<string> =>
  spawnSync(command, args, { cwd, env, encoding: 'utf8', timeout: 280_000 });

const packed = z.tuple([
  z.object({ filename: z.string(), files: z.array(z.object({ path: z.string() })) }),
]);

const folder = mkdtempSync(join(tmpdir(), 'touchstone-example-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A program of the example's own packages. */
const own = (name: string, ...args: readonly string[]): SpawnSyncReturns<string> =>
  run(folder, join(folder, 'node_modules/.bin', name), ...args);

let files: readonly string[] = [];
beforeAll(() => {
  const pack = run(root, 'npm', 'pack', '--json', '--ignore-scripts', '--pack-destination', folder);
  expect(pack.stderr).not.toContain('npm error');
  const [made] = packed.parse(JSON.parse(pack.stdout));
  files = made.files.map(({ path }) => path);
  for (const file of readdirSync(example)) cpSync(join(example, file), join(folder, file));
  const quick = ['--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'];
  const install = run(folder, 'npm', 'install', ...quick, '--prefix', folder, made.filename);
  expect(install.stderr).not.toContain('npm error');
  expect(install.status).toBe(0);
}, 300_000);

describe('the package', { timeout: 300_000 }, () => {
  test('holds all that package.json names', () => {
    const { bin, exports } = z
      .object({
        bin: z.record(z.string(), z.string()),
        exports: z.record(z.string(), z.union([z.string(), z.record(z.string(), z.string())])),
      })
      .parse(JSON.parse(text('package.json')));
    const named = [
      ...Object.values(bin),
      ...Object.values(exports).flatMap((one) =>
        typeof one === 'string' ? [one] : Object.values(one),
      ),
    ];
    const isThere = (path: string): boolean => {
      const [start = '', end = ''] = path.replace('./', '').split('*');
      return files.some((file) => file.startsWith(start) && file.endsWith(end));
    };
    expect(named.length).toBeGreaterThan(4);
    expect(named.filter((path) => !isThere(path))).toEqual([]);
  });

  test('holds nothing of the tests but what mutants runs', () => {
    const stray =
      /\.test\.|\.spec\.|scratch|\/bench\/|test\/example|test\/runner|tsbuildinfo|\.mjs$|__pycache__/;
    expect(files.filter((file) => stray.test(file))).toEqual([
      'conformance/implementations/process/template.mjs',
    ]);
  });

  test('holds all that its command runs', () => {
    const check = own('touchstone', 'check', 'relu', '--runs', '5', '--corpus', 'none');
    expect(check.stdout).toMatch(/^relu +pass/m);
    const mutants = own('touchstone', 'mutants', 'relu');
    expect([check.status, mutants.status]).toEqual([0, 0]);
  });

  test('has types that compile by themselves, and take no wrong kernel', () => {
    const strict = [
      '--ignoreConfig',
      '--noEmit',
      '--strict',
      '--module',
      'nodenext',
      '--target',
      'es2023',
    ];
    writeFileSync(
      join(folder, 'typed.ts'),
      `import { conforms } from 'touchstone/vitest';
import { softmax } from './softmax.js';
conforms('softmax', softmax);
conforms('relu', softmax);
`,
    );
    const { status, stdout } = own('tsc', ...strict, '--skipLibCheck', 'false', 'typed.ts');
    rmSync(join(folder, 'typed.ts'));
    expect(stdout).toMatch(/^typed\.ts\(4,18\): error TS2345: [^\n]*\n(?: [^\n]*\n)*$/);
    expect(status).toBe(1);
  });
});

describe('the example', { timeout: 300_000 }, () => {
  test('compiles', () => {
    expect(own('tsc')).toMatchObject({ status: 0, stdout: '' });
  });

  test('passes', () => {
    const { status, stdout } = own('vitest', 'run', '--reporter=verbose');
    expect(stdout).toContain('✓ softmax.spec.ts > my kernels > softmax > core: sums to one');
    expect(stdout).toMatch(/Tests {2}12 passed \(12\)/);
    expect(status).toBe(0);
  });

  test('fails where the kernel is wrong, and says on what', () => {
    const right = text('test/example/softmax.ts');
    const wrong = right.replace('Math.exp(x - greatest)', 'Math.exp(x)');
    expect(wrong).not.toBe(right);
    writeFileSync(join(folder, 'softmax.ts'), wrong);
    const { status, stdout, stderr } = own('vitest', 'run');
    writeFileSync(join(folder, 'softmax.ts'), right);
    expect(stdout).toMatch(/Tests {2}\d failed \| \d passed \(12\)/);
    expect(stderr).toContain(shownInReadme('text'));
    expect(stderr).toMatch(/❯ softmax\.spec\.ts:6:3\n/);
    expect(status).toBe(1);
  });

  test('stands in the README', () => {
    expect(shownInReadme('ts')).toBe(text('test/example/softmax.spec.ts').trim());
  });
});

/** A block of the README's section on test runners. */
function shownInReadme(kind: string): string {
  const [, section = ''] = text('README.md').split('\n## In your own test runner\n');
  const [, block = ''] = new RegExp(`\`\`\`${kind}\n([^\`]*)\`\`\``).exec(section) ?? [];
  return block.trim();
}
