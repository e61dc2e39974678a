import { layerNormGradient as spec } from '../../spec/training/layerNormGradient.ts';
import { rowsOf } from '../../spec/tensor.ts';
import { normalizedRows } from '../layers/layerNorm.ts';
import { reference } from '../reference.ts';
import { normBackward } from './backward/normBackward.ts';
import { differentiate } from './differentiate.ts';

export const layerNormGradient = reference(
  spec,
  (arithmetic, { input, gain, bias, epsilon, outputGradient }) => {
    const gradients = differentiate(
      arithmetic,
      { input, gain, bias },
      (t, given) => normalizedRows(t, given.input, { gain: given.gain, bias: given.bias, epsilon }),
      outputGradient,
    );
    return {
      inputGradient: gradients.input,
      gainGradient: gradients.gain,
      biasGradient: gradients.bias,
    };
  },
  (arithmetic, { input, gain, epsilon, outputGradient }) => {
    const gradients = normBackward(
      arithmetic,
      rowsOf(input),
      { gain: gain.data, epsilon },
      rowsOf(outputGradient),
    );
    return {
      inputGradient: { shape: input.shape, data: gradients.input.flat() },
      gainGradient: { shape: gain.shape, data: gradients.gain },
      biasGradient: { shape: gain.shape, data: gradients.bias },
    };
  },
);
