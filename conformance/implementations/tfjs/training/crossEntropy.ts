import * as tf from '@tensorflow/tfjs-core';
import type { Entry } from '../../../interface/implementation.ts';
import { sizeOf, tensor, type Tensor } from '../../../../spec/tensor.ts';
import { countedIn } from '../../../../spec/training/tokens.ts';
import type { Device } from '../device.ts';
import { meanLoss, tokenLosses } from './tokenLosses.ts';

const filled = (shape: readonly number[], value: number): Tensor<'float32'> =>
  tensor('float32', shape, new Array<number>(sizeOf(shape)).fill(value));

export const crossEntropy = ({ numerics, compute }: Device): Entry<'crossEntropy'> => ({
  numerics,
  run: async ({ labelSmoothing, reduction, ...tokens }) => {
    const shape = reduction === 'none' ? tokens.targets.shape : [];
    if (countedIn(tokens).length === 0)
      return { loss: filled(shape, reduction === 'mean' ? NaN : 0) };
    return {
      loss: await compute('float32', shape, () => {
        const losses = tokenLosses(tokens, labelSmoothing);
        if (reduction === 'none') return losses;
        return reduction === 'sum' ? tf.sum(losses) : meanLoss(losses, tokens);
      }),
    };
  },
});
