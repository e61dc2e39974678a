import fc from 'fast-check';
import { component } from '../component.ts';
import { metamorphic, reversed } from '../laws.ts';
import { booleans, fields, floats } from '../schema.ts';
import { tensor } from '../tensor.ts';
import { layerSequences } from './parts.ts';
import { beyondTheBound, epsilonField } from './config.ts';
import {
  biasChoices,
  chosenBiases,
  drawsAt,
  exampleDraws,
  exampleTokens,
  headsDivide,
  layerFields,
  layerShapes,
  mask,
  masksOf,
  notDivided,
  settingsOf,
  tokensOf,
} from './layerInputs.ts';
import {
  given,
  isResidual,
  lastMask,
  lastMasked,
  lastSequence,
  silenced,
  silencedAttention,
  withoutLast,
} from './layerLaws.ts';
import { randomDecoderLayer } from './randomWeights.ts';
import { decoderLayerSchema } from './weights.ts';
import { decoderLayerSizes } from './sizes.ts';

const weights = randomDecoderLayer(exampleDraws(23), { width: 4, feedForwardWidth: 6 });
const tokens = exampleTokens([2, 3, 4], 13);
const memory = exampleTokens([2, 5, 4], 3);
const layer = { input: tokens, memory, weights, heads: 2 };

/**
 * post: x₁ = norm(x + selfAttention(x)), x₂ = norm(x₁ + crossAttention(x₁, m)), y = norm(x₂ + ffn(x₂)).
 * pre: x₁ = x + selfAttention(norm(x)), x₂ = x₁ + crossAttention(norm(x₁), m), y = x₂ + ffn(norm(x₂)).
 * The self-attention is causal, the attention to the memory is not. Its queries are the tokens', its keys and values the memory's, which is taken as it
 * is: no norm of this layer is applied to it. pre has no final norm.
 *
 * @example
 * decoderLayer({ input: [[[1]]], memory: [[[7]]], weights: { attention: { queryWeight: [[1]], keyWeight: [[1]], valueWeight: [[3]], outputWeight: [[1]] }, attentionNorm: { gain: [1], bias: [2] }, crossAttention: { queryWeight: [[1]], keyWeight: [[1]], valueWeight: [[2]], outputWeight: [[1]] }, crossAttentionNorm: { gain: [1], bias: [0] }, feedForward: { weight1: [[1]], bias1: [1], weight2: [[5]], bias2: [0] }, feedForwardNorm: { gain: [1], bias: [1] } }, heads: 1, norm: 'pre' }) // → { output: [[[31]]] }
 */
export const decoderLayer = component({
  family: 'models',
  summary:
    'Causal attention, attention to a memory, then a feed-forward, each with residual and norm.',
  formula: String.raw`\text{post: } x_1 = \mathrm{norm}(x + \mathrm{attention}(x)),\; x_2 = \mathrm{norm}(x_1 + \mathrm{attention}(x_1, m)),\; y = \mathrm{norm}(x_2 + \mathrm{ffn}(x_2))`,
  source:
    'post: Vaswani et al., Attention is all you need, 2017, §3.1; pre: Xiong et al., On layer normalization in the transformer architecture, 2020, table 1',
  domain:
    'Finite numbers; heads divides the width. A token sees itself and what comes before it, and all of the memory. The masks, true: may attend, take away from that; they broadcast to [B, L, L] and [B, L, S].',
  input: fields({
    ...layerFields,
    memory: floats('[B, S, D]', 'what the cross-attention makes its keys and values of'),
    weights: decoderLayerSchema.meta({ description: 'of the three sublayers and their norms' }),
    mask: booleans('[B, L, L]', 'true: may attend, where it comes before; broadcasts', {
      broadcast: true,
    }).optional(),
    memoryMask: booleans('[B, L, S]', 'true: may attend to the memory; broadcasts', {
      broadcast: true,
    }).optional(),
    epsilon: epsilonField(1e-5),
  }).refine(headsDivide, notDivided),
  output: fields({ output: floats('[B, L, D]', 'one row a token') }),
  arbitrary: (level) =>
    fc
      .tuple(layerShapes(level), drawsAt(level), biasChoices, biasChoices)
      .chain(([shape, draws, biases, crossBiases]) => {
        const { batch, length, heads } = shape;
        const width = heads * shape.headWidth;
        const drawn = randomDecoderLayer(draws, { width, ...shape });
        return fc.record({
          input: tokensOf(level, [batch, length, width]),
          memory: tokensOf(level, [batch, shape.memory, width]),
          weights: fc.constant({
            ...drawn,
            attention: chosenBiases(drawn.attention, biases),
            crossAttention: chosenBiases(drawn.crossAttention, crossBiases),
          }),
          mask: masksOf(batch, length, length),
          memoryMask: masksOf(batch, length, shape.memory),
          ...settingsOf(heads),
        });
      }),
  sized: decoderLayerSizes,
  parts: layerSequences(),
  invalid: {
    'heads does not divide the width': fc.constant({ ...layer, heads: 3 }),
    'the memory has another width': fc.constant({
      ...layer,
      memory: exampleTokens([2, 5, 6], 3),
    }),
    'the memory has another batch': fc.constant({
      ...layer,
      memory: exampleTokens([3, 5, 4], 3),
    }),
    'the parts of the weights have different widths': fc.constant({
      ...layer,
      weights: {
        ...weights,
        crossAttentionNorm: {
          gain: tensor('float32', [3], [1, 1, 1]),
          bias: tensor('float32', [3], [0, 0, 0]),
        },
      },
    }),
    'the mask of the memory does not fit it': fc.constant({
      ...layer,
      memoryMask: mask([3, 3], new Array<number>(9).fill(1)),
    }),
  },
  bound: 'composed',
  boundSource: `composed: the local errors of both attentions, feed-forward, sums and norms (spec/bounds/local.ts), carried to the output by reference/arithmetics/deviating.ts; ${beyondTheBound}`,
  laws: {
    'treats each sequence by itself': metamorphic((input) =>
      (input.input.shape[0] ?? 0) < 2
        ? undefined
        : {
            input: {
              ...input,
              input: lastSequence(input.input),
              memory: lastSequence(input.memory),
              mask: lastMask(input.mask),
              memoryMask: lastMask(input.memoryMask),
            },
            output: lastSequence,
          },
    ),
    'does not see the tokens that come after': given(
      (input) => ({ ...input, mask: undefined, memoryMask: undefined }),
      (input) =>
        (input.input.shape[1] ?? 0) < 2
          ? undefined
          : { input: { ...input, input: withoutLast(input.input) }, output: withoutLast },
    ),
    'is unchanged by a permutation of the memory': given(
      (input) => ({ ...input, memoryMask: undefined }),
      (input) => ({
        input: { ...input, memory: reversed(input.memory, -2) },
        output: (y) => y,
      }),
    ),
    'is unchanged by a token of the memory that is masked': given(
      (input) => {
        const [, keys = 0] = input.memory.shape;
        return keys < 2 ? undefined : { ...input, memoryMask: lastMasked(keys) };
      },
      (input) => ({
        input: { ...input, memory: withoutLast(input.memory), memoryMask: undefined },
        output: (y) => y,
      }),
    ),
    'is its residual where its sublayers give nothing': isResidual(
      (input) => ({
        ...input,
        weights: {
          ...silenced(input.weights),
          crossAttention: silencedAttention(input.weights.crossAttention),
        },
      }),
      ({ weights: { attentionNorm, crossAttentionNorm, feedForwardNorm } }) => [
        attentionNorm,
        crossAttentionNorm,
        feedForwardNorm,
      ],
    ),
  },
  examples: [
    {
      id: 'post',
      why: 'a sublayer left out, or one connected otherwise than the others',
      flags: ['transformer-block-02', 'transformer-block-03'],
      input: { ...layer, norm: 'post' },
    },
    {
      id: 'pre',
      why: 'a residual that is normalised, or a memory that is',
      flags: ['transformer-block-01', 'transformer-block-05'],
      input: { ...layer, norm: 'pre' },
    },
    {
      id: 'as-long-as-its-memory',
      why: 'keys or values of the tokens instead of the memory, where the shapes do not tell',
      flags: ['attention-cross-03', 'memory'],
      input: { ...layer, memory: exampleTokens([2, 3, 4], 5), activation: 'gelu' },
    },
    {
      id: 'long-memory',
      why: 'a memory cut to a window, or to as many tokens as ask',
      flags: ['attention-cross-02', 'attention-cross-03'],
      input: {
        ...layer,
        input: exampleTokens([1, 2, 4], 3),
        memory: exampleTokens([1, 9, 4], 5),
        norm: 'pre',
      },
    },
    {
      id: 'memory-masked',
      why: 'the mask of the memory ignored, exchanged with the other, or that of another sequence',
      flags: ['mask', 'empty-row'],
      input: {
        ...layer,
        mask: mask([2, 1, 3], [0, 1, 1, 1, 0, 1]),
        memoryMask: mask([2, 1, 5], [1, 1, 0, 1, 0, 0, 0, 0, 0, 0]),
      },
    },
    {
      id: 'large-epsilon',
      why: 'epsilon in one norm only, or outside the root',
      flags: ['layer-norm-01'],
      input: { ...layer, norm: 'pre', activation: 'gelu', heads: 4, epsilon: 0.5 },
    },
    {
      id: 'without-biases',
      why: 'biases that are left out taken for something else than zeros',
      flags: ['bias'],
      input: {
        ...layer,
        weights: {
          ...weights,
          attention: chosenBiases(weights.attention, 0),
          crossAttention: chosenBiases(weights.crossAttention, 0),
        },
        heads: 1,
      },
    },
    {
      id: 'one-token',
      why: 'one token and a memory of one: every weight is 1',
      flags: ['one-element'],
      input: {
        ...layer,
        input: exampleTokens([1, 1, 4], 7),
        memory: exampleTokens([1, 1, 4], 11),
        norm: 'pre',
      },
    },
  ],
});
