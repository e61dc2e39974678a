import * as tf from '@tensorflow/tfjs-core';
import type { Entry } from '../../../interface/implementation.ts';
import { tensor } from '../../../../spec/tensor.ts';
import { countedIn } from '../../../../spec/training/tokens.ts';
import type { Device } from '../device.ts';
import { meanLoss, tokenLosses } from './tokenLosses.ts';

export const perplexity = ({ numerics, compute }: Device): Entry<'perplexity'> => ({
  numerics,
  run: async (tokens) => ({
    perplexity:
      countedIn(tokens).length === 0
        ? tensor('float32', [], [NaN])
        : await compute('float32', [], () => tf.exp(meanLoss(tokenLosses(tokens, 0), tokens))),
  }),
});
