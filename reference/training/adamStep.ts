import { named } from '../../spec/arithmetic.ts';
import { adamStep as spec } from '../../spec/training/adamStep.ts';
import { reference } from '../reference.ts';
import { power } from './power.ts';

export const adamStep = reference(spec, (arithmetic, input) => {
  const { add, divide, from, multiply, sqrt, subtract } = arithmetic;
  const { shape } = input.parameter;
  const [one, nothing] = [from(1), from(NaN)];
  const [beta1, beta2, epsilon] = [from(input.beta1), from(input.beta2), from(input.epsilon)];
  const [rate, weightDecay] = [from(input.learningRate), from(input.weightDecay)];
  const mix = (beta: typeof one, old: typeof one, fresh: typeof one) =>
    add(multiply(beta, old), multiply(subtract(one, beta), fresh));
  const gradient = input.gradient.data.map((g, i) =>
    input.decay === 'coupled'
      ? add(g, multiply(weightDecay, input.parameter.data[i] ?? nothing))
      : g,
  );
  const mean = gradient.map((g, i) => mix(beta1, input.mean.data[i] ?? nothing, g));
  const variance = gradient.map((g, i) =>
    mix(beta2, input.variance.data[i] ?? nothing, multiply(g, g)),
  );
  named(arithmetic, "m' = β_1 m + (1 − β_1) g", mean);
  named(arithmetic, "v' = β_2 v + (1 − β_2) g²", variance);
  const correction1 = subtract(one, power(arithmetic, beta1, input.step));
  const correction2 = subtract(one, power(arithmetic, beta2, input.step));
  named(arithmetic, '1 − β_1^t', correction1);
  named(arithmetic, '1 − β_2^t', correction2);
  const parameter = input.parameter.data.map((p, i) => {
    const decayed =
      input.decay === 'decoupled' ? subtract(p, multiply(multiply(rate, weightDecay), p)) : p;
    const meanHat = divide(mean[i] ?? nothing, correction1);
    const varianceHat = divide(variance[i] ?? nothing, correction2);
    const step = divide(meanHat, add(sqrt(varianceHat), epsilon));
    return subtract(decayed, multiply(rate, step));
  });
  named(arithmetic, "p'", parameter);
  return {
    parameter: { shape, data: parameter },
    mean: { shape, data: mean },
    variance: { shape, data: variance },
  };
});
