import { describe, expect, test } from 'vitest';
import { greatestOf } from '../../spec/extremes.ts';
import { names, spec } from '../../spec/index.ts';
import { formatToken, parseToken } from '../../conformance/checking/token.ts';
import { call } from './call.ts';

describe('list', () => {
  test('names every component once, by family', async () => {
    const { status, stdout } = await call(['list']);
    expect(status).toBe(0);
    for (const name of names) expect(stdout).toMatch(new RegExp(`^  ${name} `, 'm'));
    expect(greatestOf(stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test('--json is an array of what is known of each', async () => {
    const listed: unknown = JSON.parse((await call(['list', '--json'])).stdout);
    expect(listed).toEqual(
      names.map((name) =>
        expect.objectContaining({
          name,
          family: spec[name].family,
          summary: spec[name].summary,
          laws: Object.keys({ ...spec[name].laws, ...spec[name].trials }),
        }),
      ),
    );
  });
});

describe.each(names)('describe %s', (name) => {
  test('shows all that the specification says, in 80 columns but for the formula', async () => {
    const { status, stdout } = await call(['describe', name]);
    expect(status).toBe(0);
    const { formula, laws, examples } = spec[name];
    expect(stdout).toContain(formula);
    const flat = stdout.replaceAll(/\s+/g, ' ');
    for (const text of [...Object.keys(laws), ...examples.map(({ id }) => id)])
      expect(flat).toContain(text);
    const lines = stdout.split('\n').filter((line) => !line.includes(formula));
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  });

  test('--json says the same to a machine', async () => {
    const { stdout } = await call(['describe', name, '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      name,
      formula: spec[name].formula,
      laws: Object.keys({ ...spec[name].laws, ...spec[name].trials }),
    });
  });

  test('each of its stages has a token of its own, which reads back', () => {
    const { laws, examples, invalid } = spec[name];
    const stages = [
      { kind: 'generated', title: '' } as const,
      ...Object.keys(laws).map((title) => ({ kind: 'law', title }) as const),
      ...examples.map(({ id }) => ({ kind: 'vector', title: id }) as const),
      ...Object.keys(invalid).map((title) => ({ kind: 'invalid', title }) as const),
    ];
    const tokens = stages.map(
      (stage) => ({ name, level: 'edge', seed: -7, path: '3:0:1', ...stage }) as const,
    );
    for (const token of tokens) expect(parseToken(formatToken(token))).toEqual(token);
    expect(new Set(tokens.map(formatToken)).size).toBe(tokens.length);
  });
});
