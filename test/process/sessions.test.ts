import { describe, expect, it } from 'vitest';
import type { Session } from '../../conformance/implementations/process/index.ts';
import { commandOf, start } from './start.ts';

type Started = Awaited<ReturnType<typeof start>>;

async function open(adapter: Started): Promise<Session> {
  const opened = await adapter.open('softmax', { dimension: 3 }, 20);
  if ('session' in opened) return opened.session;
  throw new Error(`expected a session, got ${JSON.stringify(opened)}`);
}

describe('a session', () => {
  it('is opened, used and closed, apart from others', async () => {
    const adapter = await start(commandOf('session'));
    const first = await open(adapter);
    const second = await open(adapter);
    expect(await adapter.act(first, 'add', { ids: [4, 9] }, 20)).toEqual({ output: {} });
    expect(await adapter.act(second, 'add', { ids: [1] }, 20)).toEqual({ output: {} });
    expect(await adapter.act(first, 'count', {}, 20)).toEqual({ output: { count: 2 } });
    expect(await adapter.closeSession(first, 20)).toEqual({ closed: true });
    expect(await adapter.act(first, 'count', {}, 20)).toEqual({ error: 'no session 1' });
    expect(await adapter.act(second, 'count', {}, 20)).toEqual({ output: { count: 1 } });
  });

  it('is refused with a reason', async () => {
    const adapter = await start(commandOf('session'));
    expect(await adapter.open('softmax', { dimension: 0 }, 20)).toEqual({
      reject: 'dimension: expected at least 1',
    });
  });

  for (const action of ['crash', 'hang'])
    it(`is lost with its process (${action}); another can be opened`, async () => {
      const adapter = await start(commandOf('session'));
      const session = await open(adapter);
      expect(await adapter.act(session, action, {}, 20)).toMatchObject({ phase: 'run' });
      const lost = { broken: expect.stringContaining('the session is lost'), phase: 'run' };
      expect(await adapter.act(session, 'count', {}, 20)).toEqual(lost);
      const another = await open(adapter);
      expect(await adapter.act(session, 'count', {}, 20)).toEqual(lost);
      expect(await adapter.closeSession(session, 20)).toEqual(lost);
      expect(await adapter.act(another, 'count', {}, 20)).toEqual({ output: { count: 0 } });
    });

  it('needs an answer that names it', async () => {
    const adapter = await start(commandOf('onDemand'));
    expect(await adapter.open('softmax', { how: 'well' }, 20)).toEqual({
      broken: expect.stringContaining(
        'expected exactly one of session, reject, unsupported, error besides the id, got output',
      ),
      phase: 'run',
    });
  });
});
