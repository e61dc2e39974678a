import type { Kernel } from '../../../conformance/interface/implementation.ts';
import type { Unit } from '../machine.ts';
import { pairwise } from './pairwise.ts';
import { squaredDistanceOf } from './squaredEuclideanDistance.ts';

export const distanceOf =
  (unit: Unit, squared = squaredDistanceOf(unit)) =>
  (x: readonly number[], y: readonly number[]): number =>
    unit.round(Math.sqrt(squared(x, y)));

/** A sound distance on any machine. */
export const euclideanDistance =
  (unit: Unit): Kernel<'euclideanDistance'> =>
  (input) => ({ distance: pairwise(unit, input, distanceOf(unit)) });
