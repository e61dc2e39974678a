import { leavesOf } from '../../spec/leaves.ts';
import { formats, smallestNormal } from '../../spec/format.ts';
import type { Rounding } from '../../spec/numerics.ts';
import { isFloat } from './discrete.ts';
import type { Judgement } from './verdict.ts';

/** How many bits of an answer its verdict settles: −log₂(allowed / |answer|), from 0 to one more than the storage format has. */
export interface Settled {
  readonly least: number;
  /** The lower median. */
  readonly median: number;
}

/** Bits of one element; all of them for a 0 that may only be subnormal. The answer stands for the exact value, which is within what is allowed of it: off by one bit at most. */
export function bitsOf(actual: number, allowed: number, { storage }: Rounding): number {
  const most = formats[storage].precision + 1;
  const isNothing = actual === 0 && allowed <= smallestNormal(storage);
  if (allowed === 0 || isNothing || !Number.isFinite(actual))
    return allowed === Infinity ? 0 : most;
  return Math.max(0, Math.min(most, Math.floor(-Math.log2(allowed / Math.abs(actual)))));
}

/** Bits of an answer that is right; nothing where it holds no number. */
export function settledOf(
  output: unknown,
  slack: Judgement['slack'],
  rounding: Rounding,
): Settled | undefined {
  const counts = new Uint32Array(formats[rounding.storage].precision + 2);
  let [total, least] = [0, counts.length];
  for (const [field, { data }] of leavesOf(output, isFloat)) {
    const allowed = slack[field] ?? [];
    for (let i = 0; i < data.length; i += 1) {
      const bits = bitsOf(data[i] ?? NaN, allowed[i] ?? 0, rounding);
      counts[bits] = (counts[bits] ?? 0) + 1;
      least = Math.min(least, bits);
      total += 1;
    }
  }
  if (total === 0) return undefined;
  let seen = 0;
  const median = counts.findIndex((count) => (seen += count) >= total / 2);
  return { least, median };
}
