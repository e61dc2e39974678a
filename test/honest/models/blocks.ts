import type {
  AttentionWeights,
  EncoderLayerWeights,
  FeedForwardWeights,
  NormWeights,
} from '../../../spec/models/weights.ts';
import type { BooleanTensor, FloatDtype, FloatTensor } from '../../../spec/tensor.ts';
import { multiHeadAttention } from '../attention/multiHeadAttention.ts';
import { feedForward } from '../layers/feedForward.ts';
import { layerNorm } from '../layers/layerNorm.ts';
import { unitOf, type Unit } from '../machine.ts';

/** The unit of what stands between the parts of a composition: in the accumulation format, or in that which `intermediates.hidden` declares. */
export const innerUnit = ({ machine }: Unit, hidden: FloatDtype = machine.accumulate): Unit =>
  unitOf({ ...machine, storage: hidden });

/** What an attention is told besides its tokens and weights. */
export interface Attending {
  readonly heads: number;
  readonly memory?: FloatTensor | undefined;
  readonly mask?: BooleanTensor | undefined;
  readonly causal?: boolean | undefined;
}

/** The parts that models are made of; each takes and gives tensors of an inner unit. */
export interface Blocks {
  readonly attention: (
    x: FloatTensor,
    weights: AttentionWeights,
    how: Attending,
  ) => Promise<FloatTensor>;
  readonly feedForward: (
    x: FloatTensor,
    weights: FeedForwardWeights,
    activation: 'relu' | 'gelu',
  ) => Promise<FloatTensor>;
  readonly norm: (x: FloatTensor, weights: NormWeights, epsilon: number) => Promise<FloatTensor>;
  readonly add: (x: FloatTensor, y: FloatTensor) => FloatTensor;
}

/** Sound parts; their results are stored as the unit stores: give an inner one. */
export const blocksOf = (inner: Unit): Blocks => ({
  attention: async (input, weights, { causal = false, ...how }) =>
    (await multiHeadAttention(inner)({ input, ...weights, ...how, causal })).output,
  feedForward: async (input, weights, activation) =>
    (await feedForward(inner)({ input, ...weights, activation })).output,
  norm: async (input, weights, epsilon) =>
    (await layerNorm(inner)({ input, ...weights, epsilon })).output,
  add: (x, y) =>
    inner.store(
      x.shape,
      Array.from(x.data, (value, i) => inner.round(value + (y.data[i] ?? NaN))),
    ),
});

/** A sublayer of a layer, and the norm that belongs to it. */
export interface Sublayer {
  readonly compute: (x: FloatTensor) => Promise<FloatTensor>;
  readonly normalize: (x: FloatTensor) => Promise<FloatTensor>;
}

/** How a sublayer, its norm and the residual go together. */
export type Connection = (
  blocks: Blocks,
  x: FloatTensor,
  sublayer: Sublayer,
  norm: 'post' | 'pre',
) => Promise<FloatTensor>;

export const connected: Connection = async ({ add }, x, { compute, normalize }, norm) =>
  norm === 'post' ? normalize(add(x, await compute(x))) : add(x, await compute(await normalize(x)));

/** The weights of an encoder's layer, or of a decoder's. */
export interface LayerWeights extends EncoderLayerWeights {
  readonly crossAttention?: AttentionWeights;
  readonly crossAttentionNorm?: NormWeights;
}

/** What a layer is told besides its tokens and weights. */
export interface Layering extends Attending {
  readonly memoryMask?: BooleanTensor | undefined;
  readonly norm: 'post' | 'pre';
  readonly activation: 'relu' | 'gelu';
  readonly epsilon: number;
}

/** The sublayers of a layer in their order; attention to a memory where there are weights for it. */
export function sublayersOf(
  { attention, feedForward: transform, norm }: Blocks,
  weights: LayerWeights,
  { heads, mask, causal, memory, memoryMask, activation, epsilon }: Layering,
): readonly Sublayer[] {
  const { crossAttention, crossAttentionNorm } = weights;
  const normBy = (affine: NormWeights) => (x: FloatTensor) => norm(x, affine, epsilon);
  return [
    {
      compute: (x) => attention(x, weights.attention, { heads, mask, causal }),
      normalize: normBy(weights.attentionNorm),
    },
    ...(crossAttention === undefined || crossAttentionNorm === undefined
      ? []
      : [
          {
            compute: (x: FloatTensor) =>
              attention(x, crossAttention, { heads, memory, mask: memoryMask }),
            normalize: normBy(crossAttentionNorm),
          },
        ]),
    {
      compute: (x) => transform(x, weights.feedForward, activation),
      normalize: normBy(weights.feedForwardNorm),
    },
  ];
}

/** A sound layer made of parts, of how they are connected, and of what they are told. */
export async function layer(
  blocks: Blocks,
  x: FloatTensor,
  weights: LayerWeights,
  how: Layering,
  connect: Connection = connected,
): Promise<FloatTensor> {
  let y = x;
  for (const sublayer of sublayersOf(blocks, weights, how))
    y = await connect(blocks, y, sublayer, how.norm);
  return y;
}

/** What an inner unit holds, as the outer one stores it. */
export const stored = ({ store }: Unit, x: FloatTensor): FloatTensor =>
  store(x.shape, Array.from(x.data));
