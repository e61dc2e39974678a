import type { Kernel } from '../../../conformance/interface/implementation.ts';
import type { FloatTensor } from '../../../spec/tensor.ts';
import type { Unit } from '../machine.ts';

/** A clipping made of how the norm is taken and what is made of it: a scale for each tensor. */
export const clippingBy =
  (
    unit: Unit,
    scaleOf: (norm: number, maxNorm: number, gradient: FloatTensor) => number,
    normOf = jointNorm(unit),
  ): Kernel<'gradientClipping'> =>
  ({ gradients, maxNorm }) => {
    const { round, store } = unit;
    const norm = normOf(gradients);
    const limit = round(maxNorm);
    return {
      gradients: gradients.map((gradient) => {
        const scale = scaleOf(norm, limit, gradient);
        const values = Array.from(gradient.data, (g) => (scale === 1 ? g : round(g * scale)));
        return store(gradient.shape, values);
      }),
      norm: store([], [norm]),
    };
  };

export const jointNorm =
  ({ dot, round }: Unit) =>
  (gradients: readonly FloatTensor[]): number => {
    const all = gradients.flatMap(({ data }) => Array.from(data));
    return round(Math.sqrt(dot(all, all)));
  };

/** min(1, c / n); NaN where the norm is. */
export const soundScale = ({ round }: Unit, norm: number, maxNorm: number): number =>
  norm <= maxNorm ? 1 : round(maxNorm / norm);

/** A sound clipping on any machine. */
export const gradientClipping = (unit: Unit): Kernel<'gradientClipping'> =>
  clippingBy(unit, (norm, maxNorm) => soundScale(unit, norm, maxNorm));
