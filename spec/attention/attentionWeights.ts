import fc from 'fast-check';
import { readAll } from '../arithmetic.ts';
import { castShares } from '../bounds/cast.ts';
import { probabilitySlacks } from '../bounds/weights.ts';
import { component } from '../component.ts';
import { queryParts } from './parts.ts';
import { blockCount, lastBlock, metamorphic, reversed } from '../laws.ts';
import { fields, floats } from '../schema.ts';
import { attentionExamples, invalidAttention } from './examples.ts';
import {
  attentionElements,
  attentionFields,
  attentionSizes,
  keys,
  masks,
  queries,
  scales,
} from './inputs.ts';
import { attentionRows, geometryOf } from './rows.ts';
import { catWeighs } from './worked.ts';
import { unevenWeights } from './necessary.ts';
import { weighed } from './sizes.ts';

/**
 * attentionWeights(Q, K) = softmax(Q Kᵀ / √D): how much each query takes of each key. A masked key has weight 0 exactly.
 *
 * @example
 * attentionWeights({ query: [[1]], key: [[0], [0]] }) // → { weights: [[0.5, 0.5]] }
 */
export const attentionWeights = component({
  family: 'attention',
  summary: 'How much each query takes of each key.',
  formula: String.raw`W = \mathrm{softmax}\!\left(\frac{Q K^\top}{\sqrt{D}} + M\right)`,
  source: 'Vaswani et al., Attention is all you need, 2017, eq. 1 without the values',
  domain:
    'Finite queries and keys. Width ≥ 1. A query that may attend to nothing gives zeros, or NaN by option (emptyRow).',
  input: fields(attentionFields),
  output: fields({ weights: floats('[..., Lq, Lk]', 'each row sums to 1, or is empty') }),
  arbitrary: (level) =>
    fc.tuple(attentionSizes(level), attentionElements(level)).chain(([sizes, element]) =>
      fc.record({
        query: queries(sizes, element),
        key: keys(sizes, element),
        mask: masks(sizes),
        causal: fc.boolean(),
        scale: scales,
      }),
    ),
  sized: weighed,
  parts: queryParts([], ({ key }) => ['weights', key.shape.at(-2) ?? 0]),
  necessary: unevenWeights,
  invalid: invalidAttention({}),
  bound: (a, { input, rounding }) => {
    const { keyLength } = geometryOf(input);
    return {
      weights: attentionRows(a, rounding, input, ({ keys: own, weights }) => {
        const isUnknown = own.length > 0 && weights.total === Infinity;
        const full = new Float64Array(keyLength).fill(isUnknown ? Infinity : 0);
        const errors = castShares(rounding, weights, probabilitySlacks(rounding, weights));
        for (const [rank, error] of errors.entries()) full[own[rank] ?? 0] = error;
        return readAll(a, full);
      }),
    };
  },
  boundSource:
    'spec/bounds/weights.ts with the errors of the scores, spec/bounds/attention.ts and spec/bounds/dot.ts',
  laws: {
    'follows a permutation of the queries': metamorphic((input) =>
      input.mask !== undefined || input.causal
        ? undefined
        : { input: { ...input, query: reversed(input.query, -2) }, output: (w) => reversed(w, -2) },
    ),
    'follows a permutation of the keys': metamorphic((input) =>
      input.mask !== undefined || input.causal
        ? undefined
        : { input: { ...input, key: reversed(input.key, -2) }, output: (w) => reversed(w) },
    ),
    'is unchanged by a permutation of the width': metamorphic((input) => ({
      input: { ...input, query: reversed(input.query), key: reversed(input.key) },
      output: (w) => w,
    })),
    'treats each block by itself': metamorphic((input) =>
      blockCount(input.query, -2) < 2 || input.mask !== undefined
        ? undefined
        : {
            input: { ...input, query: lastBlock(input.query, -2), key: lastBlock(input.key, -2) },
            output: (w) => lastBlock(w, -2),
          },
    ),
  },
  worked: [catWeighs],
  examples: attentionExamples(() => ({})),
});
