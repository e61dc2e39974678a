import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { checkComponent, defaultSettings } from '../../conformance/checking/check.ts';
import { tfjs } from '../../conformance/implementations/tfjs/index.ts';

const started = await tfjs('webgpu').then(
  (implementation) => ({ implementation, reason: '' }),
  (error: unknown) => ({ implementation: undefined, reason: String(error) }),
);

test('starts, or says what is missing and how to get it', () => {
  if (started.implementation === undefined)
    expect(started.reason).toMatch(/npm install|apt-get install/);
  else expect(started.implementation.name).toBe('tfjs-webgpu');
});

describe.runIf(started.implementation !== undefined)('tfjs on WebGPU', () => {
  test.each([...(started.implementation?.offers.keys() ?? [])])(
    '%s',
    { timeout: 60_000 },
    async (name) => {
      if (started.implementation === undefined) return;
      const { failures, verdict } = await checkComponent(name, started.implementation, {
        ...defaultSettings,
        runs: 10,
      });
      expect(failures.map(({ message }) => message)).toEqual([]);
      expect(verdict).toBe('pass');
    },
  );

  const answers = async (graph: () => tf.Tensor): Promise<readonly number[]> => {
    await tf.setBackend('webgpu');
    const result = tf.tidy(graph);
    const data = Array.from(await result.data());
    result.dispose();
    return data;
  };

  test('argMax does not give the first of equals', async () => {
    const ties = Float32Array.from({ length: 1000 }, (_, i) => Number([3, 500, 999].includes(i)));
    expect(await answers(() => tf.argMax(tf.tensor1d(ties)))).not.toEqual([3]);
  });

  test('sums of integers are taken in float32', async () => {
    expect(await answers(() => tf.sum(tf.tensor1d([16777216, 1], 'int32')))).toEqual([16777216]);
  });

  test('an index that is out of range gathers 0', async () => {
    expect(await answers(() => tf.gather(tf.tensor1d([1, 2]), tf.tensor1d([5], 'int32')))).toEqual([
      0,
    ]);
  });
});
