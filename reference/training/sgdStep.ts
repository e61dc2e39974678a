import { sgdStep as spec } from '../../spec/training/sgdStep.ts';
import { reference } from '../reference.ts';

export const sgdStep = reference(
  spec,
  ({ add, from, multiply, subtract }, { learningRate, momentum, weightDecay, ...input }) => {
    const { shape } = input.parameter;
    const gradient = input.parameter.data.map((p, i) =>
      add(input.gradient.data[i] ?? from(NaN), multiply(from(weightDecay), p)),
    );
    const velocity = gradient.map((g, i) => {
      const before = input.velocity === undefined ? from(0) : input.velocity.data[i];
      return add(multiply(from(momentum), before ?? from(NaN)), g);
    });
    const parameter = input.parameter.data.map((p, i) =>
      subtract(p, multiply(from(learningRate), velocity[i] ?? from(NaN))),
    );
    return { parameter: { shape, data: parameter }, velocity: { shape, data: velocity } };
  },
);
