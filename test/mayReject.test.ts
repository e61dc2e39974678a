import { expect, test } from 'vitest';
import { checkComponent, defaultSettings } from '../conformance/checking/check.ts';
import { referenceImplementation } from '../conformance/implementations/reference/index.ts';
import type { Implementation } from '../conformance/interface/implementation.ts';
import { leavesOf } from '../spec/leaves.ts';
import { isTensor } from '../spec/schema.ts';

/** Beyond the largest number of float16 a cast gives infinities. */
const reference = referenceImplementation('float16');

/** The exact answers, but for inputs in which some number is one of these: they are rejected. */
const rejecting = (isOne: (x: number) => boolean): Implementation => ({
  ...reference,
  run: async (name, input, timeoutSeconds) =>
    leavesOf(input, isTensor).some(([, { data }]) => Array.from(data).some(isOne))
      ? { reject: 'not of this world' }
      : reference.run(name, input, timeoutSeconds),
});

const settings = { ...defaultSettings, levels: ['core', 'edge'] as const, runs: 40 };

test.each(['pqDecode', 'scalarQuantize', 'scalarDequantize'] as const)(
  '%s: numbers that are not finite may be rejected, others may not',
  async (name) => {
    const wary = await checkComponent(
      name,
      rejecting((x) => !Number.isFinite(x)),
      settings,
    );
    expect([wary.verdict, wary.failures]).toEqual(['pass', []]);
    expect(wary.unsupported).toBeGreaterThan(0);
    const shy = await checkComponent(
      name,
      rejecting((x) => x > 1),
      settings,
    );
    expect(shy.verdict).toBe('fail');
  },
  60_000,
);
