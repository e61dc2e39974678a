import fc from 'fast-check';
import { z } from 'zod';
import { component } from '../component.ts';
import { asBatch, firstTokens, sequences } from '../embedding/tokens.ts';
import { lastBlock, mapped, metamorphic, reversed } from '../laws.ts';
import { booleans, fields, floats, integers } from '../schema.ts';
import { tensor } from '../tensor.ts';
import { beyondTheBound, epsilonField, faultless, sizeFields } from './config.ts';
import {
  oddTranslation,
  padding,
  repeatedTranslation,
  shallowTranslation,
  smallTranslation as small,
  translationFaults,
  translations,
} from './encoderDecoderInputs.ts';
import { given, lastMasked } from './layerLaws.ts';
import { encoderDecoderSchema } from './weights.ts';
import { translationSizes } from './sizes.ts';

/**
 * m = encoder(√D · E[source] + P), logits = decoder(√D · E[target] + P, m) · Eᵀ, in layers of post-norm and relu.
 * One table for both sides and the output, which has no bias; it is scaled where it is looked up, not where it is multiplied by. P holds the sinusoidal
 * positions, counted from 0 on both sides and not scaled. Every decoder layer attends to the output of the last encoder layer. No norm follows the last
 * layer of either side. The targets come shifted already: the logits at t are about what follows the target at t.
 *
 * @example
 * encoderDecoder({ sourceIds: [[0]], targetIds: [[1]], weights: { tokenTable: [[1], [2]], encoder: [{ attention: { queryWeight: [[0]], keyWeight: [[0]], valueWeight: [[0]], outputWeight: [[0]] }, attentionNorm: { gain: [1], bias: [0] }, feedForward: { weight1: [[0]], bias1: [0], weight2: [[0]], bias2: [0] }, feedForwardNorm: { gain: [1], bias: [3] } }], decoder: [{ attention: { queryWeight: [[0]], keyWeight: [[0]], valueWeight: [[0]], outputWeight: [[0]] }, attentionNorm: { gain: [1], bias: [0] }, crossAttention: { queryWeight: [[0]], keyWeight: [[0]], valueWeight: [[1]], outputWeight: [[1]] }, crossAttentionNorm: { gain: [1], bias: [0] }, feedForward: { weight1: [[0]], bias1: [0], weight2: [[0]], bias2: [0] }, feedForwardNorm: { gain: [1], bias: [5] } }] }, config: { vocabulary: 2, width: 1, layers: 1, heads: 1, feedForwardWidth: 1 } }) // → { logits: [[[5, 10]]] }
 */
export const encoderDecoder = component({
  family: 'models',
  summary: 'The transformer of 2017: reads a source, and says what follows each target token.',
  formula: String.raw`m = \mathrm{enc}(\sqrt{D}\,E_{\mathrm{source}} + P),\quad \mathrm{logits} = \mathrm{dec}(\sqrt{D}\,E_{\mathrm{target}} + P,\; m)\,E^\top`,
  source:
    'Vaswani et al., Attention is all you need, 2017, §3 and figure 1; the shared table: §3.4',
  domain:
    'Any sizes; those of 2017 are 6 layers a side, a width of 512, 8 heads and 2048 in the feed-forward. Ids are below the vocabulary. The mask, true: a token, false: padding, hides source tokens from the encoder and from the decoder alike. Nothing of dropout and label smoothing, which are for training.',
  input: fields({
    sourceIds: integers('[B, S]', 'tokens that are read'),
    targetIds: integers('[B, T]', 'tokens that were written before, shifted right'),
    sourceMask: booleans('[B, S]', 'true: a token, false: padding').optional(),
    weights: encoderDecoderSchema.meta({ description: 'of both sides, and the shared table' }),
    config: z
      .strictObject({
        vocabulary: sizeFields.vocabulary,
        width: sizeFields.width,
        layers: sizeFields.layers,
        heads: sizeFields.heads,
        feedForwardWidth: sizeFields.feedForwardWidth,
        epsilon: epsilonField(1e-5),
      })
      .meta({ description: 'the sizes, which are those of the weights; layers a side' }),
  }).superRefine(faultless(translationFaults)),
  output: fields({ logits: floats('[B, T, V]', 'what is expected after each target token') }),
  arbitrary: (level) => translations(level),
  sized: translationSizes,
  invalid: {
    'a source id is V': fc.constant({ ...small, sourceIds: mapped(small.sourceIds, () => 7) }),
    'a target id is negative': fc.constant({
      ...small,
      targetIds: mapped(small.targetIds, () => -1),
    }),
    'the heads do not divide the width': fc.constant({
      ...small,
      config: { ...small.config, heads: 3 },
    }),
    'the configuration has another vocabulary': fc.constant({
      ...small,
      config: { ...small.config, vocabulary: 8 },
    }),
    'the decoder has another number of layers': fc.constant({
      ...small,
      weights: { ...small.weights, decoder: small.weights.decoder.slice(1) },
    }),
    'source and target are of different batches': fc.constant({
      ...small,
      targetIds: sequences([[0, 1]]),
    }),
    'the mask has another length than the source': fc.constant({
      ...small,
      sourceMask: tensor('bool', [2, 3], [1, 1, 1, 1, 1, 0]),
    }),
  },
  bound: 'composed',
  boundSource: `composed: the local errors of embedding, positions (spec/bounds/angle.ts), layers and output (spec/bounds/local.ts), carried to the logits by reference/arithmetics/deviating.ts; ${beyondTheBound}`,
  laws: {
    'does not see the targets that come after': metamorphic((input) =>
      (input.targetIds.shape[1] ?? 0) < 2
        ? undefined
        : {
            input: { ...input, targetIds: firstTokens(input.targetIds, -1) },
            output: (logits) => firstTokens(logits, -1),
          },
    ),
    'does not see padding': given(
      (input) => {
        const [batch = 0, length = 0] = input.sourceIds.shape;
        const { data } = lastMasked(length);
        return length < 2
          ? undefined
          : {
              ...input,
              sourceMask: tensor(
                'bool',
                [batch, length],
                Array.from({ length: batch }, () => Array.from(data)).flat(),
              ),
            };
      },
      (input) => ({
        input: { ...input, sourceIds: firstTokens(input.sourceIds, -1), sourceMask: undefined },
        output: (logits) => logits,
      }),
    ),
    'takes any token for padding': metamorphic((input) => {
      const { sourceMask } = input;
      if (sourceMask === undefined) return undefined;
      const sourceIds = mapped(input.sourceIds, (id, i) =>
        sourceMask.data[i] === 1 ? id : input.config.vocabulary - 1 - id,
      );
      return { input: { ...input, sourceIds }, output: (logits) => logits };
    }),
    'treats each pair of sequences by itself': metamorphic((input) =>
      (input.sourceIds.shape[0] ?? 0) < 2
        ? undefined
        : {
            input: {
              ...input,
              sourceIds: asBatch(lastBlock(input.sourceIds)),
              targetIds: asBatch(lastBlock(input.targetIds)),
              sourceMask: input.sourceMask && asBatch(lastBlock(input.sourceMask)),
            },
            output: (logits) => asBatch(lastBlock(logits, -2)),
          },
    ),
    'follows a new numbering of the tokens': metamorphic((input) => {
      const renamed = (id: number) => input.config.vocabulary - 1 - id;
      return {
        input: {
          ...input,
          sourceIds: mapped(input.sourceIds, renamed),
          targetIds: mapped(input.targetIds, renamed),
          weights: { ...input.weights, tokenTable: reversed(input.weights.tokenTable, -2) },
        },
        output: (logits) => reversed(logits),
      };
    }),
  },
  examples: [
    {
      id: 'two-layers',
      why: 'the memory of another layer, weights of one layer for all, or a scale left out',
      flags: ['ordinary', 'embedding-lookup-05'],
      input: { ...small },
    },
    {
      id: 'padded',
      why: 'padding seen by the encoder, by the decoder or by both',
      flags: ['padding', 'mask'],
      input: { ...small, sourceMask: padding },
    },
    {
      id: 'one-layer',
      why: 'positions counted from one, or put in two blocks of sines and cosines',
      flags: ['positional-sinusoidal-01', 'off-by-one'],
      input: { ...repeatedTranslation },
    },
    {
      id: 'odd-width',
      why: 'an odd width, whose last column of positions is a sine; epsilon built in',
      flags: ['positional-sinusoidal-02'],
      input: { ...oddTranslation },
    },
    {
      id: 'source-exchanged',
      why: 'source and target exchanged, or a decoder that never looks at its memory',
      flags: ['memory'],
      input: {
        ...shallowTranslation,
        sourceIds: shallowTranslation.targetIds,
        targetIds: shallowTranslation.sourceIds,
      },
    },
    {
      id: 'nothing-but-padding',
      why: 'a source that is all padding: the output bias of every attention to it',
      flags: ['empty-row'],
      input: {
        ...shallowTranslation,
        sourceMask: tensor('bool', [2, 3], [0, 0, 0, 1, 0, 1]),
      },
    },
  ],
});
