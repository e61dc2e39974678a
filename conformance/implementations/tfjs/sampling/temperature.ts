import * as tf from '@tensorflow/tfjs-core';
import type { Entry } from '../../../interface/implementation.ts';
import { matrixShape, uploadRows, type Device } from '../device.ts';
import { normalized, weightsOf } from '../weights.ts';
import { greatest } from './greedyToken.ts';
import { tempered } from './tempered.ts';

/** Not tf.oneHot, which refuses a width of 1. */
const oneHot = (index: tf.Tensor, width: number): tf.Tensor =>
  tf.equal(tf.range(0, width, 1, 'int32'), tf.expandDims(index, -1));

export const temperature = ({ numerics, compute }: Device): Entry<'temperature'> => ({
  numerics,
  options: { zero: ['greedy', 'reject'] },
  run: async ({ logits, temperature: degree }) => ({
    probabilities: await compute('float32', logits.shape, () => {
      const x = uploadRows(logits);
      const [, width] = matrixShape(logits.shape);
      if (degree === 0) return oneHot(greatest(x), width);
      return normalized(weightsOf(tempered(x, degree)));
    }),
  }),
});
