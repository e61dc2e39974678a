import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';

/** The built files, which are what a user runs. `npm test` builds them first. */
const built = new URL('../../dist/conformance/recall/groundTruth.js', import.meta.url);

test.runIf(existsSync(built))(
  'three threads find what one finds, and end when they are asked to',
  () => {
    const program = `
    import { deepStrictEqual, rejects } from 'node:assert';
    import { groundTruth } from ${JSON.stringify(built.href)};
    const numbers = (count, seed) => Float32Array.from({ length: count }, (_, i) => ((i + seed) * 7919) % 101 / 10);
    const vectors = { rows: 3000, columns: 8, data: numbers(24000, 1) };
    const queries = { rows: 50, columns: 8, data: numbers(400, 5) };
    const search = { vectors, queries, k: 7, metric: 'cosine' };
    let shown = 0;
    const one = await groundTruth(search, { threads: 1 });
    const three = await groundTruth(search, { threads: 3, progress: (done) => { shown = done; } });
    deepStrictEqual(three, one);
    if (one.nearest.length !== 50 || shown > 1) throw new Error('incomplete');
    const stop = new AbortController();
    const running = groundTruth(search, { threads: 2, signal: stop.signal });
    stop.abort();
    await rejects(running, { name: 'AbortError' });`;
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      ['--input-type=module', '--eval', program],
      { encoding: 'utf8' },
    );
    expect({ stdout, stderr, status }).toEqual({ stdout: '', stderr: '', status: 0 });
  },
);
