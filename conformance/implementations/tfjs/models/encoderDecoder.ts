import * as tf from '@tensorflow/tfjs-core';
import type { BooleanTensor, IntegerTensor } from '../../../../spec/tensor.ts';
import type { Entry } from '../../../interface/implementation.ts';
import { keptByHeads } from '../attention/multiHeadAttention.ts';
import { placed, type Device, type Weight } from '../device.ts';
import { waves } from '../embedding/sinusoidalPositions.ts';
import { matrixProduct } from '../operations.ts';
import { layerGraph, type LayerPlaces } from './blocks.ts';

/** The weights of an encoder and decoder, still here or on the device already. */
export interface EncoderDecoderPlaces {
  readonly tokenTable: Weight;
  readonly encoder: readonly LayerPlaces[];
  readonly decoder: readonly LayerPlaces[];
}

interface Asked {
  readonly sourceIds: IntegerTensor;
  readonly targetIds: IntegerTensor;
  readonly sourceMask?: BooleanTensor | undefined;
}

/** √D · E[id] + P of every token: [B · T, D]. */
function embedded(table: tf.Tensor, { shape, data }: IntegerTensor): tf.Tensor {
  const [batch = 0, length = 0] = shape;
  const width = table.shape[1] ?? 0;
  const tokens = tf.gather(table, tf.tensor1d(Int32Array.from(data), 'int32'));
  const scaled = tf.reshape(tf.mul(tokens, Math.sqrt(width)), [batch, length, width]);
  const positions = tf.tensor2d(waves(length, width, 10000), [length, width]);
  return tf.reshape(tf.add(scaled, positions), [batch * length, width]);
}

/** Logits of every target token: [B · T, V]. There is a target token at least. */
export function encoderDecoderGraph(
  { sourceIds, targetIds, sourceMask }: Asked,
  { tokenTable, encoder, decoder }: EncoderDecoderPlaces,
  { heads, epsilon }: { readonly heads: number; readonly epsilon: number },
): tf.Tensor {
  const [batch = 0, length = 0] = targetIds.shape;
  const keys = sourceIds.shape[1] ?? 0;
  const table = placed(tokenTable);
  const mask = sourceMask && { ...sourceMask, shape: [batch, 1, keys] };
  const keptOf = (queries: number) =>
    keys === 0 ? undefined : keptByHeads({ mask, causal: false }, [batch, heads, queries, keys]);
  const how = { batch, heads, epsilon, norm: 'post', activation: 'relu' } as const;
  const own = { ...how, kept: keptOf(keys) };
  const memory =
    keys === 0
      ? tf.zeros([0, table.shape[1] ?? 0])
      : encoder.reduce((x, layer) => layerGraph(x, layer, own), embedded(table, sourceIds));
  const kept = keptByHeads({ causal: true }, [batch, heads, length, length]);
  const across = { ...how, kept, memory, memoryKept: keptOf(length) };
  const hidden = decoder.reduce(
    (x, layer) => layerGraph(x, layer, across),
    embedded(table, targetIds),
  );
  return matrixProduct(hidden, tf.transpose(table));
}

export const encoderDecoder = ({ numerics, compute }: Device): Entry<'encoderDecoder'> => ({
  numerics,
  run: async ({ weights, config, ...asked }) => ({
    logits: await compute('float32', [...asked.targetIds.shape, config.vocabulary], () =>
      encoderDecoderGraph(asked, weights, config),
    ),
  }),
});
