import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { names } from '../spec/index.ts';

const root = join(import.meta.dirname, '..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');

/** A command of the README and what it says that it prints. */
interface Shown {
  readonly command: string;
  readonly output: string;
}

/** The commands in ```console blocks; `…` in their output stands for anything. */
const shown: readonly Shown[] = [...readme.matchAll(/```console\n([\s\S]*?)```/g)].flatMap(
  ([, block = '']) =>
    block
      .split(/^\$ /m)
      .slice(1)
      .map((text) => {
        const [command = '', ...output] = text.split('\n');
        return { command, output: output.join('\n').trim() };
      }),
);

/** Files that the README asks to save: `<!-- file: NAME -->` and the block after it. */
const files = [...readme.matchAll(/<!-- file: (\S+) -->\n```\w+\n([\s\S]*?)```/g)].map(
  ([, name = '', text = '']) => ({ name, text }),
);

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
const patternOf = (output: string): RegExp =>
  new RegExp(
    `^${escaped(output)
      .replaceAll(/^…\n/gm, '(?:.*\\n)*?')
      .replaceAll('…', '[^\\n]*')
      .replaceAll(/\n\[\^\\n\]\*$/g, '[\\s\\S]*')}\\s*$`,
  );

/** A Python with numpy: the one on the path, or Debian's. */
const python = ['python3', '/usr/bin/python3'].find(
  (program) => spawnSync(program, ['-c', 'import numpy']).status === 0,
);

let folder = '';
beforeAll(() => {
  mkdirSync(join(root, 'test/scratch'), { recursive: true });
  folder = mkdtempSync(join(root, 'test/scratch/readme-'));
  for (const { name, text } of files) writeFileSync(join(folder, name), text);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A command as the README has it, with what installs or tests left out: this test runs inside it. */
const runnable = (command: string): string =>
  command
    .replace(
      'npm run --silent touchstone --',
      `${process.execPath} ${join(root, 'dist/bundle/main.js')}`,
    )
    .replace(
      'npm ci && npm start',
      `${process.execPath} ${join(root, 'dist/bundle/main.js')} check --report touchstone-report.json`,
    )
    .replace('"python3 ', `"${python ?? 'python3'} `);

describe('the README prints what it says', () => {
  test.for(shown.filter(({ command }) => command !== 'npm ci && npm test'))(
    '$command',
    { timeout: 480_000 },
    ({ command, output }, { skip }) => {
      if (command.includes('python3') && python === undefined) skip('no python3 with numpy');
      const { stdout } = spawnSync('bash', ['-c', runnable(command)], {
        cwd: folder,
        encoding: 'utf8',
        env: { ...process.env, NO_COLOR: '1' },
      });
      expect(stdout.trim()).toMatch(patternOf(output));
    },
  );
});

test('the README counts the components, and names each of them', () => {
  expect(readme).toContain(`There are ${names.length} components`);
  expect(names.filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
});

test('the README names every command and implementation', async () => {
  const { implementations } = await import('../conformance/implementations/index.ts');
  expect(Object.keys(implementations).filter((name) => !readme.includes(name))).toEqual([]);
  const help = execFileSync(process.execPath, [join(root, 'dist/bundle/main.js'), '--help'], {
    encoding: 'utf8',
  });
  const commands = [...help.matchAll(/^ {2}([a-z]+)\s/gm)].map(([, name]) => name ?? '');
  expect(commands.filter((name) => !readme.includes(name))).toEqual([]);
});

describe('the workflow that a project copies', async () => {
  const { commands } = await import('../conformance/cli/commands.ts');
  const { readArguments } = await import('../conformance/cli/values.ts');
  const workflow = files.find(({ name }) => name === 'touchstone.yml')?.text ?? '';
  const calls = [...workflow.matchAll(/- run: npx touchstone (\S+) (.*)/g)].map(
    ([, name = '', rest = '']) => ({
      name,
      argv: rest.replaceAll(/\$\{\{[^}]*\}\}/g, '1').split(' '),
    }),
  );

  test.for(calls)('$name takes what it is given: $argv', ({ name, argv }) => {
    const command = commands[name];
    expect(command).toBeDefined();
    if (command !== undefined) expect(() => readArguments(name, command, argv)).not.toThrow();
  });

  test('it checks in shards that are all merged, and gates', () => {
    expect(calls.map(({ name }) => name)).toEqual(['check', 'merge', 'gate']);
    const [, shards = ''] = /shard: \[([\d, ]+)\]/.exec(workflow) ?? [];
    const merged = calls[1]?.argv.filter((word) => word.startsWith('shard-'));
    expect(merged).toEqual(shards.split(', ').map((shard) => `shard-${shard}.json`));
    expect(workflow).toContain(`--shard \${{ matrix.shard }}/${merged?.length} `);
  });
});
