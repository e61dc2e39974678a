import { feedForwardGradient as spec } from '../../spec/training/feedForwardGradient.ts';
import { rowsOf } from '../../spec/tensor.ts';
import { feedForward } from '../layers/feedForward.ts';
import { reference } from '../reference.ts';
import { feedForwardBackward } from './backward/feedForwardBackward.ts';
import { differentiate } from './differentiate.ts';

export const feedForwardGradient = reference(
  spec,
  (arithmetic, { activation, outputGradient, ...inputs }) => {
    const gradients = differentiate(
      arithmetic,
      inputs,
      (t, given) => feedForward(t, { ...given, activation }).output,
      outputGradient,
    );
    return {
      inputGradient: gradients.input,
      weight1Gradient: gradients.weight1,
      bias1Gradient: gradients.bias1,
      weight2Gradient: gradients.weight2,
      bias2Gradient: gradients.bias2,
    };
  },
  (arithmetic, { input, activation, outputGradient, ...weights }) => {
    const { first, second } = feedForwardBackward(
      arithmetic,
      rowsOf(input),
      weights,
      activation,
      rowsOf(outputGradient),
    );
    return {
      inputGradient: { shape: input.shape, data: first.input.flat() },
      weight1Gradient: { shape: weights.weight1.shape, data: first.weight.flat() },
      bias1Gradient: { shape: weights.bias1.shape, data: first.bias },
      weight2Gradient: { shape: weights.weight2.shape, data: second.weight.flat() },
      bias2Gradient: { shape: weights.bias2.shape, data: second.bias },
    };
  },
);
