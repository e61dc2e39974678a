import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');

/** Every source below a folder, as paths from the root. */
const sourcesBelow = (folder: string): readonly string[] =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));

type Read = (file: string) => string;

const fromDisk: Read = (file) => readFileSync(join(root, file), 'utf8');

/** The project's own modules that a source imports, types too. */
const importsOf = (read: Read, file: string): readonly string[] =>
  [...read(file).matchAll(/\b(?:from|import)[\s(]*'(\.[^']+)'/g)].map(([, path = '']) =>
    join(file, '..', path),
  );

/** The lists of all components, which belong to none: what leads through them is no dependence of one on another. */
const lists = new Set(['spec/index.ts', 'reference/index.ts']);

const isModel = (file: string): boolean => /\/(?:models|training)\//.test(file);
const isStore = (file: string): boolean => /\/(?:indexes|retrieval)\//.test(file);

/** The ways by which a source comes to one of models or training, however long: the files on each. */
function waysToModels(file: string, read: Read): readonly string[] {
  const ways: string[] = [];
  const seen = new Set([file]);
  const open: (readonly string[])[] = [[file]];
  for (const way of open)
    for (const next of importsOf(read, way.at(-1) ?? '')) {
      if (seen.has(next) || lists.has(next)) continue;
      seen.add(next);
      if (isModel(next)) ways.push([...way, next].join(' → '));
      else open.push([...way, next]);
    }
  return ways;
}

const tops = ['spec', 'reference', 'conformance'] as const;

describe('models and stores are two systems: indexes and retrieval need nothing of models or training', () => {
  test.each(tops)('%s', (top) => {
    const stores = sourcesBelow(top).filter(isStore);
    expect(stores.length).toBeGreaterThan(4);
    expect(stores.flatMap((file) => waysToModels(file, fromDisk))).toEqual([]);
  });

  test('the other way round too: models and training need no index, and no retrieval', () => {
    const models = tops.flatMap(sourcesBelow).filter(isModel);
    expect(models.length).toBeGreaterThan(20);
    const offenders = models.flatMap((file) =>
      importsOf(fromDisk, file)
        .filter(isStore)
        .map((other) => `${file} → ${other}`),
    );
    expect(offenders).toEqual([]);
  });
});

describe('an import that is planted is found', () => {
  const planted: readonly (readonly [string, string, string])[] = [
    [
      'spec/retrieval/retrievalPipeline.ts',
      'spec/retrieval/retrievalPipeline.ts',
      "import { gpt } from '../models/gpt.ts';",
    ],
    [
      'reference/indexes/flatIndex.ts',
      'reference/indexes/search.ts',
      "import type { Step } from '../training/sgdStep.ts';",
    ],
    [
      'conformance/implementations/tfjs/retrieval/retrievalPipeline.ts',
      'conformance/implementations/collection.ts',
      "const late = await import('./tfjs/models/gpt.ts');",
    ],
    [
      'conformance/implementations/tfjs/indexes/pqTrain.ts',
      'spec/tensor.ts',
      "import './models/weights.ts';",
    ],
  ];
  test.each(planted)('below %s, in %s', (from, at, line) => {
    const read: Read = (file) => (file === at ? `${line}\n` : '') + fromDisk(file);
    const [way] = waysToModels(from, read);
    expect(way).toContain(`${at} → `);
    expect(way).toMatch(/\/(?:models|training)\/\w+\.ts$/);
  });
});
