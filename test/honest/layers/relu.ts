import type { Kernel } from '../../../conformance/interface/implementation.ts';
import type { Unit } from '../machine.ts';

/** A sound relu on any machine: Math.max passes NaN on. */
export const relu =
  ({ store }: Unit): Kernel<'relu'> =>
  ({ input }) => ({
    output: store(
      input.shape,
      Array.from(input.data, (x) => Math.max(x, 0)),
    ),
  });
