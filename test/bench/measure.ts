import { leastOf } from '../../spec/extremes.ts';

/** One line of the table: what was measured, how much, and what it is held against. */
export interface Measure {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  readonly limit: string;
  readonly holds: boolean;
}

export const seconds = (body: () => void): number => {
  const started = performance.now();
  body();
  return (performance.now() - started) / 1000;
};

/** The least of several runs: what the machine can do when nothing else disturbs it. */
export const least = (runs: number, body: () => void): number =>
  leastOf(Array.from({ length: runs }, () => seconds(body)));

/** The same of something that takes its time elsewhere. */
export async function shortestOf(runs: number, body: () => Promise<unknown>): Promise<number> {
  let shortest = Infinity;
  for (let run = 0; run < runs; run += 1) {
    const started = performance.now();
    await body();
    shortest = Math.min(shortest, (performance.now() - started) / 1000);
  }
  return shortest;
}

/** The least CPU time of several runs, in seconds. */
export async function leastCpuOf(runs: number, body: () => Promise<unknown>): Promise<number> {
  let shortest = Infinity;
  for (let run = 0; run < runs; run += 1) {
    const before = process.cpuUsage();
    await body();
    const { user, system } = process.cpuUsage(before);
    shortest = Math.min(shortest, (user + system) / 1e6);
  }
  return shortest;
}
