import type { EncoderLayerWeights } from '../../../spec/models/weights.ts';
import { rowsOf, type FloatTensor } from '../../../spec/tensor.ts';
import { multiHeadAttention } from '../../honest/attention/multiHeadAttention.ts';
import { mapLinear } from '../../honest/layers/feedForward.ts';
import { throughTanh } from '../../honest/layers/gelu.ts';
import type { Unit } from '../../honest/machine.ts';
import { blocksOf, layer, type Blocks, type Connection } from '../../honest/models/blocks.ts';
import type { ModelParts } from '../../honest/models/model.ts';

/** Parts whose feed-forward takes the tanh form of gelu. */
export const withTanh = (inner: Unit): Blocks => ({
  ...blocksOf(inner),
  feedForward: async (x, { weight1, bias1, weight2, bias2 }) => {
    const hidden = mapLinear(inner, rowsOf(x), weight1, bias1).map((row) =>
      row.map((value) => throughTanh(inner, value)),
    );
    return inner.store(x.shape, mapLinear(inner, hidden, weight2, bias2).flat());
  },
});

/** Parts whose attention divides by the root of the whole width. */
export const withScaleOfWidth = (inner: Unit): Blocks => ({
  ...blocksOf(inner),
  attention: async (input, weights, { causal = false, ...how }) =>
    (
      await multiHeadAttention(inner, {
        scale: ({ input: tokens }) => 1 / Math.sqrt(tokens.shape.at(-1) ?? 1),
      })({ input, ...weights, ...how, causal })
    ).output,
});

/** A layer whose sublayers are connected in another way. */
export const connectedBy =
  (connect: Connection): ModelParts['layer'] =>
  (blocks, x, weights, how) =>
    layer(blocks, x, weights, how, connect);

/** A layer whose queries alone are normalised before the attention. */
export const normalizingQueries: ModelParts['layer'] = async (blocks, x, weights, how) => {
  const { heads, epsilon, activation, causal } = how;
  const query = await blocks.norm(x, weights.attentionNorm, epsilon);
  const told = { heads, memory: x, causal };
  const seen = blocks.add(x, await blocks.attention(query, weights.attention, told));
  const normal = await blocks.norm(seen, weights.feedForwardNorm, epsilon);
  return blocks.add(seen, await blocks.feedForward(normal, weights.feedForward, activation));
};

/** Layers, the first in the place of every other. */
export const allFirst = (layers: readonly EncoderLayerWeights[]): EncoderLayerWeights[] => {
  const [first] = layers;
  return first === undefined ? [] : layers.map(() => first);
};

/** Layers whose attention has no biases. */
export const unbiased = (layers: readonly EncoderLayerWeights[]): EncoderLayerWeights[] =>
  layers.map(({ attention, ...rest }) => ({
    ...rest,
    attention: {
      ...attention,
      queryBias: undefined,
      keyBias: undefined,
      valueBias: undefined,
      outputBias: undefined,
    },
  }));

/** A table that begins with its second row, the first put at its end. */
export const fromSecond = ({ dtype, shape, data }: FloatTensor): FloatTensor => {
  const width = shape[1] ?? 0;
  const values = Array.from(data);
  return { dtype, shape, data: [...values.slice(width), ...values.slice(0, width)] };
};
