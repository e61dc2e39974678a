import * as tf from '@tensorflow/tfjs-core';
import type { Entry } from '../../../interface/implementation.ts';
import { placed, uploadRows, type Device, type Weight } from '../device.ts';
import { linearMap, matrixProduct } from '../operations.ts';
import { attentionGraph } from './attend.ts';
import { keptGraph, type Allowance } from './kept.ts';

/** The weights of a multi-head attention, wherever they are. */
export interface AttentionPlaces {
  readonly queryWeight: Weight;
  readonly keyWeight: Weight;
  readonly valueWeight: Weight;
  readonly outputWeight: Weight;
  readonly queryBias?: Weight | undefined;
  readonly keyBias?: Weight | undefined;
  readonly valueBias?: Weight | undefined;
  readonly outputBias?: Weight | undefined;
}

interface Sizes {
  readonly batch: number;
  readonly heads: number;
}

/** x W + b of tokens [B · L, D], cut into heads: [B · H, L, D / H]. */
function projected(
  tokens: tf.Tensor,
  { batch, heads }: Sizes,
  weight: Weight,
  bias: Weight | undefined,
): tf.Tensor {
  const [rows = 0, width = 0] = tokens.shape;
  const [length, headWidth] = [rows / batch, width / heads];
  const flat = linearMap(tokens, placed(weight), bias && placed(bias));
  const parts = tf.transpose(tf.reshape(flat, [batch, length, heads, headWidth]), [0, 2, 1, 3]);
  return tf.reshape(parts, [batch * heads, length, headWidth]);
}

/** What one head may attend to, said to all of them: [B · H, L, S], or nothing where it is all. */
export function keptByHeads(
  allowance: Allowance,
  [batch, heads, length, keys]: readonly [number, number, number, number],
): tf.Tensor | undefined {
  const kept = keptGraph(allowance, [batch, length, keys]);
  if (kept === undefined) return undefined;
  const repeated = tf.broadcastTo(tf.expandDims(kept, 1), [batch, heads, length, keys]);
  return tf.reshape(repeated, [batch * heads, length, keys]);
}

/** What the heads answer, side by side again: [B · L, D]. */
function joined(
  query: tf.Tensor,
  memory: tf.Tensor,
  weights: AttentionPlaces,
  sizes: Sizes,
  kept: tf.Tensor | undefined,
): tf.Tensor {
  const { batch, heads } = sizes;
  const [rows = 0, width = 0] = query.shape;
  if (memory.shape[0] === 0) return tf.zeros([rows, width]);
  const queries = projected(query, sizes, weights.queryWeight, weights.queryBias);
  const keys = projected(memory, sizes, weights.keyWeight, weights.keyBias);
  const values = projected(memory, sizes, weights.valueWeight, weights.valueBias);
  const scale = 1 / Math.sqrt(width / heads);
  const shares = attentionGraph(queries, keys, { scale, kept, emptyRow: 'zero' });
  const answers = matrixProduct(shares, values);
  const apart = tf.reshape(answers, [batch, heads, rows / batch, width / heads]);
  return tf.reshape(tf.transpose(apart, [0, 2, 1, 3]), [rows, width]);
}

/** Multi-head attention of tokens [B · L, D] to a memory [B · S, D], or to themselves. */
export const multiHeadGraph = (
  tokens: tf.Tensor,
  weights: AttentionPlaces,
  {
    memory = tokens,
    kept,
    ...sizes
  }: Sizes & { readonly memory?: tf.Tensor | undefined; readonly kept: tf.Tensor | undefined },
): tf.Tensor =>
  linearMap(
    joined(tokens, memory, weights, sizes, kept),
    placed(weights.outputWeight),
    weights.outputBias && placed(weights.outputBias),
  );

export const multiHeadAttention = ({ numerics, compute }: Device): Entry<'multiHeadAttention'> => ({
  numerics,
  run: async ({ input, memory, heads, mask, causal, ...weights }) => ({
    output: await compute('float32', input.shape, () => {
      const [batch = 0, length = 0] = input.shape;
      const keys = (memory ?? input).shape[1] ?? 0;
      const kept =
        keys > 0 ? keptByHeads({ mask, causal }, [batch, heads, length, keys]) : undefined;
      const asked = memory && uploadRows(memory);
      return multiHeadGraph(uploadRows(input), weights, { batch, heads, memory: asked, kept });
    }),
  }),
});
