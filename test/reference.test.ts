import { describe, expect, test } from 'vitest';
import { checkComponent, defaultSettings } from '../conformance/checking/check.ts';
import { referenceImplementation } from '../conformance/implementations/reference/index.ts';
import { names } from '../spec/index.ts';
import { honest } from './honest/index.ts';

/** Inputs of each level. `REFERENCE_RUNS=200 npx vitest run test/reference.test.ts` puts so many. */
const runs = Number(process.env['REFERENCE_RUNS'] ?? 20);

/**
 * A law of the reals that is false in floats is a wrong law: the correctly rounded reference must keep every one. What has no float outputs is the
 * same in every format.
 */
describe.each([
  ['float32', names],
  ['bfloat16', names.filter((name) => honest[name] !== undefined)],
] as const)('the correctly rounded reference in %s keeps every law', (storage, rounded) => {
  test.each(rounded)(
    '%s',
    async (name) => {
      const settings = {
        ...defaultSettings,
        runs,
        levels: ['core', 'edge', 'scale'] as const,
      };
      const report = await checkComponent(name, referenceImplementation(storage), settings);
      expect(report.failures).toEqual([]);
      expect(report.executed).toBeGreaterThan(0);
    },
    120_000,
  );
});
