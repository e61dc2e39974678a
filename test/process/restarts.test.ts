import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { names } from '../../spec/index.ts';
import { commandOf, start } from './start.ts';

const onDemand = commandOf('onDemand');
const well = { how: 'well' };

describe('an adapter that ends', () => {
  it('between requests is started again, and no case suffers', async () => {
    const adapter = await start(onDemand);
    for (const wait of [0, 200]) {
      expect(await adapter.run('softmax', { how: 'answerAndLeave' }, 20)).toEqual({ output: {} });
      await sleep(wait);
      expect(await adapter.run('softmax', well, 20)).toHaveProperty('output');
    }
  });

  it('reading is found out by the next request, where no shell holds the pipe too', async () => {
    const adapter = await start(`exec ${onDemand}`);
    expect(await adapter.run('softmax', { how: 'deaf' }, 20)).toEqual({ output: {} });
    const large = { ...well, text: 'x'.repeat(2 ** 20) };
    const answer = await adapter.run('softmax', large, 20);
    expect(answer).toEqual({
      broken: expect.stringContaining('stopped reading: write EPIPE'),
      phase: 'run',
    });
    expect(await adapter.run('softmax', well, 20)).toHaveProperty('output');
  });

  it('five times and once more is given up for the component, at once', async () => {
    const adapter = await start(onDemand);
    for (let i = 0; i < 6; i += 1)
      expect(await adapter.run('softmax', { how: 'exit' }, 20)).toMatchObject({ phase: 'run' });
    const before = performance.now();
    for (let i = 0; i < 100; i += 1)
      expect(await adapter.run('softmax', well, 20)).toEqual({
        broken: expect.stringMatching(/^five restarts within softmax .* exited with status 3/),
        phase: 'start',
      });
    expect(performance.now() - before).toBeLessThan(500);
  });
});

describe('a signal', () => {
  for (const [how, command] of Object.entries({
    plainly: `exec ${onDemand}`,
    'by the shell': onDemand,
  }))
    it(`is named, reported ${how}`, async () => {
      const adapter = await start(command);
      const reason = /killed by SIGSEGV|status 139 \(SIGSEGV\)/;
      const broken = expect.stringMatching(reason);
      expect(await adapter.run('softmax', { how: 'signal' }, 20)).toEqual({ broken, phase: 'run' });
    });
});

describe('the next component', () => {
  const [first, next] = names;
  it.skipIf(next === undefined)('is given five restarts of its own', async () => {
    const adapter = await start(onDemand);
    if (first === undefined || next === undefined) return;
    for (const name of [first, next])
      for (let i = 0; i < 6; i += 1)
        expect(await adapter.run(name, { how: 'exit' }, 20)).toMatchObject({ phase: 'run' });
    expect(await adapter.run(first, well, 20)).toMatchObject({ phase: 'start' });
  });
});

describe('an answer nobody asked for', () => {
  it('breaks the next case, when it comes between two', async () => {
    const adapter = await start(onDemand);
    expect(await adapter.run('softmax', { how: 'again' }, 20)).toEqual({ output: {} });
    await sleep(150);
    expect(await adapter.run('softmax', well, 20)).toEqual({
      broken: expect.stringMatching(
        /^between requests, the adapter answered request 1 a second time/,
      ),
      phase: 'run',
    });
    expect(await adapter.run('softmax', well, 20)).toHaveProperty('output');
  });

  it('is a warning, when it is the last thing said', async () => {
    const adapter = await start(onDemand);
    await adapter.run('softmax', { how: 'again' }, 20);
    await sleep(150);
    await adapter.close();
    expect(adapter.warnings).toEqual([expect.stringContaining('answered request 1 a second time')]);
  });
});

describe('time', () => {
  it('that the harness itself was busy is not charged to an answer', async () => {
    const adapter = await start(onDemand);
    const pending = adapter.run('softmax', { how: 'later', after: 50 }, 0.3);
    await sleep(10);
    const until = performance.now() + 600;
    while (performance.now() < until);
    expect(await pending).toHaveProperty('output');
  });

  it('without end is no time at all to setTimeout, but to us', async () => {
    const adapter = await start(onDemand);
    expect(await adapter.run('softmax', { how: 'later', after: 50 }, Infinity)).toHaveProperty(
      'output',
    );
  });

  it('leaves no timer behind', async () => {
    const timers = () =>
      process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = timers();
    const adapter = await start(onDemand);
    for (let i = 0; i < 10; i += 1) await adapter.run('softmax', well, 20);
    await adapter.run('softmax', { how: 'exit' }, 20);
    await adapter.close();
    await vi.waitFor(() => expect(timers()).toBeLessThanOrEqual(before));
  });
});

describe('a window', () => {
  const wide = commandOf('onDemand', '4');

  it('holds so many requests, and answers find their case in any order', async () => {
    const adapter = await start(wide);
    const waits = [120, 60, 90, 10, 40, 0, 20, 5];
    const answers = await Promise.all(
      waits.map((after) => adapter.run('softmax', { how: 'later', after }, 20)),
    );
    expect(answers).toEqual(waits.map((after) => ({ output: { after } })));
  });

  it('of one keeps the rest waiting, their time not running', async () => {
    const adapter = await start(onDemand);
    const slow = { how: 'later', after: 120 };
    const answers = await Promise.all([1, 2, 3, 4].map(() => adapter.run('softmax', slow, 0.4)));
    expect(answers).toEqual(answers.map(() => ({ output: { after: 120 } })));
  });

  for (const how of ['exit', 'garbage', 'hang', 'twice'])
    it(`with one that does "${how}" blames none of the others`, async () => {
      const adapter = await start(wide);
      const hows = ['well', how, 'well', 'well', 'well'];
      const slowly = hows.map((each) =>
        each === 'well' ? { how: 'later', after: 80 } : { how: each },
      );
      const answers = await Promise.all(
        slowly.map((input) => adapter.run('softmax', input, how === 'hang' ? 0.4 : 20)),
      );
      expect(answers.map((answer) => Object.keys(answer)[0])).toEqual(
        hows.map((each) => (each === 'well' ? 'output' : 'broken')),
      );
    });

  it('asks nobody twice who was answered', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'touchstone-')), 'notes');
    const adapter = await start(wide);
    const inputs = [{ how: 'note', file }, { how: 'exit' }];
    for (const input of inputs) await adapter.run('softmax', input, 20);
    expect(readFileSync(file, 'utf8')).toBe('asked\n');
  });
});

describe('close', () => {
  it('may be called twice, and no case is run after it', async () => {
    const adapter = await start(onDemand);
    await Promise.all([adapter.close(), adapter.close()]);
    await adapter.close();
    expect(await adapter.run('softmax', well, 20)).toEqual({
      broken: 'the adapter is closed already',
      phase: 'start',
    });
    expect(adapter.warnings).toEqual([]);
  });

  it('breaks what is still outstanding', async () => {
    const adapter = await start(onDemand);
    const pending = adapter.run('softmax', { how: 'hang' }, 20);
    await sleep(20);
    await adapter.close();
    expect(await pending).toHaveProperty('broken');
  });
});
