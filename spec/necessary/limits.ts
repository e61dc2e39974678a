import { largestFinite, smallestNormal, smallestPositive } from '../format.ts';
import type { Rounding } from '../numerics.ts';
import type { FloatDtype } from '../tensor.ts';

/** Where an output cannot be right, whatever its bound. */
export interface Violation {
  readonly field: string;
  /** The flat index of an element. */
  readonly index: number;
  readonly message: string;
}

/** The greatest magnitude; NaN where there is NaN. */
export function reachOf(data: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < data.length; i += 1) {
    const size = Math.abs(data[i] ?? NaN);
    if (!(size <= most)) most = size;
    if (Number.isNaN(size)) return NaN;
  }
  return most;
}

const formatsOf = ({ storage, accumulate, numerics }: Rounding): readonly FloatDtype[] => [
  storage,
  accumulate,
  ...Object.values(numerics.intermediates),
];

/** Twice this magnitude is finite in every format that a declaration names. */
export const safeReach = (rounding: Rounding): number =>
  formatsOf(rounding).reduce((least, one) => Math.min(least, largestFinite(one) / 4), Infinity);

/** Whether no order of a sum of so many terms of one sign is off by an eighth of it. */
export const sumsWell = (rounding: Rounding, terms: number): boolean =>
  4 * (terms + 2) * rounding.unit <= 1 / 16;

/** Whether sums of so many exponentials of numbers from −∞ to 0, rescaled as often, are off by less than a quarter. */
export function weighsWell(rounding: Rounding, terms: number): boolean {
  const { relative, perUnit, absolute } = rounding.accuracy('exp');
  const least = rounding.numerics.flushesSubnormals ? smallestNormal : smallestPositive;
  const lost = formatsOf(rounding).reduce((most, one) => Math.max(most, least(one)), absolute);
  const isAccurate = perUnit === 0 && terms * relative <= 1 / 16 && terms * lost <= 1 / 16;
  return isAccurate && rounding.division <= 1 / 16 && sumsWell(rounding, terms);
}

/** The first element that is NaN or of a greater magnitude than this. */
export function firstBeyond(
  field: string,
  data: ArrayLike<number>,
  limit: number,
  why: string,
  mayBeNaN = false,
): Violation | undefined {
  for (let index = 0; index < data.length; index += 1) {
    const x = data[index] ?? NaN;
    if (Math.abs(x) <= limit || (mayBeNaN && Number.isNaN(x))) continue;
    return { field, index, message: `expected a magnitude of ${limit} at most: ${why}` };
  }
  return undefined;
}

/** The first of the rows that count whose numbers are no shares of one, by a quarter at least. */
export function firstUneven(
  field: string,
  data: ArrayLike<number>,
  width: number,
  counts: (row: number) => boolean,
): Violation | undefined {
  for (let row = 0; row * width < data.length; row += 1) {
    if (!counts(row)) continue;
    let sum = 0;
    for (let i = row * width; i < (row + 1) * width; i += 1) {
      const x = data[i] ?? NaN;
      sum += x;
      if (!(x >= 0 && x <= 1.5))
        return { field, index: i, message: 'expected a share of a row that sums to one' };
    }
    if (!(Math.abs(sum - 1) <= 1 / 2))
      return { field, index: row * width, message: `expected a row that sums to one, got ${sum}` };
  }
  return undefined;
}
