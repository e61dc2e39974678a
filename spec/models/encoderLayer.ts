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
  withoutLast,
} from './layerLaws.ts';
import { randomEncoderLayer } from './randomWeights.ts';
import { encoderLayerSchema } from './weights.ts';
import { encoderLayerSizes } from './sizes.ts';

const weights = randomEncoderLayer(exampleDraws(11), { width: 4, feedForwardWidth: 6 });
const tokens = exampleTokens([2, 3, 4], 13);
const layer = { input: tokens, weights, heads: 2 };

/**
 * post: x₁ = norm(x + attention(x)), y = norm(x₁ + ffn(x₁)). pre: x₁ = x + attention(norm(x)), y = x₁ + ffn(norm(x₁)).
 * The residual is what the sublayer's branch starts from: in post the normalised x₁, in pre x itself and never its norm. The layer of pre has no final
 * norm: a stack of such layers needs one after its last. A token that may attend to nothing adds the attention's output bias alone.
 *
 * @example
 * encoderLayer({ input: [[[1]]], weights: { attention: { queryWeight: [[1]], keyWeight: [[1]], valueWeight: [[3]], outputWeight: [[1]] }, attentionNorm: { gain: [1], bias: [2] }, feedForward: { weight1: [[1]], bias1: [1], weight2: [[5]], bias2: [0] }, feedForwardNorm: { gain: [1], bias: [1] } }, heads: 1, norm: 'pre' }) // → { output: [[[17]]] }
 */
export const encoderLayer = component({
  family: 'models',
  summary: 'Attention of all tokens to all, then a feed-forward, each with residual and norm.',
  formula: String.raw`\text{post: } x_1 = \mathrm{norm}(x + \mathrm{attention}(x)),\; y = \mathrm{norm}(x_1 + \mathrm{ffn}(x_1))\quad \text{pre: } x_1 = x + \mathrm{attention}(\mathrm{norm}(x)),\; y = x_1 + \mathrm{ffn}(\mathrm{norm}(x_1))`,
  source:
    'post: Vaswani et al., Attention is all you need, 2017, §3.1; pre: Xiong et al., On layer normalization in the transformer architecture, 2020, table 1',
  domain:
    'Finite numbers; heads divides the width. The mask broadcasts to [B, L, L], true: may attend. Nothing is masked without one: every token sees every other.',
  input: fields({
    ...layerFields,
    weights: encoderLayerSchema.meta({ description: 'of both sublayers and their norms' }),
    mask: booleans('[B, L, L]', 'true: may attend; broadcasts', { broadcast: true }).optional(),
    epsilon: epsilonField(1e-5),
  }).refine(headsDivide, notDivided),
  output: fields({ output: floats('[B, L, D]', 'one row a token') }),
  arbitrary: (level) =>
    fc
      .tuple(layerShapes(level), drawsAt(level), biasChoices)
      .chain(([{ batch, length, heads, headWidth, feedForwardWidth }, draws, biases]) => {
        const width = heads * headWidth;
        const drawn = randomEncoderLayer(draws, { width, feedForwardWidth });
        return fc.record({
          input: tokensOf(level, [batch, length, width]),
          weights: fc.constant({ ...drawn, attention: chosenBiases(drawn.attention, biases) }),
          mask: masksOf(batch, length, length),
          ...settingsOf(heads),
        });
      }),
  sized: encoderLayerSizes,
  parts: layerSequences(),
  invalid: {
    'heads does not divide the width': fc.constant({ ...layer, heads: 3 }),
    'the input has another width than the weights': fc.constant({
      ...layer,
      input: exampleTokens([2, 3, 6], 5),
    }),
    'the parts of the weights have different widths': fc.constant({
      ...layer,
      weights: {
        ...weights,
        feedForwardNorm: {
          gain: tensor('float32', [3], [1, 1, 1]),
          bias: tensor('float32', [3], [0, 0, 0]),
        },
      },
    }),
    'the mask does not fit the length': fc.constant({
      ...layer,
      mask: mask([2, 2], [1, 1, 1, 1]),
    }),
  },
  bound: 'composed',
  boundSource: `composed: the local errors of attention, feed-forward, sums and norms (spec/bounds/local.ts), carried to the output by reference/arithmetics/deviating.ts; ${beyondTheBound}`,
  laws: {
    'treats each sequence by itself': metamorphic((input) =>
      (input.input.shape[0] ?? 0) < 2
        ? undefined
        : {
            input: { ...input, input: lastSequence(input.input), mask: lastMask(input.mask) },
            output: lastSequence,
          },
    ),
    'follows a permutation of the tokens': given(
      (input) => ({ ...input, mask: undefined }),
      (input) => ({
        input: { ...input, input: reversed(input.input, -2) },
        output: (y) => reversed(y, -2),
      }),
    ),
    'is unchanged by a token that is masked': given(
      (input) => {
        const [, length = 0] = input.input.shape;
        return length < 2 ? undefined : { ...input, mask: lastMasked(length) };
      },
      (input) => ({
        input: { ...input, input: withoutLast(input.input), mask: undefined },
        output: withoutLast,
      }),
    ),
    'is its residual where its sublayers give nothing': isResidual(
      (input) => ({ ...input, weights: silenced(input.weights) }),
      ({ weights: { attentionNorm, feedForwardNorm } }) => [attentionNorm, feedForwardNorm],
    ),
  },
  examples: [
    {
      id: 'post',
      why: 'the norm before the sublayer; a residual from before the first norm',
      flags: ['transformer-block-02', 'transformer-block-03'],
      input: { ...layer, norm: 'post' },
    },
    {
      id: 'pre',
      why: 'a norm of the sum, or a residual that is normalised',
      flags: ['transformer-block-01', 'transformer-block-05'],
      input: { ...layer, norm: 'pre' },
    },
    {
      id: 'masked',
      why: 'the mask ignored, or that of another sequence; a token that may attend to nothing',
      flags: ['mask', 'empty-row'],
      input: {
        ...layer,
        mask: mask([2, 3, 3], [1, 0, 1, 0, 1, 1, 0, 0, 0, 1, 1, 0, 1, 0, 0, 1, 1, 1]),
      },
    },
    {
      id: 'gelu',
      why: 'relu where gelu is asked for, or its tanh form',
      flags: ['ffn-activation-02'],
      input: { ...layer, norm: 'pre', activation: 'gelu', heads: 4 },
    },
    {
      id: 'large-epsilon',
      why: 'epsilon in one norm only, or outside the root',
      flags: ['layer-norm-01'],
      input: { ...layer, input: exampleTokens([1, 2, 4], 3), epsilon: 0.5 },
    },
    {
      id: 'without-biases',
      why: 'biases that are left out taken for something else than zeros',
      flags: ['bias'],
      input: { ...layer, weights: { ...weights, attention: chosenBiases(weights.attention, 0) } },
    },
    {
      id: 'one-token',
      why: 'one token, which attends to itself with all its weight',
      flags: ['one-element'],
      input: { ...layer, input: exampleTokens([1, 1, 4], 7), norm: 'pre', heads: 1 },
    },
    {
      id: 'large-tokens',
      why: 'a residual that is normalised or left out, where the tokens are far larger than what is added',
      flags: ['transformer-block-01'],
      input: {
        ...layer,
        input: tensor('float32', [1, 2, 4], [40, -8, 16, 64, -32, 24, 8, 48]),
        norm: 'pre',
        activation: 'gelu',
      },
    },
  ],
});
