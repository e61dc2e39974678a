import type { Kernel } from '../../../conformance/interface/implementation.ts';
import type { Unit } from '../machine.ts';
import { pairwise } from './pairwise.ts';

/** A sound dot product on any machine. */
export const dotProduct =
  (unit: Unit): Kernel<'dotProduct'> =>
  (input) => ({ similarity: pairwise(unit, input, unit.dot) });
