import * as tf from '@tensorflow/tfjs-core';
import { multiHeadGraph, type AttentionPlaces } from '../attention/multiHeadAttention.ts';
import { placed, type Weight } from '../device.ts';
import { geluGraph } from '../layers/gelu.ts';
import { normalizedRows } from '../layers/layerNorm.ts';
import { linearMap } from '../operations.ts';

/** The weights of the parts of a layer, still here or on the device already. */
export interface NormPlaces {
  readonly gain: Weight;
  readonly bias: Weight;
}
export interface FeedForwardPlaces {
  readonly weight1: Weight;
  readonly bias1: Weight;
  readonly weight2: Weight;
  readonly bias2: Weight;
}
export interface LayerPlaces {
  readonly attention: AttentionPlaces;
  readonly attentionNorm: NormPlaces;
  readonly crossAttention?: AttentionPlaces;
  readonly crossAttentionNorm?: NormPlaces;
  readonly feedForward: FeedForwardPlaces;
  readonly feedForwardNorm: NormPlaces;
}

/** f(x W₁ + b₁) W₂ + b₂ of every row. */
export function feedForwardGraph(
  x: tf.Tensor,
  { weight1, bias1, weight2, bias2 }: FeedForwardPlaces,
  activation: 'relu' | 'gelu',
): tf.Tensor {
  const wide = linearMap(x, placed(weight1), placed(bias1));
  const active = activation === 'relu' ? tf.relu(wide) : geluGraph(wide);
  return linearMap(active, placed(weight2), placed(bias2));
}

/** What a layer is told besides its tokens [B · L, D] and weights; `kept` and `memoryKept` are as `keptByHeads` makes them. */
export interface Layering {
  readonly batch: number;
  readonly heads: number;
  readonly norm: 'post' | 'pre';
  readonly activation: 'relu' | 'gelu';
  readonly epsilon: number;
  readonly kept: tf.Tensor | undefined;
  /** [B · S, D]. */
  readonly memory?: tf.Tensor;
  readonly memoryKept?: tf.Tensor | undefined;
}

/** A layer of an encoder, or of a decoder where there is a memory and weights for it. */
export function layerGraph(
  tokens: tf.Tensor,
  { attention, crossAttention, feedForward, ...norms }: LayerPlaces,
  { norm, activation, epsilon, kept, memory, memoryKept, ...sizes }: Layering,
): tf.Tensor {
  const connected = (
    x: tf.Tensor,
    affine: NormPlaces,
    sublayer: (x: tf.Tensor) => tf.Tensor,
  ): tf.Tensor =>
    norm === 'post'
      ? normalizedRows(tf.add(x, sublayer(x)), { ...affine, epsilon })
      : tf.add(x, sublayer(normalizedRows(x, { ...affine, epsilon })));
  let x = connected(tokens, norms.attentionNorm, (y) =>
    multiHeadGraph(y, attention, { ...sizes, kept }),
  );
  if (
    memory !== undefined &&
    crossAttention !== undefined &&
    norms.crossAttentionNorm !== undefined
  )
    x = connected(x, norms.crossAttentionNorm, (y) =>
      multiHeadGraph(y, crossAttention, { ...sizes, memory, kept: memoryKept }),
    );
  return connected(x, norms.feedForwardNorm, (y) => feedForwardGraph(y, feedForward, activation));
}
