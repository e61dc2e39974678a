import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { reportSchema } from '../../conformance/report/schema.ts';
import { call, scratch } from './call.ts';

const fake = (name: string): string => fileURLToPath(new URL(`fakes/${name}.mjs`, import.meta.url));
const few = ['--runs', '20', '--seed', '1'];
const row = { dtype: 'float32', shape: [2], data: ['NaN', 1] };

/** What is wrong with blind.mjs. */
const entry = {
  component: 'softmax',
  kind: 'answer',
  field: 'probabilities',
  reason: 'NaN counts as excluded',
  upstream: 'https://example.org/1',
  when: { expected: 'NaN', actual: [0, 1], input: { logits: { element: 'NaN' } } },
  input: { logits: row },
};

const listed = (...entries: readonly unknown[]): string => {
  const path = join(scratch(), 'known.json');
  writeFileSync(path, JSON.stringify(entries));
  return path;
};

const check = (implementation: string, path: string, ...more: readonly string[]) =>
  call(['check', '--implementation', implementation, '--known-failures', path, ...few, ...more]);

describe('a known failure', () => {
  test('is shown with its reason, and fails no run', async () => {
    const [report, xml] = ['report.json', 'junit.xml'].map((name) => join(scratch(), name));
    const { status, stdout, stderr } = await check(
      fake('blind'),
      listed(entry),
      '--report',
      report ?? '',
      '--junit',
      xml ?? '',
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/softmax +known +\d+/);
    expect(stdout).toContain('softmax, known failure\n  reason    NaN counts as excluded\n');
    expect(stdout).toContain('  upstream  https://example.org/1\n');
    expect(stdout).toContain('0 of 1 components passed, 1 passed but for known failures;');
    const { components } = reportSchema.parse(JSON.parse(readFileSync(report ?? '', 'utf8')));
    expect(components['softmax']).toMatchObject({
      verdict: 'known',
      failures: [],
      known: [{ reason: entry.reason, upstream: entry.upstream, occurs: true, expected: 'NaN' }],
    });
    expect(components['softmax']?.known[0]?.cases).toBeGreaterThan(0);
    expect(readFileSync(xml ?? '', 'utf8')).toMatch(
      /tests="1" failures="0" errors="0" skipped="1"[\s\S]*<skipped message="NaN counts as excluded">/,
    );
  });

  test('fails where it is not listed, and where its conditions do not hold', async () => {
    expect((await check(fake('blind'), listed())).status).toBe(1);
    const narrower = { ...entry, when: { ...entry.when, actual: [0, 0.5] } };
    expect((await check(fake('blind'), listed(narrower))).status).toBe(1);
    const elsewhere = { ...entry, when: { ...entry.when, input: { logits: { size: 7 } } } };
    expect((await check(fake('blind'), listed(elsewhere))).status).toBe(1);
  });

  test('does not excuse another one of the same field', async () => {
    const { status, stdout } = await check(fake('uniform'), listed(entry));
    expect(status).toBe(1);
    expect(stdout).toContain("softmax, core, vector 'worked-example'");
  });

  test('fails the run where it is gone, unless its component was not asked for or the version is another', async () => {
    const xml = join(scratch(), 'junit.xml');
    const { status, stdout } = await check('reference', listed(entry), 'softmax', '--junit', xml);
    expect(status).toBe(1);
    expect(stdout).toMatch(/softmax +fail/);
    expect(stdout).toContain('softmax, known failure passes now: remove the entry\n');
    expect(stdout).toContain('  because   its input passes now\n');
    expect(readFileSync(xml, 'utf8')).toContain('<failure type="known"');
    expect((await check('reference', listed(entry), 'greedyToken')).status).toBe(0);
    const past = listed({ ...entry, version: '1.' });
    expect((await check('javascript-template', past, 'softmax')).status).toBe(
      (await check('javascript-template', listed(), 'softmax')).status,
    );
    expect((await check(fake('blind'), listed({ ...entry, version: '2.7' }))).status).toBe(0);
  });
});

/** What may be wrong with a file, and what its one line must say. */
const malformed: readonly (readonly [string, string, RegExp])[] = [
  ['no JSON', '[{', /could not be read/],
  ['no list', '{}', /at the file: /],
  ['a field too many', JSON.stringify([{ ...entry, excuse: 'all' }]), /at 0: .*excuse/],
  ['no reason', JSON.stringify([{ ...entry, reason: '' }]), /at 0\.reason: /],
  ['no upstream', JSON.stringify([{ ...entry, upstream: undefined }]), /at 0\.upstream: /],
  ['no component', JSON.stringify([{ ...entry, component: 'sotfmax' }]), /at 0\.component: /],
  ['a blanket excuse', JSON.stringify([{ ...entry, when: {} }]), /at 0\.when: .*everything/],
  ['half of one', JSON.stringify([{ ...entry, when: { input: {} } }]), /at 0\.when: .*everything/],
  ['no such law', JSON.stringify([{ ...entry, kind: 'law', title: 'is fun' }]), /at 0\.title: /],
  ['an answer with a title', JSON.stringify([{ ...entry, title: 'x' }]), /at 0\.title: /],
  ['an invalid input', JSON.stringify([{ ...entry, input: {} }]), /at 0\.input: logits/],
  [
    'no numerics',
    JSON.stringify([{ ...entry, when: { numerics: { exp: 3 } } }]),
    /at 0\.when\.numerics: /,
  ],
];

describe('a malformed file of known failures', () => {
  test.each(malformed)('%s: status 2, and a line that says where', async (_, text, wanted) => {
    const path = join(scratch(), 'known.json');
    writeFileSync(path, text);
    const { status, stdout, stderr } = await check('reference', path);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).toContain(`--known-failures: ${path}`);
    expect(stderr).toMatch(wanted);
  });

  test('none at all', async () => {
    const { status, stderr } = await check('reference', join(scratch(), 'none.json'));
    expect(status).toBe(2);
    expect(stderr).toMatch(/none\.json could not be read/);
  });
});
