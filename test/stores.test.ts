import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { checkComponent, defaultSettings } from '../conformance/checking/check.ts';
import { readKnownFailures } from '../conformance/cli/knownFailures.ts';
import type { Answer, Implementation } from '../conformance/interface/implementation.ts';
import { implementations, shippedKnownFailures } from '../conformance/implementations/index.ts';
import { isScript } from '../conformance/interface/session.ts';
import type { Name } from '../spec/index.ts';

const stores = ['usearch', 'hnswlib', 'hnswlib-replacing', 'pgvector', 'lancedb'] as const;

const started = await Promise.all(
  stores.map(async (store) => {
    try {
      return { store, implementation: await implementations[store]?.() };
    } catch (error) {
      return { store, reason: error instanceof Error ? error.message : String(error) };
    }
  }),
);
afterAll(async () => {
  for (const { implementation } of started) await implementation?.close();
});

const knownOf = (store: string) => {
  const path = shippedKnownFailures(store);
  return path !== undefined && existsSync(path) ? readKnownFailures(path) : [];
};

const check = (name: Name, store: string, implementation: Implementation) =>
  checkComponent(name, implementation, { ...defaultSettings, runs: 15, known: knownOf(store) });

describe.each(started)('$store', ({ store, implementation, reason }) => {
  test('starts, or says what is missing and how to get it', () => {
    if (reason === undefined) return;
    console.warn(`${store} was not tried: ${reason}`);
    expect(reason).toMatch(/ needs the package \S+, which is not installed: run npm install \S+@/);
  });

  const offered = [...(implementation?.offers.keys() ?? [])];
  test.skipIf(implementation === undefined).each(offered)(
    '%s is right but for what is known',
    async (name) => {
      if (implementation === undefined) return;
      const report = await check(name, store, implementation);
      expect(report.failures.map(({ message }) => message)).toEqual([]);
      expect(['pass', 'known']).toContain(report.verdict);
      expect(report.executed).toBeGreaterThan(0);
    },
    300_000,
  );
});

/** A store whose answers to searches are changed. */
const changed = (
  implementation: Implementation,
  change: (answer: object, input: object) => object,
): Implementation => ({
  ...implementation,
  run: async (name, input, seconds): Promise<Answer> => {
    const answer = await implementation.run(name, input, seconds);
    const output = 'output' in answer ? answer.output : undefined;
    if (typeof output !== 'object' || output === null || !('answers' in output)) return answer;
    const { answers } = output;
    if (!Array.isArray(answers) || !isScript(input)) return answer;
    const asked = input.actions.map((action) => action.input);
    return { output: { answers: answers.map((one, i) => change(one, asked[i] ?? {})) } };
  },
});

const hits = (answer: object): readonly unknown[][] =>
  'ids' in answer && Array.isArray(answer.ids) ? answer.ids : [];

const breaks = [
  ['gives the ids in the other order', (answer: object) => hits(answer).map((x) => x.toReversed())],
  ['gives the first id to every hit', (answer: object) => hits(answer).map((x) => x.fill(x[0]))],
] as const;

const hnswlib = started.find(({ store }) => store === 'hnswlib')?.implementation;
test.skipIf(hnswlib === undefined).each(breaks)(
  'hnswlib is refused where it %s',
  async (_, broken) => {
    if (hnswlib === undefined) return;
    const wrapped = changed(hnswlib, (answer) =>
      'ids' in answer ? { ...answer, ids: broken(answer) } : answer,
    );
    const { verdict } = await check('flatIndex', 'hnswlib', wrapped);
    expect(verdict).toBe('fail');
  },
  60_000,
);

/** What ends the process that does it: shown in another one. */
const fatal: readonly (readonly [string, string, string])[] = [
  [
    'hnswlib',
    'searches a table for more vectors than it has',
    `const { BruteforceSearch } = require('hnswlib-node');
     const table = new BruteforceSearch('l2', 1);
     table.initIndex(8);
     table.addPoint([0], 1);
     table.searchKnn([0], 2);`,
  ],
  [
    'usearch',
    'loads half of a file',
    `const { Index } = require('usearch');
     const { readFileSync, writeFileSync } = require('fs');
     const folder = process.argv[1];
     const make = () => new Index({ dimensions: 1, metric: 'ip', connectivity: 16 });
     const keys = BigUint64Array.from({ length: 9 }, (_, i) => BigInt(i));
     const index = make();
     index.add(keys, new Float32Array(9), 1);
     index.save(folder + '/whole');
     const whole = readFileSync(folder + '/whole');
     writeFileSync(folder + '/half', whole.subarray(0, whole.length >> 1));
     for (let i = 0; i < 2000; i += 1) {
       try { make().load(folder + '/half'); } catch { if (i % 10 === 0) gc(); }
     }`,
  ],
];
test.each(fatal)('%s ends the process that %s', (store, _, script) => {
  const isThere = started.some((one) => one.store === store && one.implementation !== undefined);
  if (!isThere) return;
  const folder = mkdtempSync(join(tmpdir(), 'touchstone-'));
  const options = { cwd: import.meta.dirname, timeout: 60_000 };
  const { signal, error } = spawnSync(
    process.execPath,
    ['--expose-gc', '-e', script, folder],
    options,
  );
  rmSync(folder, { recursive: true });
  expect(error).toBeUndefined();
  expect(signal).toMatch(/SIG/);
});
