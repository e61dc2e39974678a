import type { Kernel } from '../../../conformance/interface/implementation.ts';
import type { Unit } from '../machine.ts';

type Elementwise = (unit: Unit, x: number) => number;

/** x / (1 + e^(−x)). */
export const byQuotient: Elementwise = ({ round }, x) => round(x / round(1 + round(Math.exp(-x))));

/** x · (1 / (1 + e^(−x))). */
export const byGate: Elementwise = ({ round }, x) =>
  round(x * round(1 / round(1 + round(Math.exp(-x)))));

/** x e^x / (1 + e^x) for x < 0, where nothing overflows. */
export const byEitherSide: Elementwise = (unit, x) => {
  const { round } = unit;
  if (!(x < 0)) return byQuotient(unit, x);
  const w = round(Math.exp(x));
  return round(round(x * w) / round(1 + w));
};

/** A sound silu on any machine, in one of three ways. */
export const silu =
  (unit: Unit): Kernel<'silu'> =>
  ({ input }) => {
    const { order, online } = unit.machine;
    const compute = online > 0 ? byGate : order === 'pairwise' ? byEitherSide : byQuotient;
    return {
      output: unit.store(
        input.shape,
        Array.from(input.data, (x) => compute(unit, x)),
      ),
    };
  };
