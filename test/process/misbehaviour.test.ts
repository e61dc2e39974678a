import { describe, it } from 'vitest';
import { startProcess } from '../../conformance/implementations/process/index.ts';
import { commandOf } from './start.ts';

const onDemand = commandOf('onDemand');
const run = 'run';
const output = 'output';

/** What a case that misbehaves is answered with: the phase, and a part of the reason. */
const broken: Readonly<Record<string, readonly [phase: string, reason: RegExp]>> = {
  hang: [run, /expected one within 0\.4 s, got none/],
  halfLine: [run, /got 1\d bytes without an end of line/],
  exit: [run, /exited with status 3/],
  signal: [run, /SIGSEGV/],
  leaveQuietly: [run, /exited with status 0/],
  lastWords: [run, /status 1\nlast lines of its stderr:\n {2}\| out of memory$/],
  garbage: [
    run,
    /expected a JSON object .* got "loading weights \.\.\."; logs and banners belong on stderr/,
  ],
  notUtf8: [run, /bytes that are not UTF-8/],
  list: [run, /expected a JSON object with an integer id on a line of its own, got "\[1\]"/],
  textId: [run, /expected a JSON object with an integer id/],
  noId: [run, /expected a JSON object with an integer id/],
  longLine: [run, /a line of more than 100000 bytes/],
  floodAndDie: [run, /status 1\n.*\n( {2}\| noise\n){19} {2}\| the end$/],
  wrongId: [run, /answered request 100\d, which was never asked/],
  twice: [run, /answered request \d twice/],
  two: [
    run,
    /expected exactly one of output, reject, unsupported, error besides the id, got output, error/,
  ],
  none: [run, /expected exactly one of .*, got none/],
  odd: [run, /expected exactly one of .*, got result/],
  numberForOutput: [output, /output: expected an object .*, got 5/],
  numberForReject: [run, /reject: expected a text, got 5/],
  shortTensor: [output, /output\.y: data: expected 8 bytes for float32 \[2\], got 4/],
  oddDtype: [output, /output\.y: dtype: expected one of .*, got "float8"/],
  forkAndExit: [run, /exited with status 4/],
  forkOutOfReach: [run, /exited with status 5/],
  mute: [run, /closed its standard output without exiting/],
};

describe('a misbehaving adapter is a verdict on the case, and the next case goes on', () => {
  for (const [how, [phase, reason]] of Object.entries(broken))
    it.concurrent(how, async ({ expect, onTestFinished }) => {
      const adapter = await startProcess(onDemand, { lineLimit: 100_000 });
      onTestFinished(() => adapter.close());
      expect(await adapter.run('softmax', { how: 'well' }, 20)).toHaveProperty('output');
      const answer = await adapter.run(
        'softmax',
        { how },
        ['hang', 'halfLine'].includes(how) ? 0.4 : 20,
      );
      expect(answer).toEqual({ broken: expect.stringMatching(reason), phase });
      expect(await adapter.run('softmax', { how: 'well' }, 20)).toHaveProperty('output');
    });
});
