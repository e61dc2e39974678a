import type { Law } from '../component.ts';
import { differ, inapplicable, lastBlock, mapped, metamorphic, rearranged } from '../laws.ts';
import {
  rowsOf,
  tensor,
  type BooleanTensor,
  type Dtype,
  type FloatTensor,
  type Tensor,
} from '../tensor.ts';
import type {
  AttentionWeights,
  EncoderLayerWeights,
  FeedForwardWeights,
  NormWeights,
} from './weights.ts';

/** The last sequence of a batch as a batch of one. */
export const lastSequence = <D extends Dtype>(source: Tensor<D>): Tensor<D> => {
  const one = lastBlock(source, -2);
  return { ...one, shape: [1, ...one.shape] };
};

/** The part of a mask that is about the last sequence of the batch. */
export const lastMask = (mask: BooleanTensor | undefined): BooleanTensor | undefined =>
  mask?.shape.length === 3 ? lastSequence(mask) : mask;

/** Every sequence of [B, L, D] without its last token. */
export const withoutLast = <D extends Dtype>(source: Tensor<D>): Tensor<D> => {
  const [batch = 0, length = 0, width = 1] = source.shape;
  const kept = Math.max(0, length - 1) * width;
  return rearranged(
    source,
    [batch, Math.max(0, length - 1), ...source.shape.slice(2)],
    (i) => Math.floor(i / kept) * length * width + (i % kept),
  );
};

/** A mask that lets everything be attended to but the last of so many keys. */
export const lastMasked = (keys: number): BooleanTensor =>
  tensor(
    'bool',
    [1, keys],
    Array.from({ length: keys }, (_, j) => Number(j < keys - 1)),
  );

const zeros = (source: FloatTensor): FloatTensor => mapped(source, () => 0);

export const silencedAttention = (attention: AttentionWeights): AttentionWeights => ({
  ...attention,
  outputWeight: zeros(attention.outputWeight),
  outputBias: undefined,
});

const silencedFeedForward = (transform: FeedForwardWeights): FeedForwardWeights => ({
  ...transform,
  weight2: zeros(transform.weight2),
  bias2: zeros(transform.bias2),
});

/** Weights with which every sublayer gives zeros. */
export const silenced = <W extends EncoderLayerWeights>(weights: W): W => ({
  ...weights,
  attention: silencedAttention(weights.attention),
  feedForward: silencedFeedForward(weights.feedForward),
});

/** Numbers in double, each within `off` of the exact ones. */
interface Near {
  readonly row: readonly number[];
  readonly off: number;
}

const largest = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((most, x) => Math.max(most, Math.abs(x)), 0);

/**
 * A layer norm in double. Numbers x_i that are off by e have deviations that are off by δ = 2e + n 2^−50 max|x|, and as |c_i| s ≤ √n the quotient is
 * off by s δ (1 + √n) to first order; n in place of √n covers the second.
 */
function normalizedNear({ row, off }: Near, { gain, bias }: NormWeights, epsilon: number): Near {
  const count = row.length;
  const mean = row.reduce((sum, x) => sum + x, 0) / count;
  const deviations = row.map((x) => x - mean);
  const variance = deviations.reduce((sum, x) => sum + x * x, 0) / count;
  const scale = 1 / Math.sqrt(variance + epsilon);
  const values = deviations.map(
    (x, i) => x * scale * (gain.data[i] ?? NaN) + (bias.data[i] ?? NaN),
  );
  const moved = scale * (2 * off + count * 2 ** -50 * largest(row)) * (2 + count);
  return {
    row: values,
    off: moved * largest(gain.data) + 2 ** -48 * (largest(gain.data) + largest(bias.data)) * count,
  };
}

/** The law that where no sublayer gives anything, the tokens come out: as they are, or normalised as often as there are norms. */
export const isResidual =
  <
    I extends {
      readonly input: FloatTensor;
      readonly norm: 'post' | 'pre';
      readonly epsilon: number;
    },
    R,
  >(
    silence: (input: I) => I,
    norms: (input: I) => readonly NormWeights[],
  ): Law<I, I | R, { readonly output: FloatTensor }> =>
  async (input, run) => {
    const { output, slack } = await run(silence(input));
    const applied = input.norm === 'pre' ? [] : norms(input);
    const rows = rowsOf(input.input).map((row) =>
      applied.reduce<Near>((near, norm) => normalizedNear(near, norm, input.epsilon), {
        row,
        off: 0,
      }),
    );
    const width = input.input.shape.at(-1) ?? 1;
    return differ(
      output.output.data,
      rows.flatMap(({ row }) => row),
      (i) => (slack['output']?.[i] ?? 0) + (rows[Math.floor(i / width)]?.off ?? 0),
    );
  };

/** A law of an input into which something is put first. */
export const given =
  <I, R, O extends object>(
    prepare: (input: I) => I | undefined,
    relate: Parameters<typeof metamorphic<I, R, O>>[0],
  ): Law<I, I | R, O> =>
  async (input, run) => {
    const prepared = prepare(input);
    return prepared === undefined ? inapplicable : metamorphic<I, R, O>(relate)(prepared, run);
  };
