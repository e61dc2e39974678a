#!/usr/bin/env node
import module from 'node:module';
import { run } from './run.ts';
import { exitStatus, type Io } from './io.ts';

/** Node 22.8 and later keep what they compiled for the next time; what a command needs is loaded after this. */
const keepCompiled: unknown = Reflect.get(module, 'enableCompileCache');
if (typeof keepCompiled === 'function') keepCompiled.call(module);

const interrupted = new AbortController();
let unread = false;

/** `| head` closes the pipe when it has enough: what is still written goes nowhere, and the exit status is what it would have been. */
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    if (stream === process.stdout) unread = true;
  });

const flush = (stream: NodeJS.WriteStream): Promise<void> =>
  new Promise((resolve) => {
    if (stream.writableLength === 0 || stream.destroyed) resolve();
    else stream.write('', () => resolve());
  });

const io: Io = {
  stdout: process.stdout,
  stderr: process.stderr,
  stdin: process.stdin,
  corpus: '.touchstone',
  env: process.env,
  signal: interrupted.signal,
  drained: () => flush(process.stdout),
  unread: () => unread,
};

process.on('uncaughtException', (error) => {
  process.stderr.write(
    `touchstone: the suite itself is broken, please report it:\n${error.stack ?? error.message}\n`,
  );
  process.exit(exitStatus.broken);
});
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    interrupted.abort();
    process.stdin.destroy();
  });
const status = await run(process.argv.slice(2), io);
await flush(process.stdout);
await flush(process.stderr);
process.exit(status);
