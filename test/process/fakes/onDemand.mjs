// Misbehaves as the input asks for: {"how":"hang"}. Started with a number, it takes so many requests at once.
import { spawn } from 'node:child_process';
import { appendFileSync, closeSync } from 'node:fs';
import { adapt, hello, say } from './adapter.mjs';

/** A child that would outlive this process, and keep its pipes open. */
const sleeper = (options = {}, seconds = '60') => {
  const child = spawn('sleep', [seconds], { stdio: 'inherit', ...options });
  child.unref();
  return child;
};
const vector = (data) => ({ dtype: 'float32', shape: [2], data });

const ways = {
  well: (id, input) => say({ id, output: { pid: process.pid, input } }),
  hang: () => {},
  halfLine: (id) => process.stdout.write(`{"id":${id},"output"`),
  exit: () => process.exit(3),
  signal: () => process.kill(process.pid, 'SIGSEGV'),
  leaveQuietly: () => process.exit(0),
  answerAndLeave: (id) => {
    say({ id, output: {} });
    process.exit(0);
  },
  lastWords: () => {
    console.error('\u001b[31mout of memory');
    process.exit(1);
  },
  garbage: () => console.log('loading weights ...'),
  notUtf8: () => process.stdout.write(Buffer.from([0x22, 0xff, 0xfe, 0x22, 10])),
  list: () => say([1]),
  textId: (id) => say({ id: String(id), output: {} }),
  noId: () => say({ output: {} }),
  longLine: (id) => say({ id, output: { text: 'x'.repeat(200_000) } }),
  endlessLine: (_, { megabytes }) => {
    for (let i = 0; i < megabytes; i += 1) process.stdout.write('x'.repeat(2 ** 20));
  },
  stderrFlood: (id) => {
    for (let i = 0; i < 20_000; i += 1) process.stderr.write(`line ${i} ${'x'.repeat(200)}\n`);
    say({ id, output: {} });
  },
  floodAndDie: () =>
    process.stderr.write(`${'noise\n'.repeat(50_000)}the end\n`, () => process.exit(1)),
  wrongId: (id) => say({ id: id + 1000, output: {} }),
  twice: (id) => process.stdout.write(`{"id":${id},"output":{}}\n{"id":${id},"output":{}}\n`),
  again: (id) => {
    say({ id, output: {} });
    setTimeout(() => say({ id, output: {} }), 50);
  },
  two: (id) => say({ id, output: {}, error: 'both' }),
  none: (id) => say({ id }),
  odd: (id) => say({ id, result: {} }),
  numberForOutput: (id) => say({ id, output: 5 }),
  numberForReject: (id) => say({ id, reject: 5 }),
  reject: (id) => say({ id, reject: 'p: expected at most 1' }),
  unsupported: (id) => say({ id, unsupported: 'too wide' }),
  error: (id) => say({ id, error: 'a singular matrix' }),
  goodTensor: (id) => say({ id, output: { y: vector('AACAPwAAAMA=') } }),
  listTensor: (id) => say({ id, output: { y: vector([1, 'NaN']) } }),
  shortTensor: (id) => say({ id, output: { y: vector('AACAPw==') } }),
  oddDtype: (id) => say({ id, output: { y: { ...vector([1, 2]), dtype: 'float8' } } }),
  deep: (id) =>
    process.stdout.write(
      `{"id":${id},"output":{"y":${'['.repeat(50_000)}${']'.repeat(50_000)}}}\n`,
    ),
  fork: (id) =>
    say({ id, output: { pids: [process.pid, sleeper().pid, sleeper({ stdio: 'ignore' }).pid] } }),
  forkAndExit: () => {
    sleeper();
    process.exit(4);
  },
  forkOutOfReach: () => {
    sleeper({ detached: true }, '3');
    process.exit(5);
  },
  deaf: (id) => {
    process.stdin.destroy();
    closeSync(0);
    say({ id, output: {} });
    setInterval(() => {}, 1000);
  },
  mute: () => {
    process.stdout.end();
    setInterval(() => {}, 1000);
  },
  stubborn: (id) => {
    setInterval(() => {}, 1000);
    say({ id, output: { pid: process.pid } });
  },
  later: (id, { after }) => setTimeout(() => say({ id, output: { after } }), after),
  note: (id, { file }) => {
    appendFileSync(file, 'asked\n');
    say({ id, output: {} });
  },
};

const window = Number(process.argv[2] ?? 1);
await adapt(({ id, input }) => ways[input.how](id, input), { ...hello, window });
