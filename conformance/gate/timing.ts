import { greatestOf } from '../../spec/extremes.ts';
import type { Name } from '../../spec/index.ts';
import { randomStream } from '../../spec/generate.ts';
import type { Implementation } from '../interface/implementation.ts';
import type { Speed } from './baseline.ts';
import { median, medianInterval } from './bootstrap.ts';
import { sizesOf } from './sizes.ts';
import { timedOf, type Timed } from './calls.ts';

/**
 * Each timing takes so long at least, in as many calls as that needs: long beside what the clock resolves, short beside a time slice, so that
 * among the few that a round takes the shortest was not interrupted.
 */
const leastMilliseconds = 0.5;
const mostCalls = 4096;
/** Until compilers are done with what is called: under 100 ms the first series of a process differs from the second by a tenth. */
const warmUpMilliseconds = 300;
/** So many timings of a side a round; fewer where they take so long that they are interrupted anyway. */
const timingsARound = 5;
const longEnoughAlone = 10;
/** Rounds go on until the interval is so narrow beside the median, or until one of the limits. */
const narrow = 0.02;
export const rounds = { least: 41, most: 401, together: 40 } as const;
/** Where even the least takes longer than this, as few as make an interval. */
const mostMilliseconds = 4000;
const fewest = 11;

/** So many calls, made ready before the clock starts; an answer is looked at after it has stopped. */
async function timed(side: Timed, calls: number): Promise<number> {
  const waiting = side.ready(calls);
  let answer: unknown;
  const started = performance.now();
  for (const { call } of waiting) answer = await call();
  const took = performance.now() - started;
  waiting.at(-1)?.check(answer);
  return took;
}

/** What is timed: so many calls together, which took so long. */
interface Side {
  readonly call: Timed;
  readonly calls: number;
  readonly took: number;
}

/** Warms up, and finds how many calls take long enough to be timed. */
async function sideOf(call: Timed): Promise<Side> {
  const started = performance.now();
  let calls = 1;
  let took = await timed(call, calls);
  while (performance.now() - started < warmUpMilliseconds || took < leastMilliseconds) {
    if (took < leastMilliseconds && calls < mostCalls) calls *= 2;
    else if (performance.now() - started >= warmUpMilliseconds) break;
    took = await timed(call, calls);
  }
  return { call, calls, took };
}

/** What one call of each side takes: the shortest of a few timings, those of both sides in turn, whichever begins. */
async function shortest(
  sides: readonly Side[],
  timings: number,
  next: () => number,
): Promise<readonly number[]> {
  const least = sides.map(() => Infinity);
  for (let timing = 0; timing < timings; timing += 1) {
    const order = next() < 0.5 ? [...sides.keys()] : [...sides.keys()].toReversed();
    for (const index of order) {
      const side = sides[index];
      if (side === undefined) continue;
      const one = (await timed(side.call, side.calls)) / side.calls;
      least[index] = Math.min(least[index] ?? Infinity, one);
    }
  }
  return least;
}

/** The ratios time / time of the partner, one a round: both are timed in each, so that what slows the machine slows both. */
export async function ratios(
  call: Timed,
  partner: Timed,
  {
    seed,
    isEnough,
  }: { readonly seed: number; readonly isEnough: (so: readonly number[]) => boolean },
): Promise<readonly number[]> {
  const sides = [await sideOf(call), await sideOf(partner)];
  const slowest = greatestOf(sides.map(({ took }) => took));
  const timings = Math.max(1, Math.min(timingsARound, Math.floor(longEnoughAlone / slowest)));
  const next = randomStream(seed);
  const found: number[] = [];
  const started = performance.now();
  while (found.length < rounds.most) {
    const [own = NaN, other = NaN] = await shortest(sides, timings, next);
    found.push(own / other);
    if (found.length >= fewest && performance.now() - started > mostMilliseconds) break;
    if (found.length < rounds.least || found.length % rounds.together !== 1) continue;
    if (isEnough(found)) break;
  }
  return found;
}

/** Median and interval of ratios, as they are recorded. */
export function speedOf(size: string, values: readonly number[]): Speed {
  const [least, most] = medianInterval(values);
  return { size, ratio: median(values), interval: [least, most], rounds: values.length };
}

export const isNarrow = (values: readonly number[]): boolean => {
  const { ratio, interval } = speedOf('', values);
  return interval[1] - interval[0] <= narrow * ratio;
};

/** What is timed at one size. */
export interface Pair {
  readonly size: string;
  readonly call: Timed;
  readonly partner: Timed;
}

/** What both take, at up to three sizes of the level scale. */
export async function pairsOf(
  name: Name,
  [implementation, partner]: readonly [Implementation, Implementation],
  { seed, timeoutSeconds }: { readonly seed: number; readonly timeoutSeconds: number },
): Promise<readonly Pair[]> {
  const [offer, other] = [implementation.offers.get(name), partner.offers.get(name)];
  if (offer === undefined || other === undefined) return [];
  const options = Object.fromEntries(
    Object.entries(offer.options).map(([field, values]) => [
      field,
      values.find((value) => other.options[field]?.includes(value) ?? false) ?? values[0] ?? '',
    ]),
  );
  const offered = new Set<string>(implementation.offers.keys());
  const pairs: Pair[] = [];
  for (const candidates of sizesOf(name, options, offered, seed))
    for (const { size, input } of candidates) {
      const call = await timedOf(name, implementation, input, { seed, timeoutSeconds });
      const otherCall = await timedOf(name, partner, input, { seed, timeoutSeconds });
      if (call === undefined || otherCall === undefined) continue;
      pairs.push({ size, call, partner: otherCall });
      break;
    }
  return pairs;
}
