import * as tf from '@tensorflow/tfjs-core';
import type { Entry } from '../../../interface/implementation.ts';
import { upload, type Device } from '../device.ts';
import { attentionGraph, mixGraph } from './attend.ts';
import { listShape } from './attentionWeights.ts';
import { keptGraph } from './kept.ts';

/** The queries of the heads that share a head of keys, one below the other, are one matrix. */
export const groupedQueryAttention = ({
  numerics,
  compute,
}: Device): Entry<'groupedQueryAttention'> => ({
  numerics,
  run: async ({ query, key, value, causal }) => {
    const [batch = 0, heads = 0, queryLength = 0, width = 0] = query.shape;
    const [, groups = 0, keyLength = 0] = key.shape;
    const blocks = batch * groups;
    const rows = (heads / groups) * queryLength;
    const graph = (): tf.Tensor => {
      if (keyLength === 0) return tf.zeros([...query.shape]);
      const allowed = keptGraph({ causal }, [batch, heads, queryLength, keyLength]);
      const kept = allowed && tf.reshape(allowed, [blocks, rows, keyLength]);
      const q = upload(query, [blocks, rows, width]);
      const scale = 1 / Math.sqrt(width);
      const weights = attentionGraph(q, upload(key, listShape(key.shape)), {
        scale,
        kept,
        emptyRow: 'zero',
      });
      return mixGraph(weights, upload(value, listShape(value.shape)), { kept, isFinite: true });
    };
    return { output: await compute('float32', query.shape, graph) };
  },
});
