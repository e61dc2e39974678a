import type { Kernel } from '../../../conformance/interface/implementation.ts';
import type { Input } from '../../../spec/index.ts';
import type { Unit } from '../machine.ts';

/** One element, and the factors that it is stepped by, as JSON states them. */
export interface AdamNumbers {
  readonly p: number;
  readonly g: number;
  readonly m: number;
  readonly v: number;
  readonly step: number;
  readonly rate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
  readonly isCoupled: boolean;
}
interface Stepped {
  readonly parameter: number;
  readonly mean: number;
  readonly variance: number;
}

/** The numbers of each element. */
export const numbersOf = (source: Input<'adamStep'>): readonly AdamNumbers[] =>
  Array.from(source.parameter.data, (p, i) => ({
    p,
    g: source.gradient.data[i] ?? NaN,
    m: source.mean.data[i] ?? NaN,
    v: source.variance.data[i] ?? NaN,
    step: source.step,
    rate: source.learningRate,
    beta1: source.beta1,
    beta2: source.beta2,
    epsilon: source.epsilon,
    weightDecay: source.weightDecay,
    isCoupled: source.decay === 'coupled',
  }));

/** A kernel that steps each element by itself. */
export const adamBy =
  ({ store }: Unit, step: (numbers: AdamNumbers) => Stepped): Kernel<'adamStep'> =>
  (source) => {
    const { shape } = source.parameter;
    const stepped = numbersOf(source).map(step);
    return {
      parameter: store(
        shape,
        stepped.map((one) => one.parameter),
      ),
      mean: store(
        shape,
        stepped.map((one) => one.mean),
      ),
      variance: store(
        shape,
        stepped.map((one) => one.variance),
      ),
    };
  };

type Round = Unit['round'];

const gradientOf = (round: Round, { p, g, weightDecay, isCoupled }: AdamNumbers): number =>
  isCoupled && weightDecay !== 0 ? round(g + round(round(weightDecay) * p)) : g;

/** As PyTorch does it: the scalars are made in double, on the host. */
const onHost =
  (round: Round) =>
  (numbers: AdamNumbers): Stepped => {
    const { p, m, v, step, rate, beta1, beta2, epsilon, weightDecay, isCoupled } = numbers;
    const g = gradientOf(round, numbers);
    const mean = round(m + round(round(1 - beta1) * round(g - m)));
    const variance = round(round(round(beta2) * v) + round(round(round(1 - beta2) * g) * g));
    const decayed = isCoupled ? p : round(p * round(1 - rate * weightDecay));
    const size = round(rate / (1 - beta1 ** step));
    const correction = round(Math.sqrt(1 - beta2 ** step));
    const under = round(round(round(Math.sqrt(variance)) / correction) + round(epsilon));
    return { parameter: round(decayed - round(round(size * mean) / under)), mean, variance };
  };

/** As the equations stand, everything in the format of the machine, the powers too; the decay is a term of the step. */
const inFormat =
  (round: Round) =>
  (numbers: AdamNumbers): Stepped => {
    const { p, m, v, step, beta1, beta2, epsilon, weightDecay, isCoupled } = numbers;
    const g = gradientOf(round, numbers);
    const mix = (beta: number, old: number, fresh: number): number =>
      round(round(round(beta) * old) + round(round(1 - beta) * fresh));
    const [mean, variance] = [mix(beta1, m, g), mix(beta2, v, round(g * g))];
    const corrected = (beta: number, moment: number): number =>
      round(moment / round(1 - round(round(beta) ** round(step))));
    const under = round(round(Math.sqrt(corrected(beta2, variance))) + round(epsilon));
    const move = round(corrected(beta1, mean) / under);
    const pull = isCoupled ? 0 : round(round(weightDecay) * p);
    const rate = round(numbers.rate);
    return { parameter: round(p - round(rate * round(move + pull))), mean, variance };
  };

/** A sound step on any machine; sequential ones with scalars in double. */
export const adamStep = (unit: Unit): Kernel<'adamStep'> =>
  adamBy(unit, unit.machine.order === 'sequential' ? onHost(unit.round) : inFormat(unit.round));
