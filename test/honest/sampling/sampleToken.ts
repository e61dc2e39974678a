import type { Kernel } from '../../../conformance/interface/implementation.ts';
import type { Unit } from '../machine.ts';

export const sampleToken =
  ({ round }: Unit): Kernel<'sampleToken'> =>
  ({ probabilities, u }) => {
    let mass = 0;
    let last = 0;
    for (const [i, p] of Array.from(probabilities.data).entries()) {
      if (p === 0) continue;
      mass = round(mass + p);
      last = i;
      if (mass > round(u)) break;
    }
    return { token: last };
  };
