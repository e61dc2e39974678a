import fc from 'fast-check';
import { component } from '../component.ts';
import { queryParts } from './parts.ts';
import { blockCount, lastBlock, metamorphic, reversed } from '../laws.ts';
import { fields, floats } from '../schema.ts';
import { tensor } from '../tensor.ts';
import { attentionExamples, invalidAttention } from './examples.ts';
import {
  attentionElements,
  attentionFields,
  attentionSizes,
  keys,
  masks,
  poisoned,
  queries,
  scales,
  values,
} from './inputs.ts';
import { mixtureErrors } from './mixtures.ts';
import { geometryOf, type AttentionInput } from './rows.ts';
import { catAttends } from './worked.ts';
import { beyondValues } from './necessary.ts';
import { mixtures } from './sizes.ts';

/** Whether no query of a block may attend to a key. */
const unseen = (input: AttentionInput) => {
  const { queryLength, allowed } = geometryOf(input);
  return (block: number, key: number): boolean =>
    !Array.from({ length: queryLength }, (_, i) => allowed(block, i, key)).includes(true);
};

/** Values that differ in every place, none of them small. */
const valueOf = ([leading, keyLength]: readonly [readonly number[], number]) => {
  const count = leading.reduce((x, y) => x * y, 1) * keyLength * 2;
  return tensor(
    'float32',
    [...leading, keyLength, 2],
    Array.from({ length: count }, (_, i) => ((i * 7) % 11) + 2.5),
  );
};

/**
 * attention(Q, K, V) = softmax(Q Kᵀ / √D) V, row by row over the keys that the query may attend to.
 * A query that may attend to nothing gives zeros (or NaN, by option), and what stands in a masked slot does not matter (isolated).
 *
 * @example
 * scaledDotProductAttention({ query: [[1]], key: [[0], [0]], value: [[2], [4]] }) // → { output: [[3]] }
 */
export const scaledDotProductAttention = component({
  family: 'attention',
  summary: 'Mixes values by how well their keys answer a query.',
  formula: String.raw`O = \mathrm{softmax}\!\left(\frac{Q K^\top}{\sqrt{D}} + M\right) V`,
  source:
    'Vaswani et al., Attention is all you need, 2017, eq. 1; empty rows: PyTorch _safe_softmax',
  domain:
    'Finite queries; keys and values finite where attended to. Width ≥ 1. Masks broadcast; causal joins corners by option (alignment). With no keys at all it gives zeros; where NaN is declared for what may attend to nothing (emptyRow), zeros or NaN.',
  input: fields({ ...attentionFields, value: floats('[..., Lk, E]', 'what is mixed') }),
  output: fields({ output: floats('[..., Lq, E]', 'one mixture a query') }),
  arbitrary: (level, { alignment }) =>
    fc
      .tuple(attentionSizes(level), attentionElements(level), attentionElements(level))
      .chain(([sizes, element, mixed]) =>
        fc
          .record({
            query: queries(sizes, element),
            key: keys(sizes, element),
            value: values(sizes, mixed),
            mask: masks(sizes),
            causal: fc.boolean(),
            scale: scales,
            poison: fc.constantFrom(NaN, Infinity, undefined, undefined),
          })
          .map(({ poison, ...input }) => {
            if (poison === undefined || level !== 'edge') return input;
            const isUnseen = unseen({
              ...input,
              alignment: alignment === 'topLeft' ? 'topLeft' : 'bottomRight',
            });
            return {
              ...input,
              key: poisoned(input.key, isUnseen, poison),
              value: poisoned(input.value, isUnseen, poison),
            };
          }),
      ),
  sized: mixtures,
  parts: queryParts([], ({ value }) => ['output', value.shape.at(-1) ?? 1]),
  necessary: beyondValues,
  invalid: invalidAttention({ value: tensor('float32', [3, 2], [1, 2, 3, 4, 5, 6]) }),
  bound: (a, { input, rounding, exact }) => ({
    output: mixtureErrors(a, rounding, input, exact.output.data),
  }),
  boundSource:
    'spec/bounds/attention.ts: the errors of the weights act on the values less their mean; spec/bounds/dot.ts for the scores',
  alsoRight: (input, _field, _index, actual) =>
    (actual === 0 && input.key.shape.at(-2) === 0) ||
    (input.maskedValues === 'leak' &&
      !Number.isFinite(actual) &&
      hasNonFinite(input.key.data, input.value.data)),
  laws: {
    'follows a permutation of the queries': metamorphic((input) =>
      input.mask !== undefined || input.causal
        ? undefined
        : { input: { ...input, query: reversed(input.query, -2) }, output: (o) => reversed(o, -2) },
    ),
    'is unchanged by a permutation of keys with their values': metamorphic((input) =>
      input.mask !== undefined || input.causal
        ? undefined
        : {
            input: { ...input, key: reversed(input.key, -2), value: reversed(input.value, -2) },
            output: (o) => o,
          },
    ),
    'treats each block by itself': metamorphic((input) =>
      blockCount(input.query, -2) < 2 || input.mask !== undefined
        ? undefined
        : {
            input: {
              ...input,
              query: lastBlock(input.query, -2),
              key: lastBlock(input.key, -2),
              value: lastBlock(input.value, -2),
            },
            output: (o) => lastBlock(o, -2),
          },
    ),
    "follows a permutation of the values' columns": metamorphic((input) => ({
      input: { ...input, value: reversed(input.value) },
      output: (o) => reversed(o),
    })),
  },
  worked: [catAttends],
  examples: attentionExamples((shape) => ({ value: valueOf(shape) })),
});

const hasNonFinite = (...all: readonly ArrayLike<number>[]): boolean =>
  all.some((data) => Array.from(data).some((x) => !Number.isFinite(x)));
