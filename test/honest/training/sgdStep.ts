import type { Kernel } from '../../../conformance/interface/implementation.ts';
import type { FloatTensor } from '../../../spec/tensor.ts';
import type { Unit } from '../machine.ts';

export interface SgdNumbers {
  readonly p: number;
  readonly g: number;
  readonly v: number;
  readonly rate: number;
  readonly momentum: number;
  readonly decay: number;
}
type Step = (numbers: SgdNumbers) => { readonly parameter: number; readonly velocity: number };

const at = (held: FloatTensor | undefined, i: number): number =>
  held === undefined ? 0 : (held.data[i] ?? NaN);

/** A kernel that steps each element by itself. */
export const sgdBy =
  ({ round, store }: Unit, step: Step): Kernel<'sgdStep'> =>
  ({ parameter, gradient, velocity, learningRate, momentum, weightDecay }) => {
    const stepped = Array.from(parameter.data, (p, i) =>
      step({
        p,
        g: at(gradient, i),
        v: at(velocity, i),
        rate: round(learningRate),
        momentum: round(momentum),
        decay: round(weightDecay),
      }),
    );
    return {
      parameter: store(
        parameter.shape,
        stepped.map((one) => one.parameter),
      ),
      velocity: store(
        parameter.shape,
        stepped.map((one) => one.velocity),
      ),
    };
  };

/** A sound step on any machine; pairwise ones add the decay last. */
export const sgdStep = (unit: Unit): Kernel<'sgdStep'> => {
  const { round, machine } = unit;
  return sgdBy(unit, ({ p, g, v, rate, momentum, decay }) => {
    const kept = round(momentum * v);
    const pull = round(decay * p);
    const velocity =
      machine.order === 'pairwise' ? round(round(kept + g) + pull) : round(kept + round(g + pull));
    return { parameter: round(p - round(rate * velocity)), velocity };
  });
};
