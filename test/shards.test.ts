import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { checkComponent, defaultSettings, replayToken } from '../conformance/checking/check.ts';
import { readKnownFailures } from '../conformance/cli/knownFailures.ts';
import { inProcess, type Implementation } from '../conformance/interface/implementation.ts';
import { implementations, shippedKnownFailures } from '../conformance/implementations/index.ts';
import type { Level } from '../spec/component.ts';
import { greatestOf, leastOf } from '../spec/extremes.ts';
import type { KnownFailure } from '../conformance/known/schema.ts';
import { mergeReports } from '../conformance/report/merge.ts';
import { readReport } from '../conformance/report/read.ts';
import type { Report, Shard } from '../conformance/report/report.ts';
import { sharedOut } from '../conformance/checking/runStage.ts';
import { formatToken, parseToken } from '../conformance/checking/token.ts';
import { spec, type Name } from '../spec/index.ts';
import { tensor } from '../spec/tensor.ts';
import { call, scratch } from './cli/call.ts';
import { mutants } from './mutants/index.ts';

interface Subject {
  readonly implementation: Implementation;
  readonly components: readonly Name[];
  readonly known?: readonly KnownFailure[];
  readonly runs?: number;
  readonly levels?: readonly Level[];
}

/** A report as check writes it, read back from JSON. */
async function reportOf(subject: Subject, shard?: Shard): Promise<Report> {
  const {
    implementation,
    components,
    known = [],
    runs = 6,
    levels = defaultSettings.levels,
  } = subject;
  const settings = {
    ...defaultSettings,
    known,
    runs,
    levels,
    budget: 0.05,
    ...(shard === undefined ? {} : { shard }),
  };
  const found: Partial<Record<Name, Report['components'][Name]>> = {};
  for (const name of components) found[name] = await checkComponent(name, implementation, settings);
  const { name, version } = implementation;
  const path = join(scratch(), 'report.json');
  const text = JSON.stringify({
    touchstone: 1,
    complete: true,
    implementation: { name, version },
    invocation: { implementation: name },
    seed: settings.seed,
    runs,
    levels,
    ...(shard === undefined ? {} : { shard }),
    startedAt: new Date().toISOString(),
    seconds: 1,
    components: found,
  });
  writeFileSync(path, text);
  return readReport(path);
}

const shardsOf = async (subject: Subject, count: number) => {
  const reports: { path: string; report: Report }[] = [];
  for (let index = 1; index <= count; index += 1)
    reports.push({ path: `${index}`, report: await reportOf(subject, { index, count }) });
  return reports;
};

/** Everything but times. */
const timeless = ({ startedAt: _at, seconds: _seconds, components, ...report }: Report) => ({
  ...report,
  components: Object.fromEntries(
    Object.entries(components).map(([name, { seconds: _time, ...component }]) => [name, component]),
  ),
});

/** An implementation of mutants, wrong each in its way: one for each of the components. */
const wrong = (nth: number, components: readonly Name[]): Implementation =>
  inProcess({
    name: `wrong-${nth}`,
    version: '1',
    entries: Object.fromEntries(
      components.map((name) => {
        const { mutants: list, numerics, options } = mutants[name];
        const mutant = list[nth % list.length];
        return [name, { ...(numerics && { numerics }), ...(options && { options }), ...mutant }];
      }),
    ),
  });

const started = new Map<string, Implementation>();
const installed = async (name: string): Promise<Implementation | undefined> => {
  try {
    const one = await implementations[name]?.();
    if (one !== undefined) started.set(name, one);
    return one;
  } catch (error) {
    if (error instanceof Error && error.name === 'AdapterBroken') return undefined;
    throw error;
  }
};
afterAll(async () => {
  for (const one of started.values()) await one.close();
});
const knownOf = (name: string): readonly KnownFailure[] => {
  const path = shippedKnownFailures(name);
  return path !== undefined && existsSync(path) ? readKnownFailures(path) : [];
};

const everyKind: readonly Name[] = ['softmax', 'topK', 'linear', 'cachedAttention', 'flatIndex'];
const few = [1, 2, 3, 8];
const bundled: readonly (readonly [string, readonly Name[], readonly number[]])[] = [
  ['tfjs-cpu', ['softmax', 'sampleToken', 'cachedAttention'], few],
  ['reference', ['layerNorm', 'decodeTokens', 'flatIndex'], few],
  ['hnswlib', ['hnswIndex'], [3]],
  ['gpt-tokenizer', ['bytePairEncode'], few],
];

describe('the reports of all shards, merged, are the report of the whole run', () => {
  test.for(bundled)(
    '%s: %j in %j',
    { timeout: 300_000 },
    async ([name, components, counts], { skip }) => {
      const implementation = await installed(name);
      if (implementation === undefined) return skip(`${name} is not installed`);
      const runs = counts.length === 1 ? 2 : 6;
      const subject = { implementation, components, known: knownOf(name), runs };
      const whole = timeless(await reportOf(subject));
      for (const count of counts) {
        const merged = mergeReports((await shardsOf(subject, count)).toReversed());
        expect(timeless(merged)).toEqual(whole);
      }
    },
  );

  test.each([0, 1, 3])('kernels that are wrong, %d', { timeout: 300_000 }, async (nth) => {
    const subject = { implementation: wrong(nth, everyKind), components: everyKind };
    const whole = timeless(await reportOf(subject));
    const verdicts = Object.values(whole.components).map(({ verdict }) => verdict);
    expect(verdicts.filter((verdict) => verdict === 'fail').length).toBeGreaterThan(2);
    for (const count of few)
      expect(timeless(mergeReports(await shardsOf(subject, count)))).toEqual(whole);
  });

  test('of more shards than a stage has cases', { timeout: 300_000 }, async () => {
    const components: readonly Name[] = ['softmax'];
    for (const runs of [1, 7])
      for (const implementation of [wrong(0, components), wrong(1, components)]) {
        const subject = { implementation, components, runs };
        const whole = timeless(await reportOf(subject));
        expect(timeless(mergeReports(await shardsOf(subject, 40)))).toEqual(whole);
      }
  });

  test('a kernel that is seldom wrong is found by one of them alone', async () => {
    const implementation = inProcess({
      name: 'seldom',
      version: '1',
      entries: {
        relu: {
          run: ({ input }) => {
            const output = input.data.map((x) => (x > 0 ? x : x === -Infinity ? 1 : 0));
            return { output: tensor(input.dtype, input.shape, [...output]) };
          },
        },
      },
    });
    const subject: Subject = {
      implementation,
      components: ['relu'],
      runs: 40,
      levels: ['core', 'edge'],
    };
    const whole = timeless(await reportOf(subject));
    const shards = await shardsOf(subject, 8);
    expect(timeless(mergeReports(shards))).toEqual(whole);
    const verdicts = shards.map(({ report }) => report.components.relu?.verdict);
    expect(new Set(verdicts)).toEqual(new Set(['pass', 'fail']));
  });
});

test('each case is in exactly one shard', () => {
  fc.assert(
    fc.property(
      fc.nat({ max: 500 }),
      fc.nat({ max: 1000 }),
      fc.integer({ min: 1, max: 60 }),
      (runs, position, count) => {
        const taken = Array.from({ length: count }, (_, i) => {
          const { path, numRuns } = sharedOut(runs, position, { index: i + 1, count });
          return Array.from({ length: numRuns }, (_case, j) => Number(path) + j);
        });
        expect(taken.flat().toSorted((a, b) => a - b)).toEqual([...Array(runs).keys()]);
        const sizes = taken.map(({ length }) => length);
        expect(greatestOf(sizes) - leastOf(sizes)).toBeLessThanOrEqual(1);
      },
    ),
  );
});

test('stages of one case are shared out, too', () => {
  const shards = [1, 2, 3, 4].map(
    (index) =>
      [...Array(20).keys()].filter(
        (position) => sharedOut(1, position, { index, count: 4 }).numRuns === 1,
      ).length,
  );
  expect(shards).toEqual([5, 5, 5, 5]);
});

test('the token of a failure that a shard found replays, one of a trial included', async () => {
  const components: readonly Name[] = ['softmax', 'topK'];
  const tokens: string[] = [];
  for (const nth of [0, 1, 2]) {
    const implementation = wrong(nth, components);
    for (const { report } of await shardsOf({ implementation, components }, 3))
      for (const { failures } of Object.values(report.components))
        for (const { replay, message } of failures) {
          tokens.push(replay);
          const again = await replayToken(parseToken(replay), implementation, 10);
          expect(again).toMatchObject({ failure: { message, replay } });
        }
  }
  expect(tokens.length).toBeGreaterThan(3);
  expect(tokens.some((token) => /\/generated\/-?\d+\/[1-9]/.test(token))).toBe(true);
  const [title = ''] = Object.keys(spec.ivfFlatIndex.trials ?? {});
  const trial = {
    name: 'ivfFlatIndex',
    level: 'core',
    kind: 'law',
    title,
    seed: 1,
    path: '0',
  } as const;
  expect(parseToken(formatToken(trial))).toEqual(trial);
}, 300_000);

/** The files that check writes of three shards of a small run. */
const files = async (folder: string, ...more: readonly string[]): Promise<readonly string[]> => {
  const paths: string[] = [];
  for (const index of [1, 2, 3]) {
    const path = join(folder, `shard-${index}.json`);
    const shard = ['--shard', `${index}/3`, '--report', path, '--runs', '6', ...more];
    const { status } = await call(['check', 'softmax', '--implementation', 'reference', ...shard]);
    expect(status).toBe(0);
    paths.push(path);
  }
  return paths;
};

const edited = (path: string, edit: (report: Record<string, unknown>) => object): string => {
  const report = z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(path, 'utf8')));
  const other = `${path}.edited.json`;
  writeFileSync(other, JSON.stringify({ ...report, ...edit(report) }));
  return other;
};

describe('touchstone merge', () => {
  test('writes the report of the whole run, and no file is overwritten without --force', async () => {
    const folder = scratch();
    const paths = await files(folder);
    const [whole, merged] = [join(folder, 'whole.json'), join(folder, 'merged.json')];
    const run = ['softmax', '--implementation', 'reference', '--runs', '6'];
    await call(['check', ...run, '--report', whole]);
    const first = await call(['merge', ...paths, '--report', merged]);
    expect(first).toMatchObject({ status: 0, stderr: '' });
    expect(first.stdout).toMatch(/1 of 1 components passed; \d+ cases/);
    expect(timeless(readReport(merged))).toEqual(timeless(readReport(whole)));
    const before = readFileSync(merged, 'utf8');
    const again = await call(['merge', ...paths, '--report', merged]);
    expect(again).toMatchObject({ status: 2, stdout: '' });
    expect(again.stderr).toContain(`--report: ${merged} is there already; --force writes over it`);
    expect(readFileSync(merged, 'utf8')).toBe(before);
    expect((await call(['merge', ...paths, '--report', merged, '--force'])).status).toBe(0);
    const json = await call(['merge', ...paths, '--json']);
    expect(JSON.parse(json.stdout)).toMatchObject({ complete: true, runs: 6 });
    const one = await call(['merge', ...paths, '--report', whole, '--junit', whole, '--force']);
    expect(one.status).toBe(2);
    expect(one.stderr).toContain('--junit: expected another path than --report');
  });

  test('fails where the whole run would', async () => {
    const uniform = join(import.meta.dirname, 'cli/fakes/uniform.mjs');
    const folder = scratch();
    const statuses: number[] = [];
    const paths = [1, 2].map((index) => join(folder, `${index}.json`));
    for (const [i, path] of paths.entries()) {
      const options = ['--shard', `${i + 1}/2`, '--report', path, '--runs', '5'];
      const { status } = await call(['check', '--implementation', uniform, ...options]);
      statuses.push(status);
    }
    const { status, stdout } = await call(['merge', ...paths]);
    expect(statuses).toContain(1);
    expect(status).toBe(1);
    expect(stdout).toMatch(/replay +touchstone replay/);
  });

  const cases: readonly (readonly [
    string,
    (paths: readonly string[]) => Promise<readonly string[]> | readonly string[],
    string,
  ])[] = [
    ['missing', ([one = '']) => [one], 'expected 3 shards, missing 2/3, 3/3'],
    ['twice', (paths) => [...paths, ...paths.slice(1, 2)], 'shard 2/3 is in'],
    [
      'overlapping: of another number of shards',
      ([one = '', two = '', three = '']) => [
        one,
        edited(two, () => ({ shard: { index: 2, count: 2 } })),
        three,
      ],
      'number of shards: expected 3, got 2',
    ],
    ...(
      [
        [{ seed: 5 }, 'seed: expected 20261121, got 5'],
        [{ runs: 5 }, 'runs: expected 6, got 5'],
        [{ levels: ['core'] }, 'levels: expected core,edge,size, got core'],
        [{ implementation: { name: 'other', version: '1' } }, 'implementation: expected reference'],
        [{ implementation: { name: 'reference', version: '0' } }, 'got reference 0'],
        [{ invocation: { adapter: 'other' } }, 'command: expected reference, got other'],
        [{ components: {} }, 'components: expected softmax, got '],
        [{ complete: false }, 'the run did not come to its end: run it again'],
        [{ shard: undefined }, 'expected the report of a shard, got that of a whole run'],
        [{ shard: { index: 9, count: 3 } }, 'expected an index up to the count'],
        [{ shard: 'x' }, 'at shard: '],
        [{ components: { softplus: {} } }, 'at components.softplus'],
        [
          { reports: [], skipped: [] },
          'a report of one implementation, got one of --all-installed',
        ],
      ] satisfies readonly (readonly [object, string])[]
    ).map(
      ([edit, message]) =>
        [
          JSON.stringify(edit),
          ([one = '', two = '', three = '']: readonly string[]) => [
            one,
            edited(two, () => edit),
            three,
          ],
          message,
        ] as const,
    ),
    [
      'truncated',
      ([one = '', two = '', three = '']) => {
        writeFileSync(two, readFileSync(two, 'utf8').slice(0, -100));
        return [one, two, three];
      },
      'could not be read: ',
    ],
    ['not there', ([one = '']) => [one, '/no/such/file.json'], 'could not be read: ENOENT'],
    [
      'of other stages',
      ([one = '', two = '', three = '']) => [
        one,
        edited(two, ({ components }) => ({
          components: JSON.parse(JSON.stringify(components).replaceAll('sums to one', 'sums to 1')),
        })),
        three,
      ],
      'softmax: the shards were run with other vectors, laws and levels',
    ],
  ];
  test.each(cases)('%s: called wrongly, and nothing is written', async (_what, spoilt, message) => {
    const folder = scratch();
    const paths = await spoilt(await files(folder));
    const report = join(folder, 'merged.json');
    const { status, stdout, stderr } = await call(['merge', ...paths, '--report', report]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(existsSync(report)).toBe(false);
  });
});

test.each(['9/8', '0/2', '2', 'a/b', '1/0', '-1/2', '1/2/3', '', '1.5/2', '1/1000000000'])(
  '--shard %s is no shard',
  async (shard) => {
    const path = join(scratch(), 'report.json');
    const given = ['--implementation', 'reference', `--shard=${shard}`, '--report', path];
    const { status, stdout, stderr } = await call(['check', 'softmax', ...given]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain('--shard: expected ');
    expect(existsSync(path)).toBe(false);
  },
);

test('shards are of one implementation', async () => {
  const { status, stderr } = await call(['check', '--all-installed', '--shard', '1/2']);
  expect(status).toBe(2);
  expect(stderr).toContain('--all-installed and --shard: expected one of the two, got both');
});
