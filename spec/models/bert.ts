import fc from 'fast-check';
import { z } from 'zod';
import { component } from '../component.ts';
import { asBatch, firstTokens } from '../embedding/tokens.ts';
import { booleanTensor } from '../generate.ts';
import { lastBlock, mapped, metamorphic, rearranged, reversed } from '../laws.ts';
import { booleans, fields, floats, integers, positiveInteger } from '../schema.ts';
import type { FloatTensor } from '../tensor.ts';
import { readSequences } from './parts.ts';
import { bertExamples, smallBert } from './bertExamples.ts';
import {
  beyondTheBound,
  epsilonField,
  faultless,
  idFault,
  modelFaults,
  sizeFault,
  sizeFields,
} from './config.ts';
import { below, biased, configOf, modelSizes, styles } from './modelInputs.ts';
import { batchOf, exchanged, keepsRows, lengthOf } from './modelLaws.ts';
import { randomBert } from './randomModels.ts';
import { bertSchema } from './weights.ts';
import { bertSizes } from './sizes.ts';

/** The first rows of a table in the opposite order. */
const firstReversed = (table: FloatTensor, count: number): FloatTensor => {
  const width = table.shape[1] ?? 0;
  return rearranged(table, table.shape, (i) => {
    const row = Math.floor(i / width);
    return row < count ? i + (count - 1 - 2 * row) * width : i;
  });
};

/**
 * x = norm(token + position + segment); for each layer x ← norm(x + attention(x)), x ← norm(x + feedForward(x)).
 * Encoder only: every token sees every token that is not masked; a masked one is seen by none, and its own row is computed all the same. Norms stand
 * after their sublayers. In a sequence that is masked as a whole every attention gives its output bias. gelu is the exact form, ε is 1e-12. The pooler, where there is
 * one, is for the hidden states to be put into, not part of them.
 *
 * @example
 * bert({ ids: [[1]], segments: [[0]], mask: [[true]], weights: { tokenTable: [[1, 1], [3, 1]], positionTable: [[2, 0]], segmentTable: [[0, 0], [9, 1]], embeddingNorm: { gain: [1, 1], bias: [0, 0] }, layers: [{ attention: { queryWeight: [[0, 0], [0, 0]], keyWeight: [[0, 0], [0, 0]], valueWeight: [[0, 0], [0, 0]], outputWeight: [[0, 0], [0, 0]] }, attentionNorm: { gain: [1, 1], bias: [0, 0] }, feedForward: { weight1: [[0], [0]], bias1: [0], weight2: [[0, 0]], bias2: [0, 0] }, feedForwardNorm: { gain: [2, 3], bias: [0, 1] } }] }, config: { vocabulary: 2, context: 1, width: 2, layers: 1, heads: 1, feedForwardWidth: 1, epsilon: 0 } }) // → { hidden: [[[2, -2]]] }
 */
export const bert = component({
  family: 'models',
  summary: 'An encoder-only transformer: what each token stands for among the others.',
  formula: String.raw`x^0 = \mathrm{norm}(E_{\mathrm{id}} + P + G_{\mathrm{seg}}),\quad y^\ell = \mathrm{norm}(x^{\ell-1} + \mathrm{attn}_\ell(x^{\ell-1})),\quad x^\ell = \mathrm{norm}(y^\ell + \mathrm{ffn}_\ell(y^\ell))`,
  source:
    'Devlin et al., BERT: Pre-training of Deep Bidirectional Transformers for Language Understanding, 2018, §3; the norm after the embeddings and ε = 1e-12: google-research/bert, modeling.py',
  domain:
    'Finite weights. Ids below the vocabulary, segments below their number, no more tokens than the context, heads that divide the width, and a configuration that agrees with the weights; anything else is rejected.',
  input: fields({
    ids: integers('[B, T]', 'tokens, from 0 to V − 1'),
    segments: integers('[B, T]', 'segments, from 0 to G − 1'),
    mask: booleans('[B, T]', 'true: may be attended to'),
    weights: bertSchema,
    config: z.strictObject({
      ...sizeFields,
      segments: positiveInteger('G, the kinds of segment').default(2),
      epsilon: epsilonField(1e-12),
    }),
  }).superRefine(
    faultless((input) => [
      ...modelFaults(input),
      ...sizeFault(
        input.config,
        'segments',
        input.weights.segmentTable.shape[0],
        'the rows of weights.segmentTable',
      ),
      ...idFault('segments', input.segments, input.weights.segmentTable),
    ]),
  ),
  output: fields({ hidden: floats('[B, T, D]', 'one row a token') }),
  arbitrary: (level) =>
    fc
      .tuple(modelSizes(level), styles(level), fc.constantFrom(2, 2, 1, 3), fc.boolean())
      .chain(([sizes, style, segments, pooler]) => {
        const config = { ...configOf(sizes), segments };
        const shape = [sizes.batch, sizes.length];
        const { deviation } = style;
        return fc.record({
          ids: below(sizes.vocabulary, shape),
          segments: below(segments, shape),
          mask: booleanTensor(shape),
          weights: fc.constant(
            biased(randomBert(style.draws, config, { deviation, pooler }), style.isBiased),
          ),
          config: fc.constantFrom(config, { ...config, epsilon: 1e-3 }),
        });
      }),
  sized: bertSizes,
  parts: readSequences(),
  invalid: {
    'an id is V': fc.constant({ ...smallBert, ids: mapped(smallBert.ids, () => 7) }),
    'a segment is G': fc.constant({ ...smallBert, segments: mapped(smallBert.ids, () => 2) }),
    'there are more tokens than the context': fc.constant({
      ...smallBert,
      ids: { dtype: 'int32', shape: [1, 6], data: [0, 1, 2, 3, 4, 5] },
      segments: { dtype: 'int32', shape: [1, 6], data: [0, 0, 0, 0, 0, 0] },
      mask: { dtype: 'bool', shape: [1, 6], data: [1, 1, 1, 1, 1, 1] },
    }),
    'the mask has another length': fc.constant({
      ...smallBert,
      mask: { dtype: 'bool', shape: [1, 2], data: [1, 1] },
    }),
    'the heads do not divide the width': fc.constant({
      ...smallBert,
      config: { ...smallBert.config, heads: 3 },
    }),
    'the configuration has another width': fc.constant({
      ...smallBert,
      config: { ...smallBert.config, width: 6 },
    }),
    'the configuration has another number of segments': fc.constant({
      ...smallBert,
      config: { ...smallBert.config, segments: 3 },
    }),
  },
  bound: 'composed',
  boundSource: `composed: the local errors of the embedding, the norms, the linear maps, the attention, gelu and the residual sums (spec/bounds/local.ts), carried to the hidden states by reference/arithmetics/deviating.ts; ${beyondTheBound}`,
  laws: {
    'is unchanged by what stands where the mask is false': keepsRows('hidden', (input) => {
      const isMasked = (_token: number, at: number) => input.mask.data[at] === 0;
      return input.config.vocabulary < 2 || Array.from(input.mask.data).every(Boolean)
        ? undefined
        : {
            input: { ...input, ids: exchanged(input, isMasked) },
            isSeen: (token, at) => !isMasked(token, at),
          };
    }),
    'begins as one that is padded': metamorphic((input) => {
      const last = lengthOf(input) - 1;
      const isPadded = Array.from(
        { length: batchOf(input) },
        (_, b) => input.mask.data[b * (last + 1) + last] === 0,
      );
      return last < 1 || !isPadded.every(Boolean)
        ? undefined
        : {
            input: {
              ...input,
              ids: firstTokens(input.ids, -1),
              segments: firstTokens(input.segments, -1),
              mask: firstTokens(input.mask, -1),
            },
            output: (hidden) => firstTokens(hidden, -1),
          };
    }),
    'treats each sequence by itself': metamorphic((input) =>
      batchOf(input) < 2
        ? undefined
        : {
            input: {
              ...input,
              ids: asBatch(lastBlock(input.ids)),
              segments: asBatch(lastBlock(input.segments)),
              mask: asBatch(lastBlock(input.mask)),
            },
            output: (hidden) => asBatch(lastBlock(hidden, -2)),
          },
    ),
    'follows a permutation of the tokens together with their positions': metamorphic((input) => {
      const { weights } = input;
      const positionTable = firstReversed(weights.positionTable, lengthOf(input));
      return {
        input: {
          ...input,
          ids: reversed(input.ids),
          segments: reversed(input.segments),
          mask: reversed(input.mask),
          weights: { ...weights, positionTable },
        },
        output: (hidden) => reversed(hidden, -2),
      };
    }),
  },
  examples: bertExamples,
});
