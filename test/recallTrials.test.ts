import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inProcess } from '../conformance/interface/implementation.ts';
import { stagesOf } from '../conformance/checking/stages.ts';
import { clopperPearson } from '../spec/indexes/interval.ts';
import { alpha, aloneFloor, surelyBelow, surelyFalls } from '../spec/indexes/recall.ts';
import { hnswIndex } from './honest/indexes/hnsw.ts';
import { ivfFlatIndex } from './honest/indexes/ivf.ts';
import { declared, machines, unitOf } from './honest/machine.ts';
import { claimOf } from '../conformance/checking/claim.ts';

/** How many trials each sound index is put to, of all kinds and on all machines in turn. `RECALL_RUNS=1000 nice npx vitest run test/recallTrials.test.ts` */
const runs = Number(process.env['RECALL_RUNS'] ?? 24);
const firstSeed = Number(process.env['RECALL_SEED'] ?? 1);

/** P(X ≤ s) for X ~ Binomial(n, p), 0 < p < 1, term by term. */
function atMost(s: number, n: number, p: number): number {
  let [log, sum] = [n * Math.log1p(-p), 0];
  for (let i = 0; i <= s; i += 1) {
    sum += Math.exp(log);
    log += Math.log((n - i) / (i + 1)) + Math.log(p) - Math.log1p(-p);
  }
  return sum;
}

const outcomes = (hits: number, count: number): readonly boolean[] =>
  Array.from({ length: count }, (_, i) => i < hits);

/** The most successes that are surely below a floor. */
const mostRefused = (count: number, floor: number): number =>
  Array.from({ length: count + 1 }, (_, hits) => hits).findLast(
    (hits) => surelyBelow(outcomes(hits, count), floor) !== undefined,
  ) ?? -1;

describe('the interval of Clopper and Pearson', () => {
  test('at its upper limit as few successes have half of the asked probability, and no more', () => {
    for (const [successes, trials] of [
      [151, 200],
      [680, 800],
      [0, 40],
    ] as const) {
      const { high } = clopperPearson(successes, trials, 2 * alpha);
      expect(atMost(successes, trials, high) / alpha).toBeLessThanOrEqual(1);
      expect(atMost(successes, trials, high) / alpha).toBeGreaterThan(0.999999);
    }
  });
});

describe('the checks of a trial', () => {
  test('refuse one that keeps its promises less than once in 10^6 runs of three indexes', () => {
    expect(3 * 12 * 4 * alpha).toBeLessThan(1e-6);
    for (const [count, floor] of [
      [800, 0.9],
      [400, 0.5],
      [400, aloneFloor],
    ] as const)
      expect(atMost(mostRefused(count, floor), count, floor)).toBeLessThanOrEqual(alpha);
    for (const differing of [10, 28, 29, 60, 200]) {
      const most = Array.from({ length: differing + 1 }, (_, won) => won).findLast(
        (won) =>
          surelyFalls(
            outcomes(differing, differing).map((_, i) => i >= won),
            outcomes(won, differing),
          ) !== undefined,
      );
      expect(most === undefined ? 0 : atMost(most, differing, 0.5)).toBeLessThanOrEqual(alpha);
    }
  });

  test.each([
    [800, 0.9, 0.78],
    [400, 0.5, 0.28],
    [400, aloneFloor, 0.73],
  ])('%d queries, %d promised: %d is found out 999 times in 1000', (count, floor, recall) => {
    expect(atMost(mostRefused(count, floor), count, recall)).toBeGreaterThan(0.999);
  });
});

/** What is wrong with one trial of a sound index, on one of the machines, or nothing. */
async function problem(name: 'hnswIndex' | 'ivfFlatIndex', run: number): Promise<unknown> {
  const machine = machines[run % machines.length] ?? machines[0];
  if (machine === undefined) throw new TypeError('there are no machines');
  const numerics = declared(machine);
  const kernel = {
    hnswIndex: hnswIndex(unitOf(machine)),
    ivfFlatIndex: ivfFlatIndex(unitOf(machine)),
  };
  const entries = {
    hnswIndex: { run: kernel.hnswIndex, numerics },
    ivfFlatIndex: { run: kernel.ivfFlatIndex, numerics },
  };
  const implementation = inProcess({ name: 'sound', version: '1', entries });
  const offer = implementation.offers.get(name);
  if (offer === undefined) throw new TypeError(`${name} is not offered`);
  const trials = stagesOf(name, implementation, claimOf(name, offer), {
    levels: ['core'],
    runs: 1,
    timeoutSeconds: 60,
  }).filter(({ title }) => title.startsWith('finds what it promises'));
  const trial = trials[run % trials.length];
  const [input] = fc.sample(trial?.arbitrary ?? fc.constant({}), {
    numRuns: 1,
    seed: firstSeed + run,
  });
  const verdict = await trial?.examine(input);
  return verdict?.status === 'pass' ? undefined : { run, machine, title: trial?.title, verdict };
}

describe.each(['hnswIndex', 'ivfFlatIndex'] as const)('a sound %s', (name) => {
  test(`is refused by none of ${runs} trials`, async () => {
    for (let run = 0; run < runs; run += 1) expect(await problem(name, run)).toBeUndefined();
  }, 36_000_000);
});
