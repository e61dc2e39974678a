import { kept, type Arithmetic } from '../../../spec/arithmetic.ts';
import type { AdamFactors } from '../../../spec/bounds/adamStep.ts';
import {
  adamMoveErrors,
  coupledErrors,
  denominatorErrors,
  movedErrors,
  movingMeanErrors,
  movingSquareErrors,
} from '../../../spec/bounds/trainingParts.ts';
import type { Grid } from '../../../spec/tensor.ts';
import { power } from '../power.ts';

/** A tensor of parameters with its gradient and its moments. */
export interface Learning<N> {
  readonly parameter: Grid<N>;
  readonly gradient: Grid<N>;
  readonly mean: Grid<N>;
  readonly variance: Grid<N>;
}

/** A step of Adam in parts, of gradients that are themselves computed. */
export function adamMove<N>(
  a: Arithmetic<N>,
  { parameter, gradient, mean, variance }: Learning<N>,
  factors: AdamFactors,
): Omit<Learning<N>, 'gradient'> {
  const none = a.from(NaN);
  const at = ({ data }: Grid<N>, i: number): N => data[i] ?? none;
  const { shape } = parameter;
  const [one, decay] = [a.from(1), a.from(factors.weightDecay)];
  const [beta1, beta2] = [a.from(factors.beta1), a.from(factors.beta2)];
  const isCoupled = factors.decay === 'coupled' && factors.weightDecay !== 0;
  const coupled = gradient.data.map((g, i) => a.add(g, a.multiply(decay, at(parameter, i))));
  const gradients = isCoupled
    ? kept(a, coupled, coupledErrors(coupled, parameter.data, factors.weightDecay))
    : gradient.data;
  const numbers = gradients.map((g, i) => ({
    gradient: g,
    mean: at(mean, i),
    variance: at(variance, i),
  }));
  const mix = (beta: N, old: N, fresh: N) =>
    a.add(a.multiply(beta, old), a.multiply(a.subtract(one, beta), fresh));
  const nextMean = kept(
    a,
    numbers.map((x) => mix(beta1, x.mean, x.gradient)),
    movingMeanErrors(numbers, factors),
  );
  const nextVariance = kept(
    a,
    numbers.map((x) => mix(beta2, x.variance, a.multiply(x.gradient, x.gradient))),
    movingSquareErrors(numbers, factors),
  );
  const correction1 = a.subtract(one, power(a, beta1, factors.step));
  const correction2 = a.subtract(one, power(a, beta2, factors.step));
  const roots = nextVariance.map((v) =>
    a.add(a.sqrt(a.divide(v, correction2)), a.from(factors.epsilon)),
  );
  const denominators = kept(a, roots, denominatorErrors(roots, factors));
  const rate = a.from(factors.learningRate);
  const exact = nextMean.map((m, i) =>
    a.multiply(rate, a.divide(a.divide(m, correction1), denominators[i] ?? none)),
  );
  const inverses = () => denominators.map((value) => a.divide(one, value));
  const moves = kept(a, exact, adamMoveErrors(exact, inverses, factors));
  const next = parameter.data.map((p, i) => {
    const shrunk =
      factors.decay === 'decoupled' ? a.multiply(a.multiply(rate, decay), p) : a.from(0);
    return a.subtract(a.subtract(p, shrunk), moves[i] ?? none);
  });
  return {
    parameter: { shape, data: kept(a, next, movedErrors(parameter.data, next, factors)) },
    mean: { shape, data: nextMean },
    variance: { shape, data: nextVariance },
  };
}
