import * as tf from '@tensorflow/tfjs-core';
import type { Entry } from '../../../implementation.ts';
import { matrixShape, uploadRows, type Device } from '../device.ts';
import { normalized, weightsOf } from '../weights.ts';
import { greatest } from './greedyToken.ts';
import { tempered } from './tempered.ts';

export const temperature = ({ numerics, compute }: Device): Entry<'temperature'> => ({
  numerics,
  options: { zero: ['greedy', 'reject'] },
  run: async ({ logits, temperature: degree }) => ({
    probabilities: await compute('float32', logits.shape, () => {
      const x = uploadRows(logits);
      const [, width] = matrixShape(logits.shape);
      if (degree === 0) return tf.oneHot(greatest(x), width);
      return normalized(weightsOf(tempered(x, degree)));
    }),
  }),
});
