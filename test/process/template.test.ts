import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { tensor } from '../../spec/tensor.ts';
import { start } from './start.ts';

const path = '../../conformance/implementations/process/template.mjs';
const template = `node '${fileURLToPath(new URL(path, import.meta.url))}'`;

const softmax = (shape: readonly number[], values: readonly number[]) => ({
  logits: tensor('float32', shape, values),
});

describe('the template that users copy', () => {
  const right = {
    'two rows': [softmax([2, 2], [0, 0, 1000, -Infinity]), [0.5, 0.5, 1, 0]],
    'a row of −Infinity alone': [softmax([2], [-Infinity, -Infinity]), [NaN, NaN]],
    'a row with NaN': [softmax([2], [NaN, 0]), [NaN, NaN]],
    'a row with Infinity': [softmax([2], [Infinity, 0]), [NaN, NaN]],
    'an empty axis': [softmax([2, 0], []), []],
    'no rows': [softmax([0, 2], []), []],
  } as const;
  it('gives probabilities', async () => {
    const adapter = await start(template);
    for (const [what, [input, values]] of Object.entries(right)) {
      const probabilities = tensor('float32', input.logits.shape, values);
      expect(await adapter.run('softmax', input, 20), what).toEqual({ output: { probabilities } });
    }
  });

  it('rejects what is no input', async () => {
    const adapter = await start(template);
    const reject = 'expected a tensor of at least one axis';
    expect(await adapter.run('softmax', {}, 20)).toEqual({ reject });
    expect(await adapter.run('softmax', softmax([], [1]), 20)).toEqual({ reject });
  });

  it('does no sessions, and says so', async () => {
    const adapter = await start(template);
    expect(await adapter.open('softmax', {}, 20)).toEqual({ unsupported: 'open softmax' });
  });

  it('answers small cases by the thousand', async () => {
    const adapter = await start(template);
    const input = softmax([4], [1, 2, 3, 4]);
    for (let i = 0; i < 500; i += 1) await adapter.run('softmax', input, 20);
    const before = performance.now();
    for (let i = 0; i < 2000; i += 1) await adapter.run('softmax', input, 20);
    // A tenth of what is required, since other tests may be running.
    expect(performance.now() - before).toBeLessThan(4000);
  });
});
