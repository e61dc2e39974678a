import type { Arithmetic } from '../../spec/arithmetic.ts';
import type { Lifted } from '../../spec/component.ts';
import type { DecoderLayerWeights, EncoderLayerWeights } from '../../spec/models/weights.ts';
import { rowsOf, type BooleanTensor, type Grid } from '../../spec/tensor.ts';
import { multiHeadAttention } from '../attention/multiHeadAttention.ts';
import { added } from '../layers/addAndNorm.ts';
import { feedForward } from '../layers/feedForward.ts';
import { normalizedRows, type Affine } from '../layers/layerNorm.ts';
import { project } from '../layers/linear.ts';

/** norm(x + f(x)), or x + f(norm(x)). */
export function residual<N>(
  arithmetic: Arithmetic<N>,
  x: Grid<N>,
  { norm, ...affine }: Affine<N> & { readonly norm: 'post' | 'pre' },
  sublayer: (x: Grid<N>) => Grid<N>,
): Grid<N> {
  const normalize = (y: Grid<N>): Grid<N> => normalizedRows(arithmetic, y, affine);
  return norm === 'post'
    ? normalize(added(arithmetic, x, sublayer(x)))
    : added(arithmetic, x, sublayer(normalize(x)));
}

/** What a layer is told besides its tokens and weights. */
export interface Layering {
  readonly heads: number;
  readonly norm: 'post' | 'pre';
  readonly activation: 'relu' | 'gelu';
  readonly epsilon: number;
  readonly mask?: BooleanTensor | undefined;
  readonly causal: boolean;
}

/** Attention of the tokens to themselves, then the feed-forward: an encoder's layer, or a causal one of a decoder without memory. */
export function selfAttentionLayer<N>(
  arithmetic: Arithmetic<N>,
  tokens: Grid<N>,
  weights: Lifted<EncoderLayerWeights, N>,
  { heads, norm, activation, epsilon, mask, causal }: Layering,
): Grid<N> {
  const attended = residual(
    arithmetic,
    tokens,
    { ...weights.attentionNorm, epsilon, norm },
    (input) =>
      multiHeadAttention(arithmetic, { input, ...weights.attention, heads, mask, causal }).output,
  );
  return residual(
    arithmetic,
    attended,
    { ...weights.feedForwardNorm, epsilon, norm },
    (input) => feedForward(arithmetic, { input, ...weights.feedForward, activation }).output,
  );
}

/** The same with attention to a memory in between. */
export function crossAttentionLayer<N>(
  arithmetic: Arithmetic<N>,
  tokens: Grid<N>,
  memory: Grid<N>,
  weights: Lifted<DecoderLayerWeights, N>,
  {
    heads,
    norm,
    activation,
    epsilon,
    mask,
    memoryMask,
  }: Omit<Layering, 'causal'> & { readonly memoryMask?: BooleanTensor | undefined },
): Grid<N> {
  const { attention, crossAttention } = weights;
  const attended = residual(
    arithmetic,
    tokens,
    { ...weights.attentionNorm, epsilon, norm },
    (input) =>
      multiHeadAttention(arithmetic, { input, ...attention, heads, mask, causal: true }).output,
  );
  const informed = residual(
    arithmetic,
    attended,
    { ...weights.crossAttentionNorm, epsilon, norm },
    (input) =>
      multiHeadAttention(arithmetic, {
        input,
        memory,
        ...crossAttention,
        heads,
        mask: memoryMask,
        causal: false,
      }).output,
  );
  return residual(
    arithmetic,
    informed,
    { ...weights.feedForwardNorm, epsilon, norm },
    (input) => feedForward(arithmetic, { input, ...weights.feedForward, activation }).output,
  );
}

/** hidden · tableᵀ, without a bias. */
export function tiedLogits<N>(arithmetic: Arithmetic<N>, hidden: Grid<N>, table: Grid<N>): Grid<N> {
  const [vocabulary = 0, width = 0] = table.shape;
  const rows = rowsOf(table);
  const columns = Array.from({ length: width }, (_, d) =>
    rows.map((row) => row[d] ?? arithmetic.from(NaN)),
  );
  const transposed = { shape: [width, vocabulary], data: columns.flat() };
  return {
    shape: [...hidden.shape.slice(0, -1), vocabulary],
    data: project(arithmetic, rowsOf(hidden), transposed, undefined).flat(),
  };
}
