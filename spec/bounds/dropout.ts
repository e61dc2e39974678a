import type { Arithmetic } from '../arithmetic.ts';
import { roundTo } from '../format.ts';
import type { Rounding } from '../numerics.ts';
import { compounded, enlarged } from './enlarged.ts';
import { differenceIsExact } from './weights.ts';

const isPowerOfTwo = (x: number): boolean => Number.isInteger(Math.log2(x));

/** The relative error of a computed 1 − r: r rounded to the format moves it by u r, and the subtraction rounds. */
function keepError({ accumulate, unit }: Rounding, rate: number, isSubtractionExact: boolean) {
  const ofRate = roundTo(rate, accumulate) === rate ? 0 : (unit * rate) / (1 - rate);
  return compounded(ofRate, isSubtractionExact ? 0 : unit);
}

/**
 * How far a computed x / (1 − r) may be from the exact one: |y| [(1 + ρ_div)(1 + u) / (1 − κ) − 1], κ the error of 1 − r; by a quotient, or by
 * the product with a rounded 1 / (1 − r). 0 where r is 0, and where 1 − r is a power of two that is met exactly and the division is
 * correctly rounded. Says nothing where r may round to 1.
 */
export function dropoutError<N>(a: Arithmetic<N>, rounding: Rounding, x: number, rate: number): N {
  const { normal, tiny, numerics } = rounding;
  if (rate === 0) return a.from(0);
  const isSubtractionExact = differenceIsExact(rate, 1, rounding);
  const kappa = keepError(rounding, rate, isSubtractionExact);
  if (kappa >= 1) return a.from(Infinity);
  if (x === 0 || !Number.isFinite(x)) return a.from(0);
  const keep = a.subtract(a.from(1), a.from(rate));
  const y = a.divide(a.from(Math.abs(x)), keep);
  const flushed = numerics.flushesSubnormals && Math.abs(x) < normal ? tiny : 0;
  const isExact = kappa === 0 && isPowerOfTwo(1 - rate) && rounding.division <= rounding.unit;
  if (isExact) return a.divide(a.from(flushed), keep);
  const quotient = compounded(rounding.division, rounding.unit);
  const shrink = a.divide(a.from(1), a.subtract(a.from(1), a.from(kappa)));
  const relative = a.subtract(enlarged(a, shrink, quotient), a.from(1));
  const floor = a.compare(y, a.from(normal)) < 0 ? tiny : 0;
  return a.sum([a.multiply(y, relative), a.from(floor), a.divide(a.from(flushed), keep)]);
}
