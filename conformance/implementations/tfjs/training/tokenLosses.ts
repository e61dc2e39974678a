import * as tf from '@tensorflow/tfjs-core';
import { countedIn, isIgnored, type Tokens } from '../../../../spec/training/tokens.ts';
import { upload } from '../device.ts';
import { rowMax, rowSum } from '../operations.ts';

/**
 * The loss of every token, 0 where it is ignored. Chosen by `where`, never by a product: 0 · ∞ would be
 * NaN. At least one token counts, so that there is a vocabulary.
 */
export function tokenLosses({ logits, ...labels }: Tokens, smoothing: number): tf.Tensor {
  const [count = 0, width = 0] = logits.shape;
  const x = upload(logits);
  const distance = tf.sub(rowMax(x), x);
  const logTotal = tf.log(rowSum(tf.exp(tf.neg(distance))));
  const losses = tf.add(logTotal, distance);
  const targets = tf.tensor2d(Int32Array.from(labels.targets.data), [count, 1], 'int32');
  const isTarget = tf.equal(targets, tf.range(0, width, 1, 'int32'));
  const own = tf.sum(tf.where(isTarget, losses, tf.zerosLike(losses)), 1);
  const isCounted = Uint8Array.from({ length: count }, (_, i) => Number(!isIgnored(labels, i)));
  const loss = smoothing === 0 ? own : smoothed(own, losses, smoothing);
  return tf.where(tf.tensor1d(isCounted, 'bool'), loss, tf.zerosLike(loss));
}

function smoothed(own: tf.Tensor, losses: tf.Tensor, smoothing: number): tf.Tensor {
  const even = tf.div(tf.sum(losses, 1), losses.shape[1] ?? NaN);
  return smoothing === 1 ? even : tf.add(tf.mul(own, 1 - smoothing), tf.mul(even, smoothing));
}

/** The mean over the tokens that count, of which there is one. */
export const meanLoss = (losses: tf.Tensor, tokens: Tokens): tf.Tensor =>
  tf.div(tf.sum(losses), countedIn(tokens).length);
