import * as tf from '@tensorflow/tfjs-core';
import type { IntegerTensor } from '../../../../spec/tensor.ts';
import type { Entry } from '../../../interface/implementation.ts';
import { placed, type Device, type Weight } from '../device.ts';
import { rowsAt } from '../gradients.ts';

/** The tables of an embedding, still here or on the device already. */
export interface EmbeddingPlaces {
  readonly tokenTable: Weight;
  readonly positionTable: Weight;
  readonly segmentTable?: Weight | undefined;
}

/** What is looked up in them. */
interface Lookup {
  readonly ids: IntegerTensor;
  readonly segments?: IntegerTensor | undefined;
  readonly scale?: number;
}

const flat = ({ data }: IntegerTensor): tf.Tensor1D => tf.tensor1d(Int32Array.from(data), 'int32');

/** scale · token + position + segment: [B · T, D]. */
export function embeddingGraph(
  { tokenTable, positionTable, segmentTable }: EmbeddingPlaces,
  { ids, segments, scale = 1 }: Lookup,
): tf.Tensor {
  const [batch = 0, length = 0] = ids.shape;
  const tokens = rowsAt(placed(tokenTable), () => flat(ids));
  const scaled = scale === 1 ? tokens : tf.mul(tokens, scale);
  const positions = tf.slice(placed(positionTable), [0, 0], [length, -1]);
  const placedTokens = tf.add(scaled, tf.tile(positions, [batch, 1]));
  if (segmentTable === undefined) return placedTokens;
  const kinds = segments === undefined ? tf.zeros([batch * length], 'int32') : flat(segments);
  return tf.add(placedTokens, tf.gather(placed(segmentTable), tf.cast(kinds, 'int32')));
}

export const inputEmbedding = ({ numerics, compute }: Device): Entry<'inputEmbedding'> => ({
  numerics,
  run: async ({ tokenTable, positionTable, segmentTable, ...lookup }) => ({
    output: await compute('float32', [...lookup.ids.shape, tokenTable.shape[1] ?? 0], () =>
      embeddingGraph({ tokenTable, positionTable, segmentTable }, lookup),
    ),
  }),
});
