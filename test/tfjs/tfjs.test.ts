import * as tf from '@tensorflow/tfjs-core';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { checkComponent, defaultSettings } from '../../conformance/checking/check.ts';
import { tfjs } from '../../conformance/implementations/tfjs/index.ts';
import { names } from '../../spec/index.ts';
import { tensor } from '../../spec/tensor.ts';

const logits = tensor('float32', [2, 3], [1, 2, 3, 0, 0, -88]);

describe.each(['wasm', 'cpu'] as const)('tfjs on %s', async (backend) => {
  const implementation = await tfjs(backend);

  test('offers every component, but for the walk over a graph', () => {
    const missing = names.filter((name) => !implementation.offers.has(name));
    expect(missing).toEqual(['hnswIndex']);
  });

  test.each([...implementation.offers.keys()])('%s', { timeout: 60_000 }, async (name) => {
    const before = tf.memory().numTensors;
    const report = await checkComponent(name, implementation, { ...defaultSettings, runs: 20 });
    expect(report.failures.map(({ message, input }) => ({ message, input }))).toEqual([]);
    expect(report.verdict).toBe('pass');
    expect(tf.memory().numTensors).toBe(before);
  });

  test('frees what it has made where a graph fails', async () => {
    const before = tf.memory().numTensors;
    const weight = tensor('float32', [2, 2], [1, 2, 3, 4]);
    const answer = await implementation.run('linear', { input: logits, weight }, 1);
    expect(answer).toHaveProperty('reject');
    expect(tf.memory().numTensors).toBe(before);
  });
});

test('two backends answer side by side, each in its own arithmetic', async () => {
  const [wasm, cpu] = [await tfjs('wasm'), await tfjs('cpu')];
  const ask = (implementation: typeof wasm) => implementation.run('softmax', { logits }, 1);
  const [alone, other] = [await ask(wasm), await ask(cpu)];
  const together = await Promise.all(
    Array.from({ length: 20 }, (_, i) => ask(i % 2 === 0 ? wasm : cpu)),
  );
  expect(together).toEqual(Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? alone : other)));
});

test('a package that is not installed is named, with how to install it', async () => {
  await expect(tfjs('native')).rejects.toThrow(
    /needs the package @tensorflow\/tfjs-node, which is not installed: run npm install @tensorflow\/tfjs-node/,
  );
});

/** The built files, which are what a user runs. `npm test` builds them first. */
const built = new URL('../../dist/conformance/implementations/tfjs/index.js', import.meta.url);

test.runIf(existsSync(built))('writes nothing to stdout or stderr, and leaves no listener', () => {
  const program = `
    import { tfjs } from ${JSON.stringify(built.href)};
    const logits = { dtype: 'float32', shape: [2], data: [1, 2] };
    for (const backend of ['wasm', 'cpu']) await (await tfjs(backend)).run('softmax', { logits }, 1);
    if (process.listenerCount('uncaughtException') + process.listenerCount('unhandledRejection') > 0) throw new Error('a listener is left');`;
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--input-type=module', '--eval', program],
    { encoding: 'utf8' },
  );
  expect({ stdout, stderr, status }).toEqual({ stdout: '', stderr: '', status: 0 });
});
