import type { Name } from '../../spec/index.ts';
import type { Implementation } from '../interface/implementation.ts';
import type { Speed } from './baseline.ts';
import type { Change } from './compare.ts';
import { isNarrow, pairsOf, ratios, speedOf, type Pair } from './timing.ts';

/** Takes ratios until it has enough of them; the seed orders the timings. */
export type Sampler = (
  isEnough: (values: readonly number[]) => boolean,
) => Promise<readonly number[]>;

/** The ratio at one size, as it is recorded. */
export const recordedSpeed = async (size: string, sample: Sampler): Promise<Speed> =>
  speedOf(size, await sample(isNarrow));

/** What became of a recorded ratio. */
export interface SpeedVerdict {
  readonly kind: 'worse' | 'better' | 'same';
  readonly speed: Speed;
}

/**
 * Slower is where the whole interval lies above the recorded ratio by more than `slower`, and that of a second series, taken anew, does too: what
 * happens once in a while by chance happens twice in a row once in a while of once in a while. Sampling ends as soon as either is decided.
 */
export async function againstRecorded(
  { size, ratio }: Speed,
  sample: Sampler,
  slower: number,
): Promise<SpeedVerdict> {
  const limit = ratio * (1 + slower);
  const isDecided = (values: readonly number[]) => {
    const [least, most] = speedOf(size, values).interval;
    return most <= limit || least > limit;
  };
  const first = speedOf(size, await sample(isDecided));
  const second = first.interval[0] > limit ? speedOf(size, await sample(isDecided)) : first;
  if (second.interval[0] > limit) return { kind: 'worse', speed: second };
  const isFaster = second.interval[1] < ratio / (1 + slower);
  return { kind: isFaster ? 'better' : 'same', speed: second };
}

/** How a run is timed: beside what, and what is not long enough to tell. */
export interface Timing {
  readonly seed: number;
  readonly timeoutSeconds: number;
  readonly slower: number;
}

const samplerOf =
  ({ call, partner }: Pair, seed: number): Sampler =>
  (isEnough) =>
    ratios(call, partner, { seed, isEnough });

/** The ratios of a component, to be recorded. */
export async function speedsOf(
  name: Name,
  both: readonly [Implementation, Implementation],
  timing: Timing,
): Promise<readonly Speed[]> {
  const speeds: Speed[] = [];
  for (const pair of await pairsOf(name, both, timing))
    speeds.push(await recordedSpeed(pair.size, samplerOf(pair, timing.seed)));
  return speeds;
}

const figure = (value: number): string => value.toPrecision(3);

const speedText = ({ ratio, interval: [least, most] }: Speed): string =>
  `${figure(ratio)} (${figure(least)} to ${figure(most)})`;

/** What became of the recorded ratios of a component, and the ratios themselves. */
export async function speedChanges(
  component: Name,
  recorded: readonly Speed[],
  both: readonly [Implementation, Implementation],
  timing: Timing,
): Promise<{ readonly changes: readonly Change[]; readonly speeds: readonly Speed[] }> {
  const changes: Change[] = [];
  const speeds: Speed[] = [];
  const pairs = recorded.length === 0 ? [] : await pairsOf(component, both, timing);
  for (const old of recorded) {
    const pair = pairs.find(({ size }) => size === old.size);
    const [what, from] = [`time, ${old.size}`, speedText(old)];
    if (pair === undefined) {
      changes.push({ component, kind: 'worse', what, from, to: 'could not be timed' });
      continue;
    }
    const { kind, speed } = await againstRecorded(old, samplerOf(pair, timing.seed), timing.slower);
    speeds.push(speed);
    if (kind !== 'same') changes.push({ component, kind, what, from, to: speedText(speed) });
  }
  return { changes, speeds };
}
