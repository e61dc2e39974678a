import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { getLoadablePath } from 'sqlite-vec';
import { checkComponent, defaultSettings, firstFailure } from '../conformance/checking/check.ts';
import { readKnownFailures } from '../conformance/cli/knownFailures.ts';
import { quoted } from '../conformance/cli/text.ts';
import { startProcess } from '../conformance/implementations/process/index.ts';
import { pythons } from '../conformance/implementations/python.ts';
import type { Name } from '../spec/index.ts';

const folderOf = join(import.meta.dirname, '../conformance/implementations');

/** A vector store, or another library that an adapter in Python wraps. */
interface Store {
  /** Its folder, and its name on the command line. */
  readonly name: string;
  /** Python that says which version is there: the one that the known failures are of. */
  readonly asks: string;
  readonly version: string;
  readonly offered: readonly Name[];
  readonly operands?: () => readonly string[];
  /** What of each component is broken: what stands there, and what is put there. They are put there all at once. */
  readonly breaks: readonly (readonly [Name, string, string])[];
}

const roots = ['np.sqrt(np.maximum(scores, 0))', 'np.maximum(scores, 0)'] as const;

const stores: readonly Store[] = [
  {
    name: 'faiss',
    asks: 'import faiss; print(faiss.__version__)',
    version: '1.7.3',
    offered: [
      'flatIndex',
      'hnswIndex',
      'ivfFlatIndex',
      'ivfPqIndex',
      'pqTrain',
      'pqEncode',
      'pqDecode',
      'pqDistances',
    ],
    breaks: [
      ['flatIndex', ...roots],
      ['hnswIndex', ...roots],
      ['ivfFlatIndex', ...roots],
      ['ivfPqIndex', ...roots],
      ['pqTrain', 'pq.train(rows)', 'pq.train(rows * np.float32(1.5))'],
      ['pqEncode', 'pq.compute_codes(array(vectors))', 'pq.compute_codes(-array(vectors))'],
      ['pqDecode', 'pq.decode(packed(pq, array(codes)))', '-pq.decode(packed(pq, array(codes)))'],
      ['pqDistances', 'row[at[at >= 0]] = values[at >= 0]', 'row[:] = values'],
    ],
  },
  {
    name: 'python-hnswlib',
    asks: 'import hnswlib; from importlib.metadata import version; print(version("hnswlib"))',
    version: '0.6',
    offered: ['flatIndex', 'hnswIndex'],
    breaks: [
      ['flatIndex', 'np.sqrt(distances)', 'distances'],
      ['hnswIndex', 'np.sqrt(distances)', 'distances'],
    ],
  },
  {
    name: 'sqlite-vec',
    asks: 'from sqlite3 import Connection as C; C.enable_load_extension, C.serialize; print("0.1.9")',
    version: '0.1.9',
    offered: ['flatIndex'],
    operands: () => [getLoadablePath()],
    breaks: [['flatIndex', 'return 1 - distance', 'return distance']],
  },
  {
    name: 'python-sentencepiece',
    asks: 'import sentencepiece; print(sentencepiece.__version__)',
    version: '0.1.97',
    offered: ['unigramEncode', 'bytePairEncode', 'decodeTokens'],
    breaks: [
      ['unigramEncode', 'entry["logProbability"]', '0.25 * entry["logProbability"] - 1'],
      ['bytePairEncode', '-made[token] if', 'made[token] if'],
      ['decodeTokens', 'processor.decode(ids)', 'processor.decode(ids[::-1])'],
    ],
  },
];

/** The Python on the path that has a store in the version that its known failures are of, or Debian's. */
const pythonOf = ({ asks, version }: Store): string | undefined =>
  pythons.find((program) => {
    const { status, stdout } = spawnSync(program, ['-c', asks]);
    return status === 0 && String(stdout).startsWith(version);
  });

describe.each(stores.map((store) => ({ ...store, python: pythonOf(store) })))(
  'the adapter for $name',
  ({ name, python, offered, breaks, operands = () => [] }) => {
    const known = readKnownFailures(join(folderOf, name, 'known-failures.json'));
    const settings = { ...defaultSettings, timeoutSeconds: 60, known };
    const source = readFileSync(join(folderOf, name, 'adapter.py'), 'utf8');
    const isMissing = python === undefined;

    describe.skipIf(isMissing)(isMissing ? `(no python3 has ${name})` : `on ${python}`, () => {
      let folder = '';
      let sound: Awaited<ReturnType<typeof startProcess>> | undefined;
      let broken: Awaited<ReturnType<typeof startProcess>> | undefined;
      const start = (below: string) =>
        startProcess(
          ['exec', python, ...[join(below, name, 'adapter.py'), ...operands()].map(quoted)].join(
            ' ',
          ),
        );
      beforeAll(async () => {
        folder = mkdtempSync(join(tmpdir(), 'touchstone-stores-'));
        for (const part of ['python-stores', name])
          cpSync(join(folderOf, part), join(folder, part), { recursive: true });
        const other = breaks.reduce(
          (text, [, found, put]) => text.replace(found, () => put),
          source,
        );
        writeFileSync(join(folder, name, 'adapter.py'), other);
        sound = await start(folderOf);
        broken = await start(folder);
      }, 60_000);
      afterAll(async () => {
        await sound?.close();
        await broken?.close();
        rmSync(folder, { recursive: true, force: true });
      });

      test('offers what it says', () => {
        expect([...(sound?.offers.keys() ?? [])].toSorted()).toEqual(offered.toSorted());
        expect(sound?.warnings).toEqual([]);
      });

      test.each(offered)(
        'passes %s but for what is known',
        async (component) => {
          if (sound === undefined) throw new Error('the adapter did not start');
          const report = await checkComponent(component, sound, { ...settings, runs: 30 });
          const isListed = known.some((entry) => entry.component === component);
          expect({ verdict: report.verdict, failures: report.failures }).toEqual({
            verdict: isListed ? 'known' : 'pass',
            failures: [],
          });
          expect(report.known.filter(({ occurs }) => !occurs)).toEqual([]);
        },
        180_000,
      );

      test.each(breaks)(
        'is refused when %s is answered otherwise: %s',
        async (component, found) => {
          if (broken === undefined) throw new Error('the broken adapter did not start');
          expect(source.split(found)).not.toHaveLength(1);
          const { failure } = await firstFailure(component, broken, settings);
          expect(failure).toMatchObject({
            at: expect.not.stringMatching(/^broken$/),
            message: expect.not.stringMatching(/^failed: /),
          });
        },
        180_000,
      );
    });

    test('is tried in full, and lists nothing that it does not offer', () => {
      if (isMissing) console.warn(`no python3 has ${name}: its adapter was not tried`);
      expect(offered.filter((component) => !breaks.some(([other]) => other === component))).toEqual(
        [],
      );
      const offers = new Set<string>(offered);
      expect(known.filter(({ component }) => !offers.has(component))).toEqual([]);
    });
  },
);
