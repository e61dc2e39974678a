import * as tf from '@tensorflow/tfjs-core';
import type { Entry } from '../../../interface/implementation.ts';
import { upload, type Device } from '../device.ts';
import { attentionGraph, mixGraph } from './attend.ts';
import { attentionOptions, listShape, scaleOf } from './attentionWeights.ts';
import { keptGraph } from './kept.ts';

export const scaledDotProductAttention = ({
  numerics,
  compute,
}: Device): Entry<'scaledDotProductAttention'> => ({
  numerics,
  options: attentionOptions,
  run: async (input) => {
    const { query, key, value, emptyRow } = input;
    const keyLength = key.shape.at(-2) ?? 0;
    const shape: number[] = [...query.shape.slice(0, -1), value.shape.at(-1) ?? 0];
    const graph = (): tf.Tensor => {
      if (keyLength === 0) return tf.broadcastTo(tf.scalar(emptyRow === 'zero' ? 0 : NaN), shape);
      const kept = keptGraph(input, [...query.shape.slice(0, -1), keyLength]);
      const [q, k] = [upload(query, listShape(query.shape)), upload(key, listShape(key.shape))];
      const weights = attentionGraph(q, k, { scale: scaleOf(input), kept, emptyRow });
      const isFinite = Array.from(value.data).every(Number.isFinite);
      return mixGraph(weights, upload(value, listShape(value.shape)), { kept, isFinite });
    };
    return { output: await compute('float32', shape, graph) };
  },
});
