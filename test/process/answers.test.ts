import { describe, expect, it } from 'vitest';
import { commandOf, start } from './start.ts';
import { tensor } from '../../spec/tensor.ts';

const answers: Readonly<Record<string, object>> = {
  reject: { reject: 'p: expected at most 1' },
  unsupported: { unsupported: 'too wide' },
  error: { error: 'a singular matrix' },
  goodTensor: { output: { y: tensor('float32', [2], [1, -2]) } },
  listTensor: { output: { y: tensor('float32', [2], [1, NaN]) } },
};

describe('an answer', () => {
  it('is passed on, its tensors read', async () => {
    const adapter = await start(commandOf('onDemand'));
    for (const [how, expected] of Object.entries(answers))
      expect(await adapter.run('softmax', { how }, 20), how).toEqual(expected);
  });

  it('nested beyond reason breaks the case, not the harness', async () => {
    const adapter = await start(commandOf('onDemand'));
    const answer = await adapter.run('softmax', { how: 'deep' }, 20);
    expect(answer).toMatchObject({
      broken: expect.stringContaining('output.y: '),
      phase: 'output',
    });
  });
});

describe('an input', () => {
  it('comes out as it went in', async () => {
    const adapter = await start(commandOf('onDemand'));
    const input = {
      how: 'well',
      x: tensor('float32', [2, 1], [1, -0]),
      k: Infinity,
      ids: [3, 1],
      name: 'é\n',
      left: undefined,
    };
    const { left: _, ...sent } = input;
    expect(await adapter.run('softmax', input, 20)).toEqual({
      output: { pid: expect.any(Number), input: { ...sent, k: 'Infinity' } },
    });
  });

  it('that the protocol cannot carry is no verdict on the adapter', async () => {
    const adapter = await start(commandOf('onDemand'));
    const input = { x: { dtype: 'int64', shape: [1], data: [0.5] } };
    expect(await adapter.run('softmax', input, 20)).toEqual({
      unsupported: expect.stringContaining(
        'the input cannot be written in the protocol: RangeError',
      ),
    });
  });
});
