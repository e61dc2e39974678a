import { leavesOf, mapLeaves } from '../../spec/leaves.ts';
import { roundTo } from '../../spec/format.ts';
import type { Rounding } from '../../spec/numerics.ts';
import { elementsOf, isFloatDtype } from '../../spec/tensor.ts';
import { isFloat } from './discrete.ts';
import { storageGap } from './element.ts';
import { bitsOf } from './settles.ts';
import type { Judgement } from './verdict.ts';

/** Wrong answers that are made of a right one. */
export const corruptions = ['zeros', 'uniform', 'neighbour', 'one element'] as const;
export type Corruption = (typeof corruptions)[number];

type Corrupt = (data: ArrayLike<number>, width: number, i: number) => number;

const meanOfRow: Corrupt = (data, width, i) => {
  const start = i - (i % width);
  let sum = 0;
  for (let j = start; j < start + width; j += 1) sum += data[j] ?? NaN;
  return sum / width;
};

const whole: Readonly<Record<Exclude<Corruption, 'one element'>, Corrupt>> = {
  zeros: () => 0,
  uniform: meanOfRow,
  neighbour: (data, width, i) => data[(i + width) % data.length] ?? NaN,
};

/** Whether a number may pass where this one is right. */
const mayPass = (right: number, other: number, allowed: number, rounding: Rounding): boolean =>
  Object.is(right, other) ||
  Math.abs(other - right) <= allowed + storageGap(other, rounding, right > other);

/** Elements at which corruptions are tried: enough to see that one is refused. */
const mostTried = 4096;

/**
 * The corruptions that would pass for this answer: all of its numbers are another by far, or the one that the verdict settles best is more than twice
 * what it is, and what is allowed explains that. Nothing where the answer holds no number but such as have no size.
 */
export function blindTo(
  output: unknown,
  slack: Judgement['slack'],
  rounding: Rounding,
): readonly Corruption[] | undefined {
  const tensors = leavesOf(output, isFloat)
    .map(([field, { data, shape }]) => ({
      data,
      allowed: slack[field] ?? [],
      width: shape.at(-1) ?? 1,
    }))
    .filter(({ data }) => data.length > 0);
  if (tensors.length === 0) return undefined;
  const passing = new Set<Corruption>();
  for (const [name, corrupt] of Object.entries(whole)) {
    const found = corruptions.find((one) => one === name);
    if (found !== undefined && tensors.every((tensor) => passes(tensor, corrupt, rounding)))
      passing.add(found);
  }
  const settles = tensors.some(({ data, allowed }) =>
    Array.from({ length: Math.min(data.length, mostTried) }, (_, i) => i).some(
      (i) => bitsOf(data[i] ?? NaN, allowed[i] ?? 0, rounding) > 0,
    ),
  );
  if (!settles) passing.add('one element');
  return [...passing];
}

interface Tried {
  readonly data: ArrayLike<number>;
  readonly allowed: ArrayLike<number>;
  readonly width: number;
}

/** Whether all numbers of a tensor pass as others, at least one of which is another by more than storage explains. */
function passes({ data, allowed, width }: Tried, corrupt: Corrupt, rounding: Rounding): boolean {
  let isOther = false;
  for (let i = 0; i < Math.min(data.length, mostTried); i += 1) {
    const right = data[i] ?? NaN;
    const other = corrupt(data, width, i);
    if (!mayPass(right, other, allowed[i] ?? 0, rounding)) return false;
    isOther ||= Math.abs(other - right) > Math.abs(right) / 4;
  }
  return isOther;
}

/** A right answer corrupted: every number replaced, or the greatest of each tensor made two and a half times as great. */
export function corruptedBy(output: object, corruption: Corruption): object {
  return Object.fromEntries(
    Object.entries(output).map(([field, value]) => [
      field,
      mapLeaves(value, isFloat, ({ dtype, shape, data }) => {
        if (!isFloatDtype(dtype)) return value;
        const width = shape.at(-1) ?? 1;
        const sizes = Array.from(data, (x) => (Number.isFinite(x) ? Math.abs(x) : 0));
        const place = sizes.indexOf(sizes.reduce((x, y) => Math.max(x, y), 0));
        const other = (x: number, i: number): number =>
          corruption !== 'one element'
            ? whole[corruption](data, width, i)
            : i === place
              ? 2.5 * x
              : x;
        const values = Array.from(data, (x, i) => roundTo(other(x, i), dtype));
        return { dtype, shape, data: elementsOf(dtype, values) };
      }),
    ]),
  );
}
