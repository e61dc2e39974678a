import { randomStream } from '../../spec/generate.ts';

/** The middle of sorted numbers; between the two middle ones where there are two. */
export function median(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  const half = sorted.length / 2;
  const [low = NaN, high = NaN] = [sorted[Math.ceil(half) - 1], sorted[Math.floor(half)]];
  return (low + high) / 2;
}

const resamples = 1000;

/**
 * A 95 % interval for the median of what the values are drawn from: the middle 95 % of the medians of resamples, drawn with replacement.
 * Efron, Bootstrap methods: another look at the jackknife, 1979, §2 (percentile interval: Efron & Tibshirani, 1993, §13.3).
 */
export function medianInterval(values: readonly number[]): readonly [number, number] {
  const next = randomStream(values.length);
  const medians = Array.from({ length: resamples }, () =>
    median(Float64Array.from(values, () => values[Math.floor(next() * values.length)] ?? NaN)),
  ).toSorted((a, b) => a - b);
  const at = (part: number) => medians[Math.floor(part * (resamples - 1))] ?? NaN;
  return [at(0.025), at(0.975)];
}
