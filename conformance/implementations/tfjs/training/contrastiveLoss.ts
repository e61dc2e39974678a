import * as tf from '@tensorflow/tfjs-core';
import type { Input } from '../../../../spec/index.ts';
import type { Entry } from '../../../interface/implementation.ts';
import { upload, type Device } from '../device.ts';
import { matrixProduct, rowMax, rowSum } from '../operations.ts';

/** Vectors over their lengths, and the lengths. */
function directed(x: tf.Tensor): readonly [tf.Tensor, tf.Tensor] {
  const length = tf.sqrt(rowSum(tf.mul(x, x)));
  return [tf.div(x, length), length];
}

/** cos(a_i, p_j) / τ less the greatest of its row, e^ of that, and its row's sum. */
function weighed(anchors: tf.Tensor, positives: tf.Tensor, temperature: number) {
  const scores = tf.div(matrixProduct(anchors, positives, { transposed: true }), temperature);
  const distance = tf.sub(rowMax(scores), scores);
  const weights = tf.exp(tf.neg(distance));
  return { distance, weights, total: rowSum(weights) };
}

/** (d − x̂ (x̂ · d)) / ‖x‖. */
const turned = (whole: tf.Tensor, direction: tf.Tensor, length: tf.Tensor): tf.Tensor =>
  tf.div(tf.sub(whole, tf.mul(direction, rowSum(tf.mul(direction, whole)))), length);

/** Where anchor and positive are of one pair. */
const ownOf = (count: number): tf.Tensor => tf.eye(count);

function lossGraph({ anchors, positives, temperature }: Input<'contrastiveLoss'>): tf.Tensor {
  const count = anchors.shape[0] ?? 0;
  const [[left], [right]] = [directed(upload(anchors)), directed(upload(positives))];
  const { distance, total } = weighed(left, right, temperature);
  const own = rowSum(tf.mul(distance, ownOf(count)));
  return tf.div(tf.sum(tf.add(tf.log(total), own)), count);
}

function gradientGraph(
  { anchors, positives, temperature }: Input<'contrastiveLoss'>,
  side: 'anchors' | 'positives',
): tf.Tensor {
  const count = anchors.shape[0] ?? 0;
  const [[left, leftLength], [right, rightLength]] = [
    directed(upload(anchors)),
    directed(upload(positives)),
  ];
  const { weights, total } = weighed(left, right, temperature);
  const slopes = tf.div(tf.sub(tf.div(weights, total), ownOf(count)), count * temperature);
  return side === 'anchors'
    ? turned(matrixProduct(slopes, right), left, leftLength)
    : turned(matrixProduct(tf.transpose(slopes), left), right, rightLength);
}

export const contrastiveLoss = ({ numerics, compute }: Device): Entry<'contrastiveLoss'> => ({
  numerics,
  run: async (input) => ({
    loss: await compute('float32', [], () => lossGraph(input)),
    anchorsGradient: await compute('float32', input.anchors.shape, () =>
      gradientGraph(input, 'anchors'),
    ),
    positivesGradient: await compute('float32', input.positives.shape, () =>
      gradientGraph(input, 'positives'),
    ),
  }),
});
