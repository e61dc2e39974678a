import * as tf from '@tensorflow/tfjs-core';
import type { GateWeights } from '../../../../spec/models/cells.ts';
import { tensor } from '../../../../spec/tensor.ts';
import type { Entry } from '../../../interface/implementation.ts';
import { upload, type Device } from '../device.ts';
import { gateGraph, sigmoidGraph } from './cells.ts';

export const lstmCell = ({ numerics, compute }: Device): Entry<'lstmCell'> => ({
  numerics,
  run: async ({ input, state, weights }) => {
    const shape = state.hidden.shape;
    const both = await compute('float32', [2, ...shape], () => {
      const [x, h] = [upload(input), upload(state.hidden)];
      const gate = (part: GateWeights) => sigmoidGraph(gateGraph(x, h, part));
      const candidate = tf.tanh(gateGraph(x, h, weights.candidate));
      const stays = tf.mul(gate(weights.forgetGate), upload(state.cell));
      const cell = tf.add(stays, tf.mul(gate(weights.inputGate), candidate));
      return tf.stack([tf.mul(gate(weights.outputGate), tf.tanh(cell)), cell]);
    });
    const size = both.data.length / 2;
    const part = (index: number) =>
      tensor('float32', shape, both.data.slice(index * size, (index + 1) * size));
    return { state: { hidden: part(0), cell: part(1) } };
  },
});
