import { roundTo } from '../format.ts';
import type { Rounding } from '../numerics.ts';
import { isExactProduct } from './dot.ts';

/**
 * What a stored logit may be off after it was divided by a penalty, or multiplied with it where it is not above 0: relative to it by the
 * rounding of the penalty, and of the quotient (or of a reciprocal and a product), or of the product. 0 where penalty and result are numbers of
 * the format and the operation is exact there: a power of two, or an exact product. Infinity where the result may overflow.
 */
export function penalizedError(rounding: Rounding, logit: number, penalty: number): number {
  const { accumulate, division, unit, normal, largest, tiny } = rounding;
  if (logit === 0 || !Number.isFinite(logit)) return 0;
  const isHeld = roundTo(penalty, accumulate) === penalty;
  const exact = logit > 0 ? logit / penalty : logit * penalty;
  const size = Math.abs(exact);
  const factor = Math.max(penalty, 1 / penalty);
  if (!(factor <= largest / 2 && size <= largest / 2)) return Infinity;
  const isPower = Number.isInteger(Math.log2(penalty)) && division <= unit;
  const isProduct = logit < 0 && isExactProduct(rounding, logit, penalty);
  const isNormal = size >= 2 * normal && 1 / factor >= 2 * normal;
  if (isHeld && isNormal && (isPower || isProduct)) return 0;
  if (penalty === 1 && division <= unit) return 0;
  const relative = (logit > 0 ? division + 1.01 * unit : unit) + (isHeld ? 0 : 1.01 * unit);
  const ofUnderflow = isNormal ? 0 : 2 * tiny * Math.max(1, Math.abs(logit));
  return (size * relative * 1.01 + ofUnderflow) * (1 + 2 ** -40);
}
