import fc from 'fast-check';
import { z } from 'zod';
import { component } from '../component.ts';
import { rowParts } from '../partsOf.ts';
import { asBatch, firstTokens } from '../embedding/tokens.ts';
import { lastBlock, mapped, metamorphic, reversed } from '../laws.ts';
import { fields, floats, integers } from '../schema.ts';
import { beyondTheBound, epsilonField, faultless, modelFaults, sizeFields } from './config.ts';
import { gptExamples, smallGpt } from './gptExamples.ts';
import { below, biased, configOf, modelSizes, styles } from './modelInputs.ts';
import { batchOf, exchanged, keepsRows, lengthOf } from './modelLaws.ts';
import { randomGpt } from './randomModels.ts';
import { gptSchema } from './weights.ts';
import { gptSizes } from './sizes.ts';

/**
 * x = token + position; for each layer x ← x + attention(norm(x)), x ← x + feedForward(norm(x)); logits = norm(x) · tokenTableᵀ.
 * Decoder only: no token sees one after it. Norms stand before their sublayers, and one more before the output, which is the token table again, without
 * a bias. gelu is the exact form. A sequence may be as long as the context.
 *
 * @example
 * gpt({ ids: [[0]], weights: { tokenTable: [[0, 1], [2, 2]], positionTable: [[1, 0]], layers: [{ attention: { queryWeight: [[0, 0], [0, 0]], keyWeight: [[0, 0], [0, 0]], valueWeight: [[0, 0], [0, 0]], outputWeight: [[0, 0], [0, 0]] }, attentionNorm: { gain: [1, 1], bias: [0, 0] }, feedForward: { weight1: [[0], [0]], bias1: [0], weight2: [[0, 0]], bias2: [0, 0] }, feedForwardNorm: { gain: [1, 1], bias: [0, 0] } }], norm: { gain: [1, 1], bias: [3, 5] } }, config: { vocabulary: 2, context: 1, width: 2, layers: 1, heads: 1, feedForwardWidth: 1 } }) // → { logits: [[[5, 16]]] }
 */
export const gpt = component({
  family: 'models',
  summary: 'A decoder-only transformer: what it expects after each token.',
  formula: String.raw`x^0 = E_{\mathrm{id}} + P,\quad y^\ell = x^{\ell-1} + \mathrm{attn}_\ell(\mathrm{norm}(x^{\ell-1})),\quad x^\ell = y^\ell + \mathrm{ffn}_\ell(\mathrm{norm}(y^\ell)),\quad \mathrm{logits} = \mathrm{norm}(x^L)\,E^\top`,
  source:
    'Radford et al., Language Models are Unsupervised Multitask Learners, 2019, §2.3 (norms moved to the input of each sub-block, one more at the end); the tied output: Press & Wolf, Using the output embedding to improve language models, 2017',
  domain:
    'Finite weights. Ids below the vocabulary, no more tokens than the context, heads that divide the width, and a configuration that agrees with the weights; anything else is rejected.',
  input: fields({
    ids: integers('[B, T]', 'tokens, from 0 to V − 1'),
    weights: gptSchema,
    config: z.strictObject({ ...sizeFields, epsilon: epsilonField(1e-5) }),
  }).superRefine(faultless(modelFaults)),
  output: fields({ logits: floats('[B, T, V]', 'what is expected after each token') }),
  arbitrary: (level) =>
    fc.tuple(modelSizes(level), styles(level)).chain(([sizes, style]) => {
      const config = configOf(sizes);
      return fc.record({
        ids: below(sizes.vocabulary, [sizes.batch, sizes.length]),
        weights: fc.constant(
          biased(randomGpt(style.draws, config, style.deviation), style.isBiased),
        ),
        config: fc.constantFrom(config, { ...config, epsilon: 1e-3 }),
      });
    }),
  sized: gptSizes,
  parts: rowParts({
    unit: 'sequence',
    cut: { ids: 1 },
    outputs: ({ ids, config }) => ({ logits: [...ids.shape.slice(-1), config.vocabulary] }),
    work: ({ ids, config }) => 400 * (ids.shape[1] ?? 1) * config.layers * config.width ** 2,
  }),
  invalid: {
    'an id is V': fc.constant({ ...smallGpt, ids: mapped(smallGpt.ids, () => 7) }),
    'an id is negative': fc.constant({ ...smallGpt, ids: mapped(smallGpt.ids, () => -1) }),
    'there are more tokens than the context': fc.constant({
      ...smallGpt,
      ids: { ...smallGpt.ids, shape: [1, 6], data: [0, 1, 2, 3, 4, 5] },
    }),
    'the heads do not divide the width': fc.constant({
      ...smallGpt,
      config: { ...smallGpt.config, heads: 3 },
    }),
    'the configuration has another vocabulary': fc.constant({
      ...smallGpt,
      config: { ...smallGpt.config, vocabulary: 8 },
    }),
    'the configuration has another number of layers': fc.constant({
      ...smallGpt,
      config: { ...smallGpt.config, layers: 3 },
    }),
    'a weight has another shape': fc.constant({
      ...smallGpt,
      weights: {
        ...smallGpt.weights,
        norm: { ...smallGpt.weights.norm, gain: { dtype: 'float32', shape: [3], data: [1, 2, 3] } },
      },
    }),
  },
  bound: 'composed',
  boundSource: `composed: the local errors of the embedding, the norms, the linear maps, the attention, gelu and the residual sums (spec/bounds/local.ts), carried to the logits by reference/arithmetics/deviating.ts; ${beyondTheBound}`,
  laws: {
    'sees no token after it': keepsRows('logits', (input) => {
      const from = Math.ceil(lengthOf(input) / 2);
      return lengthOf(input) < 2 || input.config.vocabulary < 2
        ? undefined
        : {
            input: { ...input, ids: exchanged(input, (t) => t >= from) },
            isSeen: (t) => t < from,
          };
    }),
    'begins as one that is longer': metamorphic((input) =>
      lengthOf(input) < 2
        ? undefined
        : {
            input: { ...input, ids: firstTokens(input.ids, -1) },
            output: (logits) => firstTokens(logits, -1),
          },
    ),
    'treats each sequence by itself': metamorphic((input) =>
      batchOf(input) < 2
        ? undefined
        : {
            input: { ...input, ids: asBatch(lastBlock(input.ids)) },
            output: (logits) => asBatch(lastBlock(logits, -2)),
          },
    ),
    'follows a new numbering of the tokens': metamorphic((input) => ({
      input: {
        ...input,
        ids: mapped(input.ids, (id) => input.config.vocabulary - 1 - id),
        weights: { ...input.weights, tokenTable: reversed(input.weights.tokenTable, -2) },
      },
      output: (logits) => reversed(logits),
    })),
  },
  examples: gptExamples,
});
