import * as tf from '@tensorflow/tfjs-core';
import type { Input } from '../../../../spec/index.ts';
import type { FloatTensor } from '../../../../spec/tensor.ts';
import type { Entry } from '../../../implementation.ts';
import { upload, uploadRows, type Device } from '../device.ts';
import { linearMap, matrixProduct } from '../operations.ts';
import { attentionGraph } from './attend.ts';
import { keptGraph } from './kept.ts';

type Fields = Input<'multiHeadAttention'>;

/** x W + b of every token, cut into heads: [B · H, tokens, D / H]. */
function projected(
  tokens: FloatTensor,
  heads: number,
  weight: FloatTensor,
  bias: FloatTensor | undefined,
): tf.Tensor {
  const [batch = 0, length = 0, width = 0] = tokens.shape;
  const flat = linearMap(uploadRows(tokens), upload(weight), bias && upload(bias));
  const parts = tf.transpose(tf.reshape(flat, [batch, length, heads, width / heads]), [0, 2, 1, 3]);
  return tf.reshape(parts, [batch * heads, length, width / heads]);
}

/** What one head may attend to, said to all of them. */
function keptByHeads(
  input: Fields,
  [batch, heads, length, keys]: readonly [number, number, number, number],
): tf.Tensor | undefined {
  const kept = keptGraph(input, [batch, length, keys]);
  if (kept === undefined) return undefined;
  const repeated = tf.broadcastTo(tf.expandDims(kept, 1), [batch, heads, length, keys]);
  return tf.reshape(repeated, [batch * heads, length, keys]);
}

/** What the heads answer, side by side again: [B · L, D]. */
function joined(input: Fields): tf.Tensor {
  const { heads } = input;
  const memory = input.memory ?? input.input;
  const [batch = 0, length = 0, width = 0] = input.input.shape;
  const keys = memory.shape[1] ?? 0;
  if (keys === 0) return tf.zeros([batch * length, width]);
  const query = projected(input.input, heads, input.queryWeight, input.queryBias);
  const key = projected(memory, heads, input.keyWeight, input.keyBias);
  const value = projected(memory, heads, input.valueWeight, input.valueBias);
  const kept = keptByHeads(input, [batch, heads, length, keys]);
  const scale = 1 / Math.sqrt(width / heads);
  const answers = matrixProduct(
    attentionGraph(query, key, { scale, kept, emptyRow: 'zero' }),
    value,
  );
  const parts = tf.transpose(
    tf.reshape(answers, [batch, heads, length, width / heads]),
    [0, 2, 1, 3],
  );
  return tf.reshape(parts, [batch * length, width]);
}

export const multiHeadAttention = ({ numerics, compute }: Device): Entry<'multiHeadAttention'> => ({
  numerics,
  run: async (input) => ({
    output: await compute('float32', input.input.shape, () =>
      linearMap(
        joined(input),
        upload(input.outputWeight),
        input.outputBias && upload(input.outputBias),
      ),
    ),
  }),
});
