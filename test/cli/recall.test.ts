import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fvecs, ivecs, npy, npyHeader, floats, safetensors, written } from '../data/bytes.ts';
import { call, scratch } from './call.ts';
import { greatestOf } from '../../spec/extremes.ts';

const folder = scratch();
const put = (name: string, bytes: Buffer): string => written(folder, name, bytes);

const line = Array.from({ length: 12 }, (_, i) => [i, 0]);
const asked = [
  [0, 1],
  [11, 1],
  [5, 1],
];
const base = put('base.fvecs', fvecs(line));
const queries = put('queries.fvecs', fvecs(asked));
/** The second misses one; of the third 4 and 6 tie. */
const found = put(
  'found.ivecs',
  ivecs([
    [0, 1],
    [11, 2],
    [5, 6],
  ]),
);

const recall = (given: Readonly<Record<string, string>>, ...rest: readonly string[]) =>
  call([
    'recall',
    ...Object.entries({ vectors: base, queries, found, ...given }).flatMap(([name, value]) =>
      value === '' ? [] : [`--${name}`, value],
    ),
    ...rest,
  ]);

describe('recall', () => {
  test('says how much was found, in 80 columns', async () => {
    const { status, stdout, stderr } = await recall({});
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^recall@2 0\.8333: 3 queries, 12 vectors of width 2, euclidean, /);
    expect(stdout).toMatch(/hits +5 of 6; 2 of 3 queries miss none\n/);
    expect(stdout).toMatch(/worst +1 of 2: query 1\n/);
    expect(stdout).toMatch(/ties +1 query with several vectors exactly as near as the last/);
    expect(stdout).toMatch(/proof +36 scores in doubles/);
    expect(stdout).not.toMatch(/duplicates|empty|floor/);
    expect(greatestOf(stdout.split('\n').map((text) => text.length))).toBeLessThanOrEqual(80);
  });

  test('--json says the same to a machine', async () => {
    const { stdout } = await recall({}, '--json', '--floor', '0.9');
    expect(JSON.parse(stdout)).toEqual({
      touchstone: 1,
      recall: 5 / 6,
      interval: { confidence: 0.95, low: expect.any(Number), high: expect.any(Number) },
      floor: { value: 0.9, verdict: 'open' },
      k: 2,
      metric: 'euclidean',
      vectors: 12,
      columns: 2,
      queries: 3,
      hits: [2, 1, 2],
      duplicates: 0,
      empty: 0,
      ties: 1,
      work: { scores: 36, close: 2, doubleDouble: 0, certified: 0 },
      seconds: expect.any(Number),
    });
  });

  test('the best answer repeated, and places where nothing was found', async () => {
    const repeated = put('repeated.ivecs', ivecs(asked.map(([x = 0]) => [x, x, -1, x])));
    const { stdout } = await recall({ found: repeated });
    expect(stdout).toMatch(/^recall@4 0\.2500: /);
    expect(stdout).toMatch(/duplicates +3 queries with an id found twice: it counts once\n/);
    expect(stdout).toMatch(/empty +3 places with −1: nothing found\n/);
    expect((await recall({ found: repeated }, '--k', '1')).stdout).toMatch(/^recall@1 1\.0000: /);
  });

  test('the metric is what is asked for, and the files what they are', async () => {
    const others = {
      vectors: `${put(
        'base.safetensors',
        safetensors(
          {
            a: { dtype: 'F32', shape: [12, 2], data_offsets: [0, 96] },
            b: { dtype: 'F32', shape: [1, 1], data_offsets: [96, 100] },
          },
          floats([...line.flat(), 0]),
        ),
      )}#a`,
      queries: put('queries.npy', npy(npyHeader('<f4', '(3, 2)'), floats(asked.flat()))),
      found: put('far.ivecs', ivecs(asked.map(() => [10, 11]))),
    };
    expect((await recall(others)).stdout).toMatch(/^recall@2 0\.3333: .*, euclidean, /);
    expect((await recall({ ...others, metric: 'dot' })).stdout).toMatch(/^recall@2 1\.0000: /);
    const { stdout } = await recall({ ...others, metric: 'cosine' });
    expect(stdout).toMatch(/, cosine, /);
  });

  test('--floor fails where all of the interval is below it', async () => {
    const wrong = put('wrong.ivecs', ivecs(asked.map(() => [8, 3])));
    expect(await recall({ found: wrong }, '--floor', '0.95')).toMatchObject({
      status: 1,
      stdout: expect.stringMatching(/floor +0\.95: MISSED, surely: all of the interval is below/),
    });
    expect(await recall({}, '--floor', '0.95')).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/floor +0\.95: 0\.8333 is below it, but not surely/),
    });
    expect((await recall({}, '--floor', '0.8')).stdout).toMatch(/floor +0\.8: held\n/);
  });

  test('a progress line on a terminal, gone at the end', async () => {
    const { stdout, stderr } = await call(
      ['recall', '--vectors', base, '--queries', queries, '--found', found],
      { isTTY: true },
    );
    expect(stdout).toMatch(/^recall@2/);
    expect(stderr).toMatch(/reading found\.ivecs/);
    expect(stderr.endsWith('\r\u001b[2K')).toBe(true);
  });
});

/** A wrong call, and what its one line must say. */
const mistakes: readonly (readonly [
  string,
  Readonly<Record<string, string>>,
  readonly string[],
  RegExp,
])[] = [
  [
    'no vectors',
    { vectors: '' },
    [],
    /recall: expected --vectors FILE, got nothing; see touchstone help recall/,
  ],
  ['no queries', { queries: '' }, [], /expected --queries FILE, got nothing/],
  ['nothing found', { found: '' }, [], /expected --found FILE, got nothing/],
  ['k = 0', {}, ['--k', '0'], /--k: expected an integer from 1 to 2, got 0/],
  ['k over what was found', {}, ['--k', '3'], /--k: expected an integer from 1 to 2, got 3/],
  [
    'another metric',
    {},
    ['--metric', 'cosin'],
    /--metric: expected one of cosine, dot, euclidean, got cosin; did you mean cosine\?/,
  ],
  ['a floor in percent', {}, ['--floor', '95'], /--floor: expected a number from 0 to 1, got 95/],
  [
    'no file',
    { vectors: join(folder, 'none.fvecs') },
    [],
    /--vectors: .*none\.fvecs: could not be read: ENOENT/,
  ],
  [
    'a truncated file',
    { vectors: put('cut.fvecs', fvecs(line).subarray(0, 100)) },
    [],
    /--vectors: .*cut\.fvecs, byte 96: expected a row of 12 bytes .* it is cut off/,
  ],
  [
    'another width',
    { queries: put('wide.fvecs', fvecs([[1, 2, 3]])) },
    [],
    /--queries: expected 2 columns as in .*base\.fvecs, got 3 in .*wide\.fvecs/,
  ],
  [
    'too few answers',
    { found: put('few.ivecs', ivecs([[0, 1]])) },
    [],
    /--found: expected 3 rows, one for each query of .*, got 1/,
  ],
  [
    'floats for ids',
    { found: queries },
    [],
    /--found: expected integers, positions in .*base\.fvecs, got floats in .*; write \.ivecs/,
  ],
  [
    'an unknown id',
    {
      found: put(
        'unknown.ivecs',
        ivecs([
          [0, 1],
          [2, 12],
          [3, 4],
        ]),
      ),
    },
    [],
    /--found: .*unknown\.ivecs, byte 20 \(row 1, column 1\): expected an id from 0 to 11, or −1 where nothing was found, got 12; ids are positions/,
  ],
  [
    'NaN',
    {
      vectors: put('nan.fvecs', fvecs([[0, NaN]])),
      found: put('zeros.ivecs', ivecs([[0], [0], [0]])),
    },
    [],
    /--vectors: .*nan\.fvecs, byte 8: expected a finite number in row 0, column 1, got NaN/,
  ],
  [
    'infinity',
    { queries: put('inf.fvecs', fvecs([...asked.slice(1), [Infinity, 0]])) },
    [],
    /--queries: .*inf\.fvecs, byte 28: expected a finite number in row 2, column 0, got Infinity/,
  ],
];

describe('a wrong call', () => {
  test.each(mistakes)('%s: status 2 and one clear line', async (_why, given, rest, wanted) => {
    const { status, stdout, stderr } = await recall(given, ...rest);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(wanted);
  });

  test('a file that shrinks while it is read', async () => {
    const path = put('shrinks.fvecs', fvecs(line));
    const { openMatrix } = await import('../../conformance/data/open.ts');
    const open = await openMatrix(path);
    writeFileSync(path, fvecs(line.slice(0, 3)));
    await expect(open.read()).rejects.toThrow(
      /expected rows of 144 bytes, got the end of the file/,
    );
  });
});
