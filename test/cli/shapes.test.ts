import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { reportSchema } from '../../conformance/report/schema.ts';
import { call, scratch } from './call.ts';

const reference = ['--implementation', 'reference'];

async function reported(...argv: readonly string[]) {
  const { status, stdout, stderr } = await call(['check', ...argv, ...reference, '--json']);
  expect(stderr).not.toContain('touchstone:');
  return { status, report: reportSchema.parse(JSON.parse(stdout)) };
}

describe('check --shape puts inputs of these sizes alone', () => {
  test('by axes, several of them, the rest as small as it gets', async () => {
    const { status, report } = await reported(
      'softmax',
      '--shape',
      'V=33',
      '--shape',
      'V=65 B=2',
      '--budget',
      '0.02',
    );
    expect(status).toBe(0);
    expect(report.levels).toEqual(['size']);
    expect(report.shapes).toEqual(['B=1,V=33', 'B=2,V=65']);
    const found = report.components['softmax'];
    expect(found?.sizes).toEqual({ B: [1, 2], V: [33, 65] });
    expect(Object.keys(found?.levels ?? {})).toEqual(['size']);
    expect(found?.executed).toBeGreaterThan(2);
  });

  test('by fields, leading axes as they are, with fields that are no tensors', async () => {
    const { status, report } = await reported(
      'scaledDotProductAttention',
      '--shape',
      'query=[2,3,1,5,4] key=[2,3,1,7,4]',
      '--option',
      'causal=true',
      '--option',
      'scale=0.5',
      '--scale-of',
      '4',
      '--budget',
      '0.02',
    );
    expect(status).toBe(0);
    expect(report.shapes).toEqual([
      'B=6,H=1,Lq=5,Lk=7,D=4,E=1,...=2x3x1,causal=true,scale=0.5,scale-of=4',
    ]);
    expect(report.components['scaledDotProductAttention']?.sizes).toMatchObject({ Lq: [5] });
  });

  test('stored as is asked for', async () => {
    const { status, report } = await reported('linear', '--shape', 'I=65', '--storage', 'float32');
    expect(status).toBe(0);
    const { numerics } = report.components['linear'] ?? {};
    expect(z.looseObject({ storage: z.string() }).parse(numerics).storage).toBe('float32');
  });

  test('a failure names its shape, and is replayed', async () => {
    const asked = ['check', 'linear', '--shape', 'I=40', '--storage', 'float16', ...reference];
    const { status, stdout } = await call(asked);
    expect(status).toBe(1);
    expect(stdout).toContain('because   expected dtype float16 as declared, got float32');
    const [, token = ''] =
      /replay '(linear\/size@10\/generated\.B=1,I=40,O=1,storage=float16\/-?\d+\/0[\d:]*)'/.exec(
        stdout,
      ) ?? [];
    const again = await call(['replay', token, ...reference]);
    expect(again.status).toBe(1);
    expect(again.stdout).toContain('because   expected dtype float16 as declared, got float32');
  });
});

describe('a shape that cannot be is refused before anything starts', () => {
  test.each([
    ['softmax', ['V=1.5'], "--shape 'V=1.5': V: expected a whole number as length, got 1.5"],
    ['softmax', ['W=3'], 'with axes B, V, or FIELD=[lengths], got W=3'],
    ['softmax', ['logit=[3]'], 'logit: expected the name of a tensor of softmax: logits'],
    [
      'scaledDotProductAttention',
      ['query=[2,5,4] key=[3,5,4]'],
      'key: expected leading axes [2] as elsewhere, got [3]',
    ],
    [
      'scaledDotProductAttention',
      ['query=[5,4] key=[5,3]'],
      'key: expected D = 4 as elsewhere, got 3',
    ],
    ['groupedQueryAttention', ['H=7 G=2'], 'G: expected a divisor of H = 7, got 2'],
    ['softmax', ['B=1000000 V=1000000'], 'a part of the memory that is free, got 4000000000000'],
    ['softmax', ['V=3', '--option', 'emptyRow=one'], 'expected one of "nan"|"zero"'],
    [
      'softmax',
      ['V=3', '--option', 'row=zero'],
      'expected FIELD=VALUE with emptyRow, got row=zero',
    ],
    ['softmax', ['V=3', '--storage', 'float23'], 'did you mean float32?'],
    ['softmax', ['V=3', '--scale-of', 'much'], '--scale-of: expected a number'],
  ] as const)('%s %j', async (name, [shape, ...more], message) => {
    const { status, stdout, stderr } = await call(['check', name, '--shape', shape, ...more]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(message);
  });

  test('without one component to be a shape of, or a shape to be an option of', async () => {
    const none = await call(['check', '--shape', 'V=3']);
    expect(none.stderr).toContain('--shape: expected one component, whose axes they are, got none');
    const two = await call(['check', 'softmax', 'topK', '--shape', 'V=3']);
    expect(two.stderr).toContain('got softmax, topK');
    const alone = await call(['check', 'softmax', '--option', 'emptyRow=zero']);
    expect(alone.stderr).toContain('--option: expected --shape besides, got none');
    expect([none.status, two.status, alone.status]).toEqual([2, 2, 2]);
  });
});

test('describe lists the axes with their words', async () => {
  const { stdout } = await call(['describe', 'scaledDotProductAttention']);
  expect(stdout).toMatch(/\nAxes\n {2}B {3}sequences, a leading axis\n/);
  const { stdout: json } = await call(['describe', 'softmax', '--json']);
  expect(JSON.parse(json)).toMatchObject({ axes: { V: 'tokens of the vocabulary' } });
});

test('what was reached stands under the table', async () => {
  const { stdout } = await call([
    'check',
    'softmax',
    '--level',
    'size',
    '--budget',
    '0.05',
    ...reference,
  ]);
  expect(stdout).toMatch(/softmax: sizes B 1 to \d+ \(\d+\), V 1 to \d+ \(\d+\)/);
});

test('a large case is kept, told and put again as what it is made from', async () => {
  const [corpus, grid] = [scratch(), join(import.meta.dirname, 'fakes/grid.mjs')];
  const asked = ['check', 'shiftRight', '--runs', '1', '--implementation', grid];
  const first = await call([...asked, '--level', 'size', '--json'], { corpus });
  const report = reportSchema.parse(JSON.parse(first.stdout));
  const [failure] = report.components['shiftRight']?.failures ?? [];
  expect(failure?.input).toMatchObject({ sized: { lengths: { B: 65_536 } } });
  expect(first.stderr).toContain('2 failing inputs kept in');
  expect(readdirSync(join(corpus, 'shiftRight'))).toHaveLength(2);
  const again = await call([...asked, '--level', 'core', '--json'], { corpus });
  expect(again.status).toBe(1);
  const kept = reportSchema.parse(JSON.parse(again.stdout)).components['shiftRight'];
  expect(kept?.failures.map(({ at }) => at)).toEqual([failure?.at, failure?.at]);
  const replayed = await call(['replay', corpus, '--implementation', grid]);
  expect(replayed.status).toBe(1);
  const token = await call(['replay', failure?.replay ?? '', '--implementation', grid]);
  expect(token.status).toBe(1);
});
