import { readAll, type Arithmetic } from '../arithmetic.ts';
import { greatestOf } from '../extremes.ts';
import { roundTo } from '../format.ts';
import type { Rounding } from '../numerics.ts';
import { differenceIsExact, isPowerOrZero, storedScores, type ScoreErrors } from './weights.ts';

/** Scores (x_j − max x) / T, whose softmax is that of x / T, and how far computed ones may be from them. */
export interface Scaled<N> {
  readonly scores: readonly N[];
  readonly errors: ScoreErrors<N>;
}

const isPowerOfTwo = (x: number): boolean => Number.isInteger(Math.log2(x));

/**
 * Scores divided by a temperature T > 0: T is rounded once, the quotient once (or twice, by a reciprocal). Exact where T is 1, or a power of
 * two and the division correctly rounded, and nothing is subnormal. Nothing is said of a T that the format cannot hold to all its digits. Both (x − m) / T and x / T − m / T are covered.
 */
export function scaledScores<N>(
  a: Arithmetic<N>,
  rounding: Rounding,
  values: readonly number[],
  temperature: number,
): Scaled<N> {
  const stored = readAll(a, values);
  const finite = values.filter(Number.isFinite);
  if (temperature === 1) return { scores: stored, errors: storedScores(a, values, rounding) };
  const divisor = a.from(temperature);
  const greatest = a.from(greatestOf(finite));
  const scores = stored.map((x) => a.divide(a.subtract(x, greatest), divisor));
  const quotients = finite.map((x) => x / temperature);
  const kept = roundTo(temperature, rounding.accumulate) === temperature;
  const overflows =
    quotients.some((x) => Math.abs(x) * 1.01 > rounding.largest) ||
    1 / temperature > rounding.largest ||
    temperature > rounding.largest ||
    (temperature < rounding.normal && !kept);
  const subnormal =
    quotients.some((x) => x !== 0 && Math.abs(x) < rounding.normal) ||
    temperature < rounding.normal;
  const exact =
    isPowerOfTwo(temperature) && rounding.division <= rounding.unit && !subnormal && !overflows;
  const relative = 1.01 * ((kept ? 0 : rounding.unit) + rounding.division + rounding.unit);
  const largest = greatestOf(finite) / temperature;
  return {
    scores,
    errors: {
      order: stored,
      terms: values.length,
      absolute: (j) => {
        if (overflows) return Infinity;
        if (exact) return 0;
        const own = (Math.abs(values[j] ?? NaN) / temperature) * relative * (1 + 2 ** -40);
        return subnormal ? own + rounding.tiny : own;
      },
      ofDistance: exact ? 0 : relative,
      ofWeight: 0,
      reach: greatestOf([0, ...quotients.map(Math.abs)]) * 1.01,
      exactProduct: exact && isPowerOrZero(largest),
      undeclared: 'difference',
      exactDifference: (j) =>
        exact && differenceIsExact((values[j] ?? NaN) / temperature, largest, rounding),
    },
  };
}
