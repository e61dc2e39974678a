import { describe, expect, it } from 'vitest';
import { checkComponent, defaultSettings, replayToken } from '../../conformance/checking/check.ts';
import { parseToken } from '../../conformance/checking/token.ts';
import { tensor } from '../../spec/tensor.ts';
import { commandOf, start } from './start.ts';

const settings = { ...defaultSettings, runs: 40 };
const vectors = (...values: readonly number[]) => tensor('float32', [values.length, 1], values);
const open = { dimension: 1, metric: 'euclidean' };

describe('an index over the protocol', () => {
  it('passes, with what it rejects, saves and loads', async () => {
    const adapter = await start(commandOf('index'));
    const { verdict, parts, failures } = await checkComponent('flatIndex', adapter, settings);
    expect(failures).toEqual([]);
    expect(verdict).toBe('pass');
    expect(parts?.exact).toBeGreaterThan(50);
    expect(parts?.unsupported).toBeUndefined();
  });

  it('passes without save and load, and is said to lack them', async () => {
    const adapter = await start(commandOf('index', 'no-save'));
    const { verdict, parts } = await checkComponent('flatIndex', adapter, settings);
    expect(verdict).toBe('pass');
    expect(parts?.unsupported).toBeGreaterThan(5);
  });

  it('goes on after a rejected action, and loads what it saved', async () => {
    const adapter = await start(commandOf('index'));
    const question = { queries: vectors(5), k: 2 };
    const actions = [
      { action: 'add', input: { ids: [3, 4], vectors: vectors(1, 2) } },
      { action: 'load', input: {} },
      { action: 'save', input: {} },
      { action: 'add', input: { ids: [5, 5], vectors: vectors(7, 8) } },
      { action: 'remove', input: { ids: [4] } },
      { action: 'load', input: { truncated: true } },
      { action: 'count', input: {} },
      { action: 'load', input: {} },
      { action: 'search', input: question },
    ];
    expect(await adapter.run('flatIndex', { open, actions }, 20)).toEqual({
      output: {
        answers: [
          {},
          { unsupported: expect.stringContaining('nothing was saved') },
          { bytes: expect.objectContaining({ dtype: 'uint8' }) },
          { rejected: 'ids' },
          {},
          { rejected: 'bytes' },
          { count: 1 },
          {},
          { ids: [[4, 3]], scores: [[3, 4]] },
        ],
      },
    });
  });

  for (const [fault, reason] of [
    ['keeps-removed', /was removed|expected \d, got \d/],
    ['removes-half', /expected \d( of \d)?, got \d|rejected a valid call|is left out/],
  ] as const)
    it(`is refused when it ${fault.replace('-', ' ')}, by a short sequence that can be replayed`, async () => {
      const adapter = await start(commandOf('index', fault));
      const { verdict, failures } = await checkComponent('flatIndex', adapter, settings);
      expect(verdict).toBe('fail');
      const generated = failures.find(({ kind }) => kind === 'generated');
      expect(generated?.message).toMatch(reason);
      expect(JSON.stringify(generated?.input).match(/"action"/g)?.length).toBeLessThanOrEqual(
        fault === 'removes-half' ? 4 : 3,
      );
      const replayed = await replayToken(parseToken(generated?.replay ?? ''), adapter, 20);
      expect(replayed).toMatchObject({ failure: { message: generated?.message } });
    });
});
