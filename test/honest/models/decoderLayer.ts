import type { Kernel } from '../../../conformance/interface/implementation.ts';
import type { Unit } from '../machine.ts';
import { blocksOf, innerUnit, layer, stored } from './blocks.ts';

/** A sound decoder layer on any machine. */
export const decoderLayer =
  (unit: Unit, inner: Unit = innerUnit(unit)): Kernel<'decoderLayer'> =>
  async ({ input, weights, ...how }) => ({
    output: stored(unit, await layer(blocksOf(inner), input, weights, { ...how, causal: true })),
  });
