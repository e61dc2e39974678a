import type { Arithmetic } from '../arithmetic.ts';
import { smallestPositive } from '../format.ts';
import type { Rounding } from '../numerics.ts';
import { compounded, enlarged } from './enlarged.ts';

/** |x| times what is lost of σ(x) or e^x below the normal range, or to an exponential of absolute accuracy. */
function floorOf<N>(a: Arithmetic<N>, rounding: Rounding, size: N, gate: N): N {
  const mayUnderflow = a.compare(gate, a.from(rounding.normal)) < 0;
  const lost = rounding.accuracy('exp').absolute + (mayUnderflow ? rounding.tiny : 0);
  return a.multiply(size, a.from(lost));
}

/**
 * The relative error of x / (1 + e^(−x)), of x · (1 / (1 + e^(−x))) and, for x < 0, of x e^x / (1 + e^x): with ρ that of the exponential and
 * σ' = σ(−x) the share that it has in the sum, (1 + ρ_div)(1 + u)² (1 + σ'ρ/(1 − ρ)) − 1; for x > 0 the sum grows by σ'ρ at most.
 */
function relativeError<N>(a: Arithmetic<N>, rounding: Rounding, x: N, share: N): N {
  const size = a.absolute(x);
  const { relative, perUnit } = rounding.accuracy('exp');
  const rho = a.add(a.from(relative), a.multiply(a.from(perUnit), size));
  const ofSum = a.multiply(share, rho);
  const reached = a.compare(x, a.from(0)) > 0 ? ofSum : rho;
  const left = a.subtract(a.from(1), reached);
  if (!(a.compare(left, a.from(0)) > 0)) return a.from(Infinity);
  const quotient = compounded(rounding.division, rounding.growth(2));
  return a.add(enlarged(a, a.divide(ofSum, left), quotient), a.from(quotient));
}

/** Whether e^|x| may be beyond the largest number. */
const overflows = <N>(a: Arithmetic<N>, { largest }: Rounding, size: N): boolean =>
  a.compare(size, a.from(Math.log(largest / 2) - 1)) > 0;

/** |x|/(1 + Ω) with its own rounding, where e^|x| may overflow to Ω. */
const ofOverflow = <N>(a: Arithmetic<N>, rounding: Rounding, size: N): N =>
  rounding.numerics.rounding === 'nearest' || !overflows(a, rounding, size)
    ? a.from(0)
    : a.multiply(size, a.from((1 + rounding.division + rounding.growth(3)) / rounding.largest));

/**
 * How far a computed silu(x) may be from the exact one. Where e^(−x) may overflow, x / (1 + ∞) = −0 is an honest answer, off by
 * |y|; where e^x lies below the square of the smallest number, nothing else is. An overflow that is rounded toward zero gives the largest number Ω (IEEE
 * 754-2019 §7.4), and so |x|/(1 + Ω) in place of less. 0 at 0 and at ±∞.
 */
export function siluError<N>(a: Arithmetic<N>, rounding: Rounding, x: N): N {
  const zero = a.from(0);
  const one = a.from(1);
  const size = a.absolute(x);
  if (!(a.compare(size, a.from(Infinity)) < 0) || a.compare(x, zero) === 0) return zero;
  const isNegative = a.compare(x, zero) < 0;
  const decay = a.exp(a.negate(size));
  const above = a.add(one, decay);
  const gate = a.divide(isNegative ? decay : one, above);
  const share = a.divide(isNegative ? one : decay, above);
  const y = a.multiply(size, gate);
  const floor = floorOf(a, rounding, size, gate);
  const ofLargest = isNegative ? ofOverflow(a, rounding, size) : zero;
  const vanishing = a.from(-2 * Math.log(smallestPositive(rounding.accumulate)));
  if (isNegative && a.compare(size, vanishing) > 0)
    return a.sum([y, floor, ofLargest, a.from(rounding.tiny)]);
  const relative = relativeError(a, rounding, x, share);
  const mayOverflow = isNegative && overflows(a, rounding, size);
  const factor = mayOverflow ? a.max([relative, one]) : relative;
  const isSmall = a.compare(y, a.from(rounding.normal)) < 0;
  return a.sum([a.multiply(y, factor), floor, ofLargest, a.from(isSmall ? rounding.tiny : 0)]);
}
