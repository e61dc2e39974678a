import type { Kernel } from '../../../conformance/interface/implementation.ts';
import { erf } from '../errorFunction.ts';
import type { Unit } from '../machine.ts';

/** gelu′(x) on a machine. */
export type Slope = (unit: Unit, x: number) => number;

/** ½ (1 + erf(x/√2)) + x φ(x). */
export const throughErf: Slope = ({ round }, x) => {
  const gate = round(round(1 + round(erf(round(x * round(Math.SQRT1_2))))) / 2);
  return round(gate + round(x * density({ round }, x)));
};

/** e^(−x²/2) / √(2π). */
export const density = ({ round }: Pick<Unit, 'round'>, x: number): number =>
  round(round(1 / Math.sqrt(2 * Math.PI)) * round(Math.exp(round(-0.5 * round(x * x)))));

/** √(2/π) (x + 0.044715 x³), and its derivative. */
export function tanhArgument({ round }: Unit, x: number) {
  const [root, coefficient] = [round(Math.sqrt(2 / Math.PI)), round(0.044715)];
  const square = round(x * x);
  return {
    t: round(root * round(x + round(coefficient * round(square * x)))),
    inner: round(root * round(1 + round(3 * round(coefficient * square)))),
  };
}

/** ½ (1 + tanh t) + ½ x (1 − tanh² t) t′. */
export const throughTanh: Slope = (unit, x) => {
  const { round } = unit;
  const { t, inner } = tanhArgument(unit, x);
  const tanh = round(Math.tanh(t));
  const steep = round(round(round(x / 2) * round(1 - round(tanh * tanh))) * inner);
  return round(round(round(1 + tanh) / 2) + steep);
};

/** σ + 2 x σ (1 − σ) t′ with σ = 1 / (1 + e^(−2t)). */
const throughLogistic: Slope = (unit, x) => {
  const { round } = unit;
  const { t, inner } = tanhArgument(unit, x);
  const gate = round(1 / round(1 + round(Math.exp(round(-2 * t)))));
  return round(gate + round(round(2 * x) * round(round(gate * round(1 - gate)) * inner)));
};

/** A gradient of gelu made of slopes. */
export const geluGradientOf =
  (unit: Unit, slopes: Readonly<Record<'exact' | 'tanh', Slope>>): Kernel<'geluGradient'> =>
  ({ input, form, outputGradient }) => ({
    inputGradient: unit.store(
      input.shape,
      Array.from(input.data, (x, i) =>
        unit.round((outputGradient.data[i] ?? NaN) * slopes[form](unit, x)),
      ),
    ),
  });

/** A sound gradient of gelu on any machine; those whose softmax is online take the logistic function for the tanh form. */
export const geluGradient = (unit: Unit): Kernel<'geluGradient'> =>
  geluGradientOf(unit, {
    exact: throughErf,
    tanh: unit.machine.online > 0 ? throughLogistic : throughTanh,
  });
