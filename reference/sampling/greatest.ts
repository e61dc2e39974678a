import type { Arithmetic } from '../../spec/arithmetic.ts';

/** The index of the greatest value, the lowest among equals; −1 of none. */
export const greatest = <N>(arithmetic: Arithmetic<N>, values: readonly N[]): number =>
  values.reduce((best, value, i) => {
    const leader = values[best];
    return leader === undefined || arithmetic.compare(value, leader) > 0 ? i : best;
  }, -1);
