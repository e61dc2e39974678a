import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { commandOf, start } from './start.ts';

const pidOutput = z.object({ output: z.object({ pid: z.number() }) });
const pidsOutput = z.object({ output: z.object({ pids: z.array(z.number()) }) });

/** A zombie that nobody has reaped yet does not run. */
function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return !/\) [ZX] /.test(stat);
  } catch {
    return false;
  }
}

const gone = (pids: readonly number[]) =>
  vi.waitFor(() => expect(pids.filter(runs)).toEqual([]), { timeout: 2000, interval: 10 });

describe('no process is left', () => {
  it('after close, of an adapter that forked', async () => {
    const adapter = await start(commandOf('onDemand'));
    const answer = await adapter.run('softmax', { how: 'fork' }, 20);
    const { pids } = pidsOutput.parse(answer).output;
    expect(pids.filter(runs)).toHaveLength(3);
    await adapter.close();
    await gone(pids);
    expect(adapter.warnings).toEqual([]);
  });

  it('after close, of an adapter that ignores the end of its input', async () => {
    const adapter = await start(commandOf('onDemand'));
    const { pid } = pidOutput.parse(await adapter.run('softmax', { how: 'stubborn' }, 20)).output;
    await adapter.close();
    await gone([pid]);
    expect(adapter.warnings).toEqual([
      expect.stringContaining('did not exit within 1 s of the end of its input and was killed'),
    ]);
  });

  it('after a case that hangs, of an adapter that forked', async () => {
    const adapter = await start(commandOf('onDemand'));
    const { pids } = pidsOutput.parse(await adapter.run('softmax', { how: 'fork' }, 20)).output;
    expect(await adapter.run('softmax', { how: 'hang' }, 0.3)).toMatchObject({ phase: 'run' });
    await gone(pids);
  });

  it('and no listener, after close', async () => {
    const events = ['exit', 'SIGINT', 'SIGTERM', 'SIGHUP'];
    const before = events.map((event) => process.listenerCount(event));
    const adapters = [await start(commandOf('onDemand')), await start(commandOf('onDemand'))];
    expect(events.map((event) => process.listenerCount(event))).toEqual(
      before.map((count) => count + 1),
    );
    await Promise.all(adapters.map((adapter) => adapter.close()));
    expect(events.map((event) => process.listenerCount(event))).toEqual(before);
  });
});

/** A harness of its own: it starts a group, prints the child's pid, and ends as it is told to. */
const harness = `
import { spawnGroup } from './group.js';
const child = spawnGroup('sleep 60 & echo $!; wait');
child.stdout.once('data', (pid) => {
  process.stdout.write(pid);
  if (process.argv[2] === 'exit') process.exit(0);
  if (process.argv[2] === 'throw') throw new Error('thrown on purpose');
});
`;

function compiled(): string {
  const folder = mkdtempSync(join(tmpdir(), 'touchstone-'));
  const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
  const options =
    '--ignoreConfig --noCheck --target es2023 --module nodenext --types node --outDir'.split(' ');
  const source = at('conformance/implementations/process/group.ts');
  execFileSync(at('node_modules/.bin/tsc'), [source, ...options, folder], { cwd: at('.') });
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  writeFileSync(join(folder, 'harness.js'), harness);
  return join(folder, 'harness.js');
}

describe('the harness takes its adapters with it', () => {
  const path = compiled();
  for (const end of ['exit', 'throw', 'SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    it(end, async () => {
      const child = spawn('node', [path, end], { stdio: ['ignore', 'pipe', 'ignore'] });
      const ended = new Promise<string>((resolve) => {
        child.on('exit', (status, signal) => resolve(signal ?? String(status)));
      });
      const pid = await new Promise<number>((resolve) => {
        child.stdout.once('data', (text: Buffer) => resolve(Number(text.toString())));
      });
      if (end !== 'exit' && end !== 'throw') child.kill(end);
      expect(await ended).toBe(end === 'exit' ? '0' : end === 'throw' ? '1' : end);
      await gone([pid]);
    });
});
