import type { Kernel } from '../../../conformance/interface/implementation.ts';
import type { Unit } from '../machine.ts';
import { blocksOf, innerUnit, layer, stored } from './blocks.ts';

/** A sound encoder layer on any machine. */
export const encoderLayer =
  (unit: Unit, inner: Unit = innerUnit(unit)): Kernel<'encoderLayer'> =>
  async ({ input, weights, ...how }) => ({
    output: stored(unit, await layer(blocksOf(inner), input, weights, how)),
  });
