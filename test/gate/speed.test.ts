import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Speed } from '../../conformance/gate/baseline.ts';
import { median, medianInterval } from '../../conformance/gate/bootstrap.ts';
import { againstRecorded, recordedSpeed, type Sampler } from '../../conformance/gate/speed.ts';
import { rounds } from '../../conformance/gate/timing.ts';

const processSchema = z.array(z.object({ size: z.string(), ratios: z.array(z.number()) }));
const samplesSchema = z.object({
  unchanged: z.array(processSchema),
  slower: z.array(processSchema),
});
type Process = z.infer<typeof processSchema>;

/** Ratios that were measured on two cores that five other programs kept busy (`test/bench/gateSamples.ts` says how): two series of each size a process. */
const { unchanged, slower } = samplesSchema.parse(
  JSON.parse(readFileSync(join(import.meta.dirname, 'samples.json'), 'utf8')),
);

const sizesOf = (process: Process): readonly string[] => [
  ...new Set(process.map(({ size }) => size)),
];

/** Gives one recorded series after another, each as long as is asked for. */
function replaying(process: Process, size: string): Sampler {
  const series = process.filter((one) => one.size === size).map(({ ratios }) => ratios);
  let next = 0;
  return async (isEnough) => {
    const all = series[next] ?? [];
    next += 1;
    const few = all.slice(0, rounds.least);
    return isEnough(few) ? few : all;
  };
}

const slowerBy = 0.1;

/** Whether a gate over these timings fails beside what was recorded. */
async function alarms(recorded: readonly Speed[], timed: Process): Promise<boolean> {
  for (const speed of recorded) {
    const { kind } = await againstRecorded(speed, replaying(timed, speed.size), slowerBy);
    if (kind === 'worse') return true;
  }
  return false;
}

/** How often a gate fails, each process beside a baseline of each other one. */
async function rate(timed: readonly Process[]): Promise<number> {
  let [alarmed, runs] = [0, 0];
  for (const [i, one] of unchanged.entries()) {
    const recorded: Speed[] = [];
    for (const size of sizesOf(one)) recorded.push(await recordedSpeed(size, replaying(one, size)));
    for (const [j, other] of timed.entries()) {
      if (timed === unchanged && i === j) continue;
      runs += 1;
      if (await alarms(recorded, other)) alarmed += 1;
    }
  }
  return alarmed / runs;
}

describe('over recorded timings, the gate', () => {
  test('fails of an unchanged kernel in one run of a hundred at most', async () => {
    expect(unchanged.length).toBeGreaterThanOrEqual(12);
    expect(await rate(unchanged)).toBeLessThanOrEqual(0.01);
  }, 300_000);

  test('finds one that is 20 % slower in at least 95 of a hundred', async () => {
    expect(slower.length).toBeGreaterThanOrEqual(12);
    expect(await rate(slower)).toBeGreaterThanOrEqual(0.95);
  }, 300_000);
});

describe('againstRecorded', () => {
  const recorded = { size: 'x', ratio: 1, interval: [0.99, 1.01] as const, rounds: 41 };
  const constant = (...values: readonly number[]): Sampler => {
    let next = 0;
    return async () => {
      const value = values[next] ?? NaN;
      next += 1;
      return Array.from({ length: 41 }, (_, i) => value * (1 + 0.001 * (i % 5)));
    };
  };
  const verdict = async (...values: readonly number[]) =>
    (await againstRecorded({ ...recorded, interval: [0.99, 1.01] }, constant(...values), 0.1)).kind;

  test('is worse only when both series lie above the limit', async () => {
    expect(await verdict(1.3, 1.3)).toBe('worse');
    expect(await verdict(1.3, 1.0)).toBe('same');
    expect(await verdict(1.05)).toBe('same');
    expect(await verdict(0.8)).toBe('better');
  });
});

describe('medianInterval', () => {
  test('holds the median of what is drawn from in some 95 of a hundred', () => {
    const next = (
      (state) => () =>
        (state = (state * 48271) % 2147483647) / 2147483647
    )(7);
    let held = 0;
    for (let trial = 0; trial < 200; trial += 1) {
      const [least, most] = medianInterval(Array.from({ length: 41 }, next));
      if (least <= 0.5 && 0.5 <= most) held += 1;
    }
    expect(held).toBeGreaterThanOrEqual(180);
    expect(held).toBeLessThanOrEqual(199);
  });

  test('is the same for the same values, and lies about their median', () => {
    const values = [3, 1, 2, 5, 4, 9, 7];
    const [least, most] = medianInterval(values);
    expect(medianInterval(values)).toEqual([least, most]);
    expect(median(values)).toBe(4);
    expect(median([1, 2, 3, 4])).toBe(2.5);
    expect(least).toBeLessThanOrEqual(4);
    expect(most).toBeGreaterThanOrEqual(4);
  });
});
