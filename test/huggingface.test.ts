import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkComponent, defaultSettings, firstFailure } from '../conformance/checking/check.ts';
import { readKnownFailures } from '../conformance/cli/knownFailures.ts';
import type { Implementation } from '../conformance/interface/implementation.ts';
import { huggingface } from '../conformance/implementations/huggingface/index.ts';
import type { Name } from '../spec/index.ts';

const known = readKnownFailures(
  join(import.meta.dirname, '../conformance/implementations/huggingface/known-failures.json'),
);
const settings = { ...defaultSettings, known };

const started = await huggingface().catch((error: unknown) =>
  error instanceof Error ? error.message : String(error),
);

test('starts, or says what is missing and how to get it', () => {
  if (typeof started !== 'string') return expect(started.offers.size).toBe(4);
  console.warn(`huggingface was not tried: ${started}`);
  expect(started).toMatch(/ needs the package \S+, which is not installed: run npm install \S+@/);
});

/** The package, asked for something else. */
const changed = (
  implementation: Implementation,
  change: (input: object) => object,
): Implementation => ({
  ...implementation,
  run: (name, input, seconds) => implementation.run(name, change(input), seconds),
});

const reversed = (field: string) => (input: object) =>
  Object.fromEntries(
    Object.entries(input).map(([key, value]: [string, unknown]) => [
      key,
      key === field && Array.isArray(value) ? value.toReversed() : value,
    ]),
  );

const breaks: readonly (readonly [Name, string, (input: object) => object])[] = [
  ['bytePairEncode', 'has its merges the other way round', reversed('merges')],
  ['wordPieceEncode', 'looks at short words alone', (input) => ({ ...input, maxWordLength: 2 })],
  ['unigramEncode', 'has its vocabulary the other way round', reversed('vocabulary')],
  ['decodeTokens', 'has its ids the other way round', reversed('ids')],
];

if (typeof started !== 'string')
  describe('huggingface', () => {
    test.each([...started.offers.keys()])('%s is right but for what is known', async (name) => {
      const report = await checkComponent(name, started, { ...settings, runs: 60 });
      const isListed = known.some(({ component }) => component === name);
      expect(report.failures).toEqual([]);
      expect(report.verdict).toBe(isListed ? 'known' : 'pass');
      expect(report.known.filter(({ occurs }) => !occurs)).toEqual([]);
      expect(report.executed).toBeGreaterThan(9 * report.unsupported);
    });

    test.each(breaks)('%s is refused when it %s', async (name, _, change) => {
      const { failure } = await firstFailure(name, changed(started, change), settings);
      expect(failure).toMatchObject({ at: expect.not.stringMatching(/^broken$/) });
    });

    test('lists nothing that it does not offer', () => {
      expect(
        known.filter(({ component }) => !new Set<string>(started.offers.keys()).has(component)),
      ).toEqual([]);
    });
  });
