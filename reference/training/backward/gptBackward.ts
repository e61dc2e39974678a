import type { Arithmetic } from '../../../spec/arithmetic.ts';
import type { Lifted } from '../../../spec/component.ts';
import type { ModelSizes } from '../../../spec/models/config.ts';
import type {
  AttentionWeights,
  EncoderLayerWeights,
  GptWeights,
} from '../../../spec/models/weights.ts';
import { rowsOf, type Grid, type IntegerTensor } from '../../../spec/tensor.ts';
import { attendAll } from '../../attention/attend.ts';
import { inputEmbedding } from '../../embedding/inputEmbedding.ts';
import { added } from '../../layers/addAndNorm.ts';
import { feedForward } from '../../layers/feedForward.ts';
import { normalizedRows } from '../../layers/layerNorm.ts';
import { project } from '../../layers/linear.ts';
import { tiedLogits } from '../../models/blocks.ts';
import type { Reference } from '../../reference.ts';
import { attentionGradient } from '../attentionGradient.ts';
import { feedForwardGradient } from '../feedForwardGradient.ts';
import { layerNormGradient } from '../layerNormGradient.ts';
import { linearGradient } from '../linearGradient.ts';
import { lookedUp, summed } from './sums.ts';

/** What a pass forward leaves for the pass back, and the pass back: from the gradient of what came out to that of what went in, and of the weights. */
interface Passed<N, W> {
  readonly output: Grid<N>;
  readonly back: (gradient: Grid<N>) => { readonly input: Grid<N>; readonly weights: W };
}

const inParts = <I, O>(component: Reference<I, O>) => component.closedForm ?? component;

/** [B, L, H · E] as [B, H, L, E], or the other way round: the two inner axes exchanged. */
function exchanged<N>(
  { shape, data }: Grid<N>,
  [batch, outer, inner, width]: readonly [number, number, number, number],
  as: readonly number[],
): Grid<N> {
  const rows = rowsOf({ shape: [batch * outer * inner, width], data });
  const moved = Array.from({ length: batch * inner * outer }, (_, i) => {
    const block = Math.floor(i / (inner * outer));
    const [j, k] = [Math.floor(i / outer) % inner, i % outer];
    return rows[(block * outer + k) * inner + j] ?? [];
  });
  return { shape: as.length === 0 ? shape : as, data: moved.flat() };
}

type Projections = 'queryWeight' | 'keyWeight' | 'valueWeight' | 'outputWeight';

/** Multi-head self-attention, causal. */
function attentionPass<N>(
  arithmetic: Arithmetic<N>,
  input: Grid<N>,
  weights: Lifted<AttentionWeights, N>,
  heads: number,
): Passed<N, Lifted<AttentionWeights, N>> {
  const [batch = 0, length = 0, width = 0] = input.shape;
  const inner = width / heads;
  const split = (tokens: Grid<N>) =>
    exchanged(tokens, [batch, length, heads, inner], [batch, heads, length, inner]);
  const merged = (parts: Grid<N>) =>
    exchanged(parts, [batch, heads, length, inner], [batch, length, width]);
  const linear = (tokens: Grid<N>, weight: Grid<N>, bias: Grid<N> | undefined) => ({
    shape: tokens.shape,
    data: project(arithmetic, rowsOf(tokens), weight, bias).flat(),
  });
  const query = split(linear(input, weights.queryWeight, weights.queryBias));
  const key = split(linear(input, weights.keyWeight, weights.keyBias));
  const value = split(linear(input, weights.valueWeight, weights.valueBias));
  const how = { causal: true, alignment: 'bottomRight' } as const;
  const mixed = merged(attendAll(arithmetic, { query, key, value, ...how, emptyRow: 'zero' }));
  const through = (
    tokens: Grid<N>,
    name: Projections,
    bias: Grid<N> | undefined,
    gradient: Grid<N>,
  ) =>
    inParts(linearGradient)(arithmetic, {
      input: tokens,
      weight: weights[name],
      bias,
      outputGradient: gradient,
    });
  return {
    output: linear(mixed, weights.outputWeight, weights.outputBias),
    back: (gradient) => {
      const out = through(mixed, 'outputWeight', weights.outputBias, gradient);
      const ofHeads = inParts(attentionGradient)(arithmetic, {
        query,
        key,
        value,
        ...how,
        outputGradient: split(out.inputGradient),
      });
      const q = through(input, 'queryWeight', weights.queryBias, merged(ofHeads.queryGradient));
      const k = through(input, 'keyWeight', weights.keyBias, merged(ofHeads.keyGradient));
      const v = through(input, 'valueWeight', weights.valueBias, merged(ofHeads.valueGradient));
      return {
        input: summed(arithmetic, [q.inputGradient, k.inputGradient, v.inputGradient]),
        weights: {
          queryWeight: q.weightGradient,
          keyWeight: k.weightGradient,
          valueWeight: v.weightGradient,
          outputWeight: out.weightGradient,
          queryBias: q.biasGradient,
          keyBias: k.biasGradient,
          valueBias: v.biasGradient,
          outputBias: out.biasGradient,
        },
      };
    },
  };
}

/** x + f(norm(x)) with f the attention, or the feed-forward. */
function layerPass<N>(
  arithmetic: Arithmetic<N>,
  input: Grid<N>,
  weights: Lifted<EncoderLayerWeights, N>,
  { heads, epsilon }: { readonly heads: number; readonly epsilon: number },
): Passed<N, Lifted<EncoderLayerWeights, N>> {
  const { attentionNorm, feedForwardNorm } = weights;
  const attended = attentionPass(
    arithmetic,
    normalizedRows(arithmetic, input, { ...attentionNorm, epsilon }),
    weights.attention,
    heads,
  );
  const between = added(arithmetic, input, attended.output);
  const normal = normalizedRows(arithmetic, between, { ...feedForwardNorm, epsilon });
  const given = { input: normal, ...weights.feedForward, activation: 'gelu' as const };
  const transformed = feedForward(arithmetic, given).output;
  const throughNorm = (x: Grid<N>, norm: typeof attentionNorm, outputGradient: Grid<N>) =>
    inParts(layerNormGradient)(arithmetic, { input: x, ...norm, epsilon, outputGradient });
  return {
    output: added(arithmetic, between, transformed),
    back: (gradient) => {
      const inner = inParts(feedForwardGradient)(arithmetic, {
        ...given,
        outputGradient: gradient,
      });
      const norm2 = throughNorm(between, feedForwardNorm, inner.inputGradient);
      const ofBetween = summed(arithmetic, [gradient, norm2.inputGradient]);
      const attention = attended.back(ofBetween);
      const norm1 = throughNorm(input, attentionNorm, attention.input);
      return {
        input: summed(arithmetic, [ofBetween, norm1.inputGradient]),
        weights: {
          attention: attention.weights,
          attentionNorm: { gain: norm1.gainGradient, bias: norm1.biasGradient },
          feedForward: {
            weight1: inner.weight1Gradient,
            bias1: inner.bias1Gradient,
            weight2: inner.weight2Gradient,
            bias2: inner.bias2Gradient,
          },
          feedForwardNorm: { gain: norm2.gainGradient, bias: norm2.biasGradient },
        },
      };
    },
  };
}

/** The columns of a matrix as its rows. */
const transposed = <N>({ shape, data }: Grid<N>): Grid<N> => {
  const [rows = 0, columns = 0] = shape;
  const order = Array.from(
    { length: rows * columns },
    (_, i) => (i % rows) * columns + Math.floor(i / rows),
  );
  return { shape: [columns, rows], data: order.flatMap((i) => data.slice(i, i + 1)) };
};

/** A gpt forwards, and back to the gradients of all of its weights: the token table has two, which add up. */
export function gptPass<N>(
  arithmetic: Arithmetic<N>,
  ids: IntegerTensor,
  weights: Lifted<GptWeights, N>,
  config: ModelSizes & { readonly epsilon: number },
): { readonly logits: Grid<N>; readonly back: (gradient: Grid<N>) => Lifted<GptWeights, N> } {
  const { tokenTable, positionTable, norm } = weights;
  const { epsilon } = config;
  const embedded = inputEmbedding(arithmetic, { tokenTable, positionTable, ids, scale: 1 }).output;
  const layers: Passed<N, Lifted<EncoderLayerWeights, N>>[] = [];
  let hidden = embedded;
  for (const layer of weights.layers) {
    const passed = layerPass(arithmetic, hidden, layer, config);
    layers.push(passed);
    hidden = passed.output;
  }
  const last = hidden;
  const final = normalizedRows(arithmetic, last, { ...norm, epsilon });
  return {
    logits: tiedLogits(arithmetic, final, tokenTable),
    back: (gradient) => {
      const output = inParts(linearGradient)(arithmetic, {
        input: final,
        weight: transposed(tokenTable),
        bias: undefined,
        outputGradient: gradient,
      });
      const outputNorm = inParts(layerNormGradient)(arithmetic, {
        input: last,
        ...norm,
        epsilon,
        outputGradient: output.inputGradient,
      });
      let ofHidden = outputNorm.inputGradient;
      const ofLayers = layers.toReversed().map(({ back }) => {
        const { input, weights: own } = back(ofHidden);
        ofHidden = input;
        return own;
      });
      const looked = lookedUp(arithmetic, tokenTable, ids, ofHidden);
      return {
        tokenTable: summed(arithmetic, [looked.tokens, transposed(output.weightGradient)]),
        positionTable: lookedUp(arithmetic, positionTable, looked.positions, ofHidden).tokens,
        layers: ofLayers.toReversed(),
        norm: { gain: outputNorm.gainGradient, bias: outputNorm.biasGradient },
      };
    },
  };
}
