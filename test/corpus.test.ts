import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { readCase } from '../conformance/corpus/folder.ts';
import { reportSchema } from '../conformance/report/schema.ts';
import { call, scratch } from './cli/call.ts';

const uniform = join(import.meta.dirname, 'cli/fakes/uniform.mjs');
const few = ['--runs', '8', '--seed', '1'];

/** Every file below a folder. */
const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .toSorted();

const checked = (implementation: string, corpus: string, ...more: readonly string[]) =>
  call(['check', 'softmax', '--implementation', implementation, ...few, ...more], { corpus });

/** A folder after a run of a kernel that is wrong, and the corpus that it left. */
async function failed(): Promise<{ readonly folder: string; readonly corpus: string }> {
  const folder = scratch();
  const corpus = join(folder, '.touchstone');
  const { status, stderr } = await checked(uniform, corpus);
  expect(status).toBe(1);
  expect(stderr).toMatch(/touchstone: \d+ failing inputs? kept in \S+, to be put first/);
  return { folder, corpus };
}

const firstIn = (corpus: string): string => filesIn(corpus)[0] ?? '';

const changed = (file: string, edit: object): string => {
  const held = z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(file, 'utf8')));
  const text = JSON.stringify({ ...held, ...edit });
  writeFileSync(file, text);
  return text;
};

const reportOf = async (implementation: string, corpus: string, ...more: readonly string[]) => {
  const path = join(scratch(), 'report.json');
  const called = await checked(implementation, corpus, '--report', path, ...more);
  const report = reportSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  return { ...called, softmax: report.components['softmax'] };
};

describe('what an implementation fails on', () => {
  test('is kept, a readable file a failure, in its smallest form; golden vectors are not', async () => {
    const folder = scratch();
    const { softmax, stderr } = await reportOf(uniform, folder);
    const failures = softmax?.failures.filter(({ kind }) => kind !== 'vector') ?? [];
    expect(softmax?.failures.length).toBeGreaterThan(failures.length);
    expect(stderr).toContain(`${failures.length} failing input`);
    const files = filesIn(folder);
    expect(
      files
        .map(readCase)
        .map(({ input }) => JSON.stringify(input))
        .toSorted(),
    ).toEqual(failures.map(({ input }) => JSON.stringify(input)).toSorted());
    for (const file of files) {
      const text = readFileSync(file, 'utf8');
      expect(file).toMatch(/softmax\/(generated|law|invalid)-[0-9a-f]{12}\.json$/);
      expect(text.split('\n').every((line) => line.length <= 120)).toBe(true);
      expect(text).toContain('"component": "softmax"');
      expect(readCase(file)).toMatchObject({
        implementation: 'uniform 1',
        invocation: { implementation: uniform },
      });
    }
  });

  test('is put first the next time, counted apart, and kept once', async () => {
    const { corpus } = await failed();
    const files = filesIn(corpus);
    const first = await reportOf(uniform, scratch());
    const again = await reportOf(uniform, corpus);
    expect(again.softmax?.corpus).toBe(files.length);
    expect(again.softmax?.failures[0]?.replay).toBe(files[0]);
    expect(first.softmax).not.toHaveProperty('corpus');
    for (const field of ['executed', 'unsupported', 'worstUsed', 'levels', 'laws'] as const)
      expect(again.softmax?.[field]).toEqual(first.softmax?.[field]);
    expect(filesIn(corpus)).toEqual(files);
    expect(again.stderr).toBe('');
  });

  test('passes once it is right, in another implementation and in a process', async () => {
    const { corpus } = await failed();
    const files = filesIn(corpus);
    const { status, softmax } = await reportOf('reference', corpus);
    expect({ status, corpus: softmax?.corpus }).toEqual({ status: 0, corpus: files.length });
    const lazy = join(import.meta.dirname, '../conformance/implementations/process/template.mjs');
    const adapter = `'${process.execPath}' '${lazy}'`;
    const path = join(scratch(), 'report.json');
    await call(['check', 'softmax', '--adapter', adapter, ...few, '--report', path], { corpus });
    const report = reportSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
    expect(report.components['softmax']).toMatchObject({ verdict: 'pass', corpus: files.length });
  });

  test('is nowhere with --corpus none, and elsewhere with --corpus FOLDER', async () => {
    const folder = scratch();
    const [corpus, other] = [join(folder, 'usual'), join(folder, 'other')];
    const none = await checked(uniform, corpus, '--corpus', 'none');
    expect(none).toMatchObject({ status: 1, stderr: '' });
    expect(existsSync(corpus)).toBe(false);
    await checked(uniform, corpus, '--corpus', other);
    expect(existsSync(corpus)).toBe(false);
    expect(filesIn(other).length).toBeGreaterThan(0);
    expect((await reportOf('reference', other, '--corpus', 'none')).softmax).not.toHaveProperty(
      'corpus',
    );
  });

  test('is put by the first shard alone', async () => {
    const { corpus } = await failed();
    const counts = await Promise.all(
      ['1/2', '2/2'].map(
        async (shard) => (await reportOf('reference', corpus, '--shard', shard)).softmax,
      ),
    );
    expect(counts.map((softmax) => softmax?.corpus)).toEqual([filesIn(corpus).length, undefined]);
  });

  test('cannot be kept where there is no folder: the run goes on, or is not begun', async () => {
    const file = join(scratch(), 'file');
    writeFileSync(file, 'mine');
    const usual = await checked(uniform, file);
    expect(usual.status).toBe(1);
    expect(usual.stdout).toContain('0 of 1 components passed, 1 failed');
    expect(usual.stderr).toContain('expected a folder, got a file');
    expect(usual.stderr).toContain(`failing inputs could not be kept in ${file}`);
    const named = await checked(uniform, scratch(), '--corpus', file);
    expect(named).toMatchObject({ status: 2, stdout: '' });
    expect(named.stderr).toContain('--corpus: expected a folder that can be written');
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });
});

describe('replay', () => {
  test('of a file, a folder, and without an operand, on what failed unless another is named', async () => {
    const { corpus } = await failed();
    const file = firstIn(corpus);
    for (const operands of [[file], [corpus], []]) {
      const still = await call(['replay', ...operands], { corpus });
      expect(still.status).toBe(1);
      expect(still.stdout).toContain(`replay    touchstone replay '${file}'`);
      const right = await call(['replay', ...operands, '--implementation', 'reference'], {
        corpus,
      });
      expect(right).toMatchObject({ status: 0, stderr: '' });
      expect(right.stdout).toContain(`${file} passes now\n`);
      const lines = right.stdout.trim().split('\n');
      expect(lines).toHaveLength(operands[0] === file ? 1 : filesIn(corpus).length);
    }
  });

  test('of nothing', async () => {
    const corpus = join(scratch(), 'none');
    const { status, stdout } = await call(['replay'], { corpus });
    expect({ status, stdout }).toEqual({ status: 0, stdout: `${corpus} holds no failure\n` });
  });

  test('of a component that is not offered says so', async () => {
    const { corpus } = await failed();
    const { status, stderr } = await call(['replay', '--implementation', 'hnswlib'], { corpus });
    expect(status).toBe(3);
    expect(stderr).toMatch(/does not offer softmax|needs the package/);
  });
});

/** How a file of the corpus can be spoilt, and what is said of it. */
const spoilt: readonly (readonly [string, (file: string) => void, RegExp])[] = [
  ['of another form', (file) => changed(file, { corpus: 2 }), /corpus: expected 1: this version/],
  [
    'of an unknown component',
    (file) => changed(file, { component: 'softplus' }),
    /component: expected the name/,
  ],
  [
    'of a law that is gone',
    (file) => changed(file, { kind: 'law', law: 'sums to two' }),
    /law: softmax has no law 'sums to two' any more/,
  ],
  [
    'whose input is none any more',
    (file) => changed(file, { input: { scores: 1 } }),
    /input\S*: no input of softmax/,
  ],
  [
    'whose tensor is none',
    (file) => changed(file, { input: { logits: { dtype: 'float32', shape: [2], data: [1] } } }),
    /input: data: expected base64 text or 2 numbers, got 1/,
  ],
  ['with a field too many', (file) => changed(file, { note: 'mine' }), /note/],
  ['truncated', (file) => truncateSync(file, 40), /no JSON|could not be read/],
  ['empty', (file) => truncateSync(file, 0), /no JSON|could not be read/],
  [
    'too large',
    (file) => truncateSync(file, 5 * 2 ** 20),
    /expected at most 4194304 bytes|could not be read/,
  ],
];

describe.each(spoilt)('a file %s', (_what, spoil, reason) => {
  test('is refused with the reason, and ends no check', async () => {
    const { corpus } = await failed();
    const file = firstIn(corpus);
    const others = filesIn(corpus).length - 1;
    spoil(file);
    const before = readFileSync(file);
    const { status, stderr, softmax } = await reportOf('reference', corpus);
    expect({ status, corpus: softmax?.corpus ?? 0 }).toEqual({ status: 0, corpus: others });
    expect(stderr).toMatch(reason);
    expect(stderr).toContain(file);
    expect(readFileSync(file).equals(before)).toBe(true);
    for (const operands of [[file], [corpus]]) {
      const again = await call(['replay', ...operands, '--implementation', 'reference']);
      expect(again.status).toBe(2);
      expect(again.stderr).toMatch(reason);
    }
  });
});

test('foreign files stay as they are; one in JSON is refused, others are not looked at', async () => {
  const { corpus } = await failed();
  mkdirSync(join(corpus, 'notes'));
  const [notes, json] = [join(corpus, 'README.md'), join(corpus, 'notes', 'mine.json')];
  writeFileSync(notes, 'mine');
  writeFileSync(json, '{"mine": 1}');
  const { status, stderr } = await checked('reference', corpus);
  expect(status).toBe(0);
  expect(stderr).toContain(`${json}: no case of the corpus: `);
  expect(stderr).not.toContain(notes);
});

test('an option value that an implementation does not follow is left out, and nothing is half-written', async () => {
  const { corpus } = await failed();
  const file = firstIn(corpus);
  expect(filesIn(corpus).filter((path) => !path.endsWith('.json'))).toEqual([]);
  const input = { logits: { dtype: 'float32', shape: [2], data: ['-Infinity', '-Infinity'] } };
  changed(file, { kind: 'generated', law: undefined, input: { ...input, emptyRow: 'zero' } });
  expect(readCase(file).input).toMatchObject({ emptyRow: 'zero' });
  const { status, stdout } = await checked(uniform, corpus);
  expect(status).toBe(1);
  expect(stdout).not.toContain(file);
  const replayed = await call(['replay', file, '--implementation', uniform]);
  expect(replayed.status).toBe(3);
  expect(replayed.stderr).toContain('does not follow the options that it asks for');
});
