import * as tf from '@tensorflow/tfjs-core';
import type { Entry } from '../../../interface/implementation.ts';
import { upload, type Device } from '../device.ts';
import { gateGraph } from './cells.ts';

export const rnnCell = ({ numerics, compute }: Device): Entry<'rnnCell'> => ({
  numerics,
  run: async ({ input, state, weights }) => ({
    state: await compute('float32', state.shape, () =>
      tf.tanh(gateGraph(upload(input), upload(state), weights)),
    ),
  }),
});
