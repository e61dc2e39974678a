import * as tf from '@tensorflow/tfjs-core';
import type { Entry } from '../../../interface/implementation.ts';
import { upload, uploadRows, type Device } from '../device.ts';
import { linearMap } from '../operations.ts';
import { geluGraph } from './gelu.ts';

export const feedForward = ({ numerics, compute }: Device): Entry<'feedForward'> => ({
  numerics,
  run: async ({ input, weight1, bias1, weight2, bias2, activation }) => ({
    output: await compute('float32', input.shape, () => {
      const wide = linearMap(uploadRows(input), upload(weight1), upload(bias1));
      const active = activation === 'relu' ? tf.relu(wide) : geluGraph(wide);
      return linearMap(active, upload(weight2), upload(bias2));
    }),
  }),
});
