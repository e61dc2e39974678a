import type { Kernel } from '../../../conformance/interface/implementation.ts';
import { erf, erfc } from '../errorFunction.ts';
import type { Unit } from '../machine.ts';

const half = ({ round }: Unit, x: number, gate: number): number =>
  round(round(x / 2) * round(1 + gate));

const toErf = ({ round }: Unit, x: number): number => round(x * round(Math.SQRT1_2));

/** ½ x (1 + erf(x/√2)). */
export const throughErf = (unit: Unit, x: number): number =>
  half(unit, x, unit.round(erf(toErf(unit, x))));

/** ½ x erfc(−x/√2). */
export const throughErfc = (unit: Unit, x: number): number =>
  unit.round(unit.round(x / 2) * unit.round(erfc(-toErf(unit, x))));

function tanhArgument({ round }: Unit, x: number): number {
  const cube = round(round(x * x) * x);
  return round(round(Math.sqrt(2 / Math.PI)) * round(x + round(round(0.044715) * cube)));
}

/** ½ x (1 + tanh t). */
export const throughTanh = (unit: Unit, x: number): number =>
  half(unit, x, unit.round(Math.tanh(tanhArgument(unit, x))));

/** x / (1 + e^(−2t)). */
export const throughLogistic = (unit: Unit, x: number): number =>
  unit.round(x / unit.round(1 + unit.round(Math.exp(-2 * tanhArgument(unit, x)))));

/** A sound gelu on any machine; those whose softmax is online take the logistic function for the tanh form. */
export const gelu =
  (unit: Unit): Kernel<'gelu'> =>
  ({ input, form }) => {
    const tanhForm = unit.machine.online > 0 ? throughLogistic : throughTanh;
    const compute = form === 'exact' ? throughErf : tanhForm;
    return {
      output: unit.store(
        input.shape,
        Array.from(input.data, (x) => compute(unit, x)),
      ),
    };
  };
