import type { Kernel } from '../../../conformance/interface/implementation.ts';
import type { Unit } from '../machine.ts';
import { pairwise } from './pairwise.ts';

/** The squared distance from the differences. */
export const squaredDistanceOf =
  ({ round, dot }: Unit) =>
  (x: readonly number[], y: readonly number[]): number => {
    const difference = x.map((value, i) => round(value - (y[i] ?? NaN)));
    return dot(difference, difference);
  };

/** ‖x‖² + ‖y‖² − 2 x·y, which may be negative. */
export const expandedDistanceOf =
  ({ round, dot }: Unit) =>
  (x: readonly number[], y: readonly number[]): number =>
    round(round(dot(x, x) + dot(y, y)) - 2 * dot(x, y));

/** A sound squared distance on any machine. */
export const squaredEuclideanDistance =
  (unit: Unit): Kernel<'squaredEuclideanDistance'> =>
  (input) => ({ distance: pairwise(unit, input, squaredDistanceOf(unit)) });
