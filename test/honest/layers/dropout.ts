import type { Kernel } from '../../../conformance/interface/implementation.ts';
import type { Unit } from '../machine.ts';

/** A sound dropout on any machine: by a quotient, and where softmax is online by a product with the reciprocal. */
export const dropout =
  ({ round, store, machine }: Unit): Kernel<'dropout'> =>
  ({ input, keep, rate, training }) => {
    const left = round(1 - round(rate));
    const scaled = (x: number): number =>
      machine.online > 0 ? round(x * round(1 / left)) : round(x / left);
    return {
      output: training
        ? store(
            input.shape,
            Array.from(input.data, (x, i) => (keep.data[i] === 1 ? scaled(x) : 0)),
          )
        : input,
    };
  };
