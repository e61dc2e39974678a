import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { names, spec } from '../spec/index.ts';

const root = join(import.meta.dirname, '..');

/** Every file below a folder, as paths from the root. */
const filesBelow = (folder: string): readonly string[] =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));

const importsOf = (file: string): readonly string[] =>
  [...readFileSync(join(root, file), 'utf8').matchAll(/(?:from|import\()\s*'([^']+)'/g)].map(
    ([, path]) => path ?? '',
  );

/** The folder at the top that a relative import leads to. */
const topOf = (file: string, path: string): string | undefined =>
  path.startsWith('.') ? join(file, '..', path).split('/')[0] : undefined;

/** What is implemented fast, by tfjs or by another library. */
const implemented = filesBelow('conformance/implementations').map((file) => file.split('/').at(-1));

describe('a component is found by its one spelling', () => {
  test.each(names)('%s', (name) => {
    const { family } = spec[name];
    const mirrors = [
      `spec/${family}/${name}.ts`,
      `reference/${family}/${name}.ts`,
      `vectors/${family}/${name}.json`,
      `test/mutants/${family}/${name}.ts`,
    ];
    expect(mirrors.filter((file) => !existsSync(join(root, file)))).toEqual([]);
    expect(implemented).toContain(`${name}.ts`);
    expect(readFileSync(join(root, `spec/${family}/${name}.ts`), 'utf8')).toMatch(
      new RegExp(`export const ${name}\\b`),
    );
    expect(readFileSync(join(root, `reference/${family}/${name}.ts`), 'utf8')).toMatch(
      new RegExp(`export const ${name}\\b`),
    );
  });
});

test('every vector file belongs to a component', () => {
  const families = new Set(names.map((name) => spec[name].family));
  const vectors = filesBelow('vectors').filter((file) => families.has(file.split('/')[1] ?? ''));
  expect(vectors.toSorted()).toEqual(
    names.map((name) => `vectors/${spec[name].family}/${name}.json`).toSorted(),
  );
});

describe('arrows go one way: spec ← reference ← conformance ← test', () => {
  const allowed: Readonly<Record<string, readonly string[]>> = {
    spec: ['spec'],
    reference: ['spec', 'reference'],
    conformance: ['spec', 'reference', 'conformance', 'test'],
  };
  test.each(Object.keys(allowed))('%s', (top) => {
    const offenders = filesBelow(top)
      .filter((file) => file.endsWith('.ts'))
      .flatMap((file) =>
        importsOf(file)
          .filter((path) => !(allowed[top] ?? []).includes(topOf(file, path) ?? top))
          .map((path) => `${file}: ${path}`),
      );
    expect(offenders).toEqual([]);
  });

  test('spec depends on zod and fast-check only', () => {
    const outside = filesBelow('spec').flatMap((file) =>
      importsOf(file).filter((path) => !path.startsWith('.')),
    );
    expect([...new Set(outside)].toSorted()).toEqual(['fast-check', 'zod']);
  });

  test('only the command that prints the kill matrix reaches for the mutants', () => {
    const offenders = filesBelow('conformance')
      .filter(
        (file) =>
          file.endsWith('.ts') && importsOf(file).some((path) => topOf(file, path) === 'test'),
      )
      .filter((file) => file !== 'conformance/cli/mutants.ts');
    expect(offenders).toEqual([]);
  });
});

test('only the command that shows the demo reaches for it', () => {
  const offenders = filesBelow('conformance')
    .filter((file) => file.endsWith('.ts') && !file.startsWith('conformance/demo/'))
    .filter((file) =>
      importsOf(file).some((path) => join(file, '..', path).startsWith('conformance/demo/')),
    );
  expect(offenders.toSorted()).toEqual(['conformance/cli/demo.ts', 'conformance/cli/demoText.ts']);
});

test('no shared code knows a component by name', () => {
  const shared = filesBelow('conformance').filter(
    (file) =>
      file.endsWith('.ts') &&
      !/implementations\/|schemas\/|demo\/|claims\/(?:texts\/|inputs\.ts)/.test(file),
  );
  const machinery = filesBelow('reference').filter(
    (file) =>
      /^reference\/(arithmetics\/.*|[a-z]+)\.ts$/.test(file) && file !== 'reference/index.ts',
  );
  const offenders = [...shared, ...machinery].flatMap((file) => {
    const code = readFileSync(join(root, file), 'utf8')
      .replaceAll(/\/\*[\s\S]*?\*\//g, '')
      .replaceAll(/\/\/.*$/gm, '');
    return names
      .filter((name) => new RegExp(`'${name}'|\\b(?:spec|references)\\.${name}\\b`).test(code))
      .map((name) => `${file}: ${name}`);
  });
  expect(offenders).toEqual([]);
});

test('sources keep to the house rules', () => {
  const sources = ['spec', 'reference', 'conformance', 'test']
    .flatMap(filesBelow)
    .filter((file) => file.endsWith('.ts'));
  const offenders = sources.flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8').replaceAll(
      /\/\*[\s\S]*?\*\/|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`/g,
      '',
    );
    const rules: readonly [string, RegExp][] = [
      ['a cast', /\bas (?!const\b)[A-Z]\w*(?=[\s;,)<[\].])(?! from)/],
      ['a cast of unknown', /\bas unknown\b/],
      ['a TODO', /\bTODO\b/],
      ['a test that is skipped', /\b(?:test|it|describe)\.(?:skip|only|todo)\b/],
    ];
    return rules.filter(([, pattern]) => pattern.test(text)).map(([rule]) => `${file}: ${rule}`);
  });
  expect(offenders.filter((offender) => !offender.startsWith('test/layout.test.ts'))).toEqual([]);
});
