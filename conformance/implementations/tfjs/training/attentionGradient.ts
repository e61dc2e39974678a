import * as tf from '@tensorflow/tfjs-core';
import { sizeOf, type FloatTensor } from '../../../../spec/tensor.ts';
import type { Entry } from '../../../interface/implementation.ts';
import { attentionGraph } from '../attention/attend.ts';
import { listShape, scaleOf } from '../attention/attentionWeights.ts';
import { keptGraph } from '../attention/kept.ts';
import { upload, type Device } from '../device.ts';
import { matrixProduct, rowSum } from '../operations.ts';

const uploadList = (source: FloatTensor): tf.Tensor => upload(source, listShape(source.shape));
const turned = (x: tf.Tensor): tf.Tensor => tf.transpose(x, [0, 2, 1]);

/** Q, K, V and the gradient, P, and dS = P (dP − Σ P dP) times the scale. */
export const attentionGradient = ({ numerics, compute }: Device): Entry<'attentionGradient'> => ({
  numerics,
  options: { alignment: ['bottomRight', 'topLeft'] },
  run: async (input) => {
    const { query, key, value, outputGradient } = input;
    const shape = [...query.shape.slice(0, -1), key.shape.at(-2) ?? 0];
    const isEmpty = sizeOf(shape) === 0;
    const shares = (): tf.Tensor =>
      attentionGraph(uploadList(query), uploadList(key), {
        scale: scaleOf(input),
        kept: keptGraph(input, shape),
        emptyRow: 'zero',
      });
    const scores = (): tf.Tensor => {
      const p = shares();
      const slopes = matrixProduct(uploadList(outputGradient), uploadList(value), {
        transposed: true,
      });
      const gradient = tf.mul(p, tf.sub(slopes, rowSum(tf.mul(p, slopes))));
      return tf.mul(gradient, scaleOf(input));
    };
    const made = (like: FloatTensor, graph: () => tf.Tensor) =>
      compute('float32', like.shape, () => (isEmpty ? tf.zeros([...like.shape]) : graph()));
    return {
      queryGradient: await made(query, () => matrixProduct(scores(), uploadList(key))),
      keyGradient: await made(key, () => matrixProduct(turned(scores()), uploadList(query))),
      valueGradient: await made(value, () =>
        matrixProduct(turned(shares()), uploadList(outputGradient)),
      ),
    };
  },
});
