import * as tf from '@tensorflow/tfjs-core';
import type { GateWeights } from '../../../../spec/models/cells.ts';
import { matrixProduct } from '../operations.ts';
import { upload } from '../device.ts';

/** x W + h U + b. */
export const gateGraph = (input: tf.Tensor, state: tf.Tensor, gate: GateWeights): tf.Tensor =>
  tf.add(
    tf.add(
      matrixProduct(input, upload(gate.inputWeight)),
      matrixProduct(state, upload(gate.stateWeight)),
    ),
    upload(gate.bias),
  );

/** 1 / (1 + e^(−x)). */
export const sigmoidGraph = (x: tf.Tensor): tf.Tensor => tf.div(1, tf.add(1, tf.exp(tf.neg(x))));
