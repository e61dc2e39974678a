import { describe, expect, it } from 'vitest';
import { LineReader } from '../../conformance/implementations/process/lines.ts';
import { Tail } from '../../conformance/implementations/process/tail.ts';
import { commandOf, start } from './start.ts';

function linesOf(limit: number, chunks: readonly string[]): { lines: string[]; fits: boolean } {
  const lines: string[] = [];
  const reader = new LineReader(limit, (line) => lines.push(line.toString()));
  return { fits: chunks.every((chunk) => reader.push(Buffer.from(chunk))), lines };
}

describe('a line reader', () => {
  it('gives the same lines however the stream is cut', () => {
    const text = 'one\n\ntwo longer\nthree\n';
    for (let size = 1; size <= text.length; size += 1) {
      const chunks = text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
      expect(linesOf(100, chunks)).toEqual({
        fits: true,
        lines: ['one', '', 'two longer', 'three'],
      });
    }
  });

  it('counts the bytes of a line and not its end', () => {
    expect(linesOf(4, ['1234\n', '1234', '\n'])).toEqual({ fits: true, lines: ['1234', '1234'] });
    expect(linesOf(4, ['12345\n'])).toEqual({ fits: false, lines: [] });
    expect(linesOf(4, ['a\n123', '45'])).toEqual({ fits: false, lines: ['a'] });
  });

  it('keeps a line that grows over many chunks', () => {
    const chunks = Array.from({ length: 5000 }, (_, i) => `${i},`);
    expect(linesOf(100_000, [...chunks, '\n']).lines).toEqual([chunks.join('')]);
  });
});

describe('the tail of stderr', () => {
  it('is the last 20 lines', () => {
    const tail = new Tail();
    for (let i = 0; i < 1000; i += 1) tail.push(Buffer.from(`line ${i}\n`));
    const expected = Array.from({ length: 20 }, (_, i) => `line ${980 + i}`);
    expect(tail.text.split('\n')).toEqual(expected);
  });

  it('shows the steps of a progress bar as lines, and no colours', () => {
    const tail = new Tail();
    tail.push(Buffer.from('10 %\r20 %\r\u001b[31mfailed\u001b[0m\r\n'));
    expect(tail.text).toBe('10 %\n20 %\nfailed');
  });

  it('is never more than 64 KiB', () => {
    const tail = new Tail();
    tail.push(Buffer.from('a'.repeat(200_000)));
    tail.push(Buffer.from('bc'));
    expect(tail.text).toHaveLength(65_536);
    expect(tail.text).toMatch(/^a+bc$/);
  });
});

describe('an adapter that talks too much', () => {
  it('is stopped at the limit, its stream never held', async () => {
    const adapter = await start(commandOf('onDemand'), { lineLimit: 2 ** 20 });
    const before = process.memoryUsage();
    const answer = await adapter.run('softmax', { how: 'endlessLine', megabytes: 40 }, 20);
    const after = process.memoryUsage();
    expect(answer).toHaveProperty(
      'broken',
      expect.stringContaining('a line of more than 1048576 bytes'),
    );
    expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(12 * 2 ** 20);
    expect(after.rss - before.rss).toBeLessThan(30 * 2 ** 20);
    expect(await adapter.run('softmax', { how: 'well' }, 20)).toHaveProperty('output');
  });

  it('may take a line up to the default limit of 256 MiB', async () => {
    const adapter = await start(commandOf('onDemand'));
    const answer = await adapter.run('softmax', { how: 'longLine' }, 20);
    expect(answer).toEqual({ output: { text: 'x'.repeat(200_000) } });
  });

  it('on stderr is neither blocked nor punished', async () => {
    const adapter = await start(commandOf('onDemand'));
    expect(await adapter.run('softmax', { how: 'stderrFlood' }, 20)).toEqual({ output: {} });
  });
});
