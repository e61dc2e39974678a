import * as tf from '@tensorflow/tfjs-core';
import type { Entry } from '../../../interface/implementation.ts';
import { matrixShape, upload, uploadRows, type Device } from '../device.ts';
import { matrixProduct } from '../operations.ts';

export const linearGradient = ({ numerics, compute }: Device): Entry<'linearGradient'> => ({
  numerics,
  run: async ({ input, weight, bias, outputGradient }) => {
    const [rows] = matrixShape(input.shape);
    const gradients = () => upload(outputGradient, [rows, weight.shape[1] ?? 0]);
    const summed = (x: tf.Tensor): tf.Tensor => matrixProduct(tf.transpose(x), gradients());
    const inputGradient = await compute('float32', input.shape, () =>
      matrixProduct(gradients(), upload(weight), { transposed: true }),
    );
    const weightGradient = await compute('float32', weight.shape, () => summed(uploadRows(input)));
    if (bias === undefined) return { inputGradient, weightGradient };
    const biasGradient = await compute('float32', bias.shape, () => summed(tf.ones([rows, 1])));
    return { inputGradient, weightGradient, biasGradient };
  },
});
