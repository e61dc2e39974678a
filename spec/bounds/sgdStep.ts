import type { Rounding } from '../numerics.ts';
import { castError } from './cast.ts';
import { dotBound } from './dot.ts';
import { given, outward, stated, weightedSum, type Known } from './weightedSum.ts';

/** What moves one element of a parameter. */
export interface SgdElement {
  readonly parameter: number;
  readonly gradient: number;
  readonly velocity: number;
}

interface SgdFactors {
  readonly learningRate: number;
  readonly momentum: number;
  readonly weightDecay: number;
}

/** A velocity that is stored before the parameter moves by it, where intermediates.velocity declares so. */
const kept = (rounding: Rounding, velocity: Known): Known => {
  const error = velocity.error + castError(rounding, 'velocity', velocity.size);
  return { ...velocity, error, size: velocity.size + error };
};

/** The error of p − ηv: of the product, which the error of v and of η moves, and of the difference. 0 where both are exact. */
function movedError(
  rounding: Rounding,
  parameter: number,
  learningRate: number,
  velocity: Known,
): number {
  const { unit, normal, tiny, largest, numerics } = rounding;
  const rate = stated(rounding, learningRate);
  const { value, error, size } = velocity;
  if (!(size < Infinity)) return Infinity;
  if (learningRate === 0 || size === 0) return 0;
  const isHeld = rate.error === 0 && error === 0;
  if (isHeld && dotBound(rounding, [1, learningRate], [parameter, value]).error === 0) return 0;
  const reached = (learningRate + rate.error) * size;
  if (!(reached + Math.abs(parameter) < largest / 2)) return Infinity;
  const product =
    learningRate * error + rate.error * size + unit * reached + (reached < normal ? 2 * tiny : 0);
  if (parameter === 0) return product * outward;
  const next = Math.abs(parameter - learningRate * value);
  const flushed = numerics.flushesSubnormals && next - product < normal ? 2 * tiny : 0;
  const lost = (Math.abs(parameter) + reached) * 2 ** -50;
  return (product + unit * (next + product + lost) + flushed) * outward;
}

/**
 * How far a computed velocity μv + g + λp and parameter p − ηv' may be from the exact ones: of the velocity a sum of three products in any
 * order; of the parameter η E_v + (ρ_η + u) η(|v'| + E_v) + u|p'|. Each number that JSON states is rounded once, unless the format holds it.
 * 0 where every product and sum is exact in every order; Infinity where one may overflow, or an element is not finite.
 */
export function sgdErrors(
  rounding: Rounding,
  { parameter, gradient, velocity }: SgdElement,
  { learningRate, momentum, weightDecay }: SgdFactors,
): { readonly parameter: number; readonly velocity: number } {
  const next = weightedSum(
    rounding,
    [momentum, 1, weightDecay].map((factor) => stated(rounding, factor)),
    [velocity, gradient, parameter].map(given),
  );
  return {
    velocity: next.error,
    parameter: movedError(rounding, parameter, learningRate, kept(rounding, next)),
  };
}
