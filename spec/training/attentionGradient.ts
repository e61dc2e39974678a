import fc, { type Arbitrary } from 'fast-check';
import { attentionExamples, invalidAttention } from '../attention/examples.ts';
import {
  attentionElements,
  attentionFields,
  attentionSizes,
  keys,
  masks,
  queries,
  scales,
  values,
  type Sizes,
} from '../attention/inputs.ts';
import { geometryOf, type AttentionInput } from '../attention/rows.ts';
import { component, type Law, type Level } from '../component.ts';
import { elements, floatTensor, ordinary } from '../generate.ts';
import { blockCount, inapplicable, lastBlock, metamorphic, reversed } from '../laws.ts';
import { fields, floats } from '../schema.ts';
import { rowsOf, sizeOf, tensor, type FloatTensor } from '../tensor.ts';
import { doublesWithOutputGradient, vanishesWithOutputGradient } from './gradientLaws.ts';
import { mixtureGradients } from '../attention/sizes.ts';

type Seeded = AttentionInput & {
  readonly value: FloatTensor;
  readonly outputGradient: FloatTensor;
};
type Gradients = Readonly<Record<'queryGradient' | 'keyGradient' | 'valueGradient', FloatTensor>>;

const { query, key, mask, causal, scale, alignment } = attentionFields;

/** At scale fewer keys than the forward part has: every gradient depends on all of them. */
const sizesOf = (level: Level): Arbitrary<Sizes> =>
  level === 'scale'
    ? fc.record({
        leading: fc.constant<readonly number[]>([]),
        queries: fc.constantFrom(1, 5, 8, 9),
        keys: fc.constantFrom(7, 15, 16, 17, 31),
        width: fc.constantFrom(4, 7, 8, 16),
        valueWidth: fc.constantFrom(3, 5, 8),
      })
    : attentionSizes(level).map((sizes) => ({ ...sizes, leading: sizes.leading.slice(0, 1) }));

const gradientsOf = (level: Level): Arbitrary<Arbitrary<number>> =>
  level === 'edge'
    ? fc.constantFrom(fc.integer({ min: -60, max: 60 }), fc.constantFrom(0, 0, 1, -1), ordinary(30))
    : fc.constant(elements('core'));

const inputs = (level: Level) =>
  fc
    .tuple(sizesOf(level), attentionElements(level), attentionElements(level), gradientsOf(level))
    .chain(([sizes, element, mixed, gradient]) =>
      fc.record({
        query: queries(sizes, element),
        key: keys(sizes, element),
        value: values(sizes, mixed),
        mask: masks(sizes),
        causal: fc.boolean(),
        scale: scales,
        outputGradient: floatTensor([...sizes.leading, sizes.queries, sizes.valueWidth], gradient),
      }),
    );

/** Numbers that differ in every place, none of them small. */
const numbers = (shape: readonly number[], step: number, modulus: number): FloatTensor =>
  tensor(
    'float32',
    shape,
    Array.from(
      { length: sizeOf(shape) },
      (_, i) => (((i + 2) * step) % modulus) - modulus / 2 + 0.25,
    ),
  );

/** A key that no query may attend to has gradients of exactly 0, and so has its value. */
const leavesMaskedAlone: Law<Seeded, Seeded, Gradients> = async (source, run) => {
  const { leading, queryLength, keyLength, allowed } = geometryOf(source);
  const rows = Array.from({ length: sizeOf(leading) * keyLength }, (_, row) => row);
  const unseen = rows.filter((row) =>
    Array.from({ length: queryLength }, (_, i) => i).every(
      (i) => !allowed(Math.floor(row / keyLength), i, row % keyLength),
    ),
  );
  if (unseen.length === 0) return inapplicable;
  const { output } = await run(source);
  for (const field of ['keyGradient', 'valueGradient'] as const) {
    const gradients = rowsOf(output[field]);
    const wrong = unseen.find((row) => gradients[row]?.some((x) => x !== 0));
    if (wrong !== undefined) return `${field}, row ${wrong}: a masked key has a gradient`;
  }
  return undefined;
};

const isFree = ({ mask: given, causal: ordered }: Seeded): boolean =>
  given === undefined && !ordered;

/**
 * With P = softmax(scale · Q Kᵀ), dP = g Vᵀ and dS = P ⊙ (dP − rowsum(P ⊙ dP)): ∂V = Pᵀ g, ∂Q = scale · dS K, ∂K = scale · dSᵀ Q.
 * Rowsum(P ⊙ dP) is rowsum(g ⊙ O) too, which is what fused kernels take. What is masked gets exactly 0, and a query that may attend to nothing
 * gives zeros and gets zeros.
 *
 * @example
 * attentionGradient({ query: [[0]], key: [[1], [3]], value: [[2], [4]], outputGradient: [[1]] }) // → { queryGradient: [[1]], keyGradient: [[0], [0]], valueGradient: [[0.5], [0.5]] }
 */
export const attentionGradient = component({
  family: 'training',
  summary: 'What an attention makes of the gradient that reaches it.',
  formula: String.raw`\partial V = P^\top g,\quad \partial S = P \odot (g V^\top - \operatorname{rowsum}(g \odot O)),\quad \partial Q = \tfrac{1}{\sqrt D}\,\partial S\,K,\quad \partial K = \tfrac{1}{\sqrt D}\,\partial S^\top Q`,
  source: 'Dao et al., FlashAttention, 2022, appendix B.2',
  domain:
    'Finite numbers. Width ≥ 1. Masks broadcast; causal joins corners by option (alignment). A query that may attend to nothing has a zero output, and gives and gets zero gradients. Of what overflows nothing is said.',
  input: fields({
    query,
    key,
    mask,
    causal,
    scale,
    alignment,
    value: floats('[..., Lk, E]', 'what was mixed'),
    outputGradient: floats('[..., Lq, E]', 'of what comes after, by each output'),
  }),
  output: fields({
    queryGradient: floats('[..., Lq, D]', 'scale · dS K'),
    keyGradient: floats('[..., Lk, D]', 'scale · dSᵀ Q'),
    valueGradient: floats('[..., Lk, E]', 'Pᵀ g'),
  }),
  arbitrary: inputs,
  sized: mixtureGradients,
  invalid: {
    ...invalidAttention({
      value: numbers([3, 2], 5, 7),
      outputGradient: numbers([2, 2], 3, 7),
    }),
    'the gradient has another width than the values': fc.constant({
      query: numbers([2, 2], 3, 7),
      key: numbers([3, 2], 5, 7),
      value: numbers([3, 2], 3, 5),
      outputGradient: numbers([2, 3], 3, 7),
    }),
    'the gradient has another length than the queries': fc.constant({
      query: numbers([2, 2], 3, 7),
      key: numbers([3, 2], 5, 7),
      value: numbers([3, 2], 3, 5),
      outputGradient: numbers([3, 2], 3, 7),
    }),
  },
  bound: 'composed',
  boundSource:
    'composed: the local errors of scores, weights, probabilities (from the sum, or once more from the log-sum-exp), of g Vᵀ, of the row sum in both its forms and of the products (spec/bounds/attentionGradient.ts), carried on by reference/arithmetics/deviating.ts',
  laws: {
    'doubles with the output gradient': doublesWithOutputGradient(),
    'vanishes with the output gradient': vanishesWithOutputGradient(),
    'leaves what is masked exactly alone': leavesMaskedAlone,
    'follows a permutation of keys with their values': metamorphic((source) =>
      isFree(source)
        ? {
            input: {
              ...source,
              key: reversed(source.key, -2),
              value: reversed(source.value, -2),
            },
            output: (x, field) => (field === 'queryGradient' ? x : reversed(x, -2)),
          }
        : undefined,
    ),
    'follows a permutation of the queries': metamorphic((source) =>
      isFree(source)
        ? {
            input: {
              ...source,
              query: reversed(source.query, -2),
              outputGradient: reversed(source.outputGradient, -2),
            },
            output: (x, field) => (field === 'queryGradient' ? reversed(x, -2) : x),
          }
        : undefined,
    ),
    'treats each block by itself': metamorphic((source) =>
      blockCount(source.query, -2) < 2 || source.mask !== undefined
        ? undefined
        : {
            input: {
              ...source,
              query: lastBlock(source.query, -2),
              key: lastBlock(source.key, -2),
              value: lastBlock(source.value, -2),
              outputGradient: lastBlock(source.outputGradient, -2),
            },
            output: (x) => lastBlock(x, -2),
          },
    ),
  },
  examples: attentionExamples(([leading, keyLength]) => ({
    value: numbers([...leading, keyLength, 2], 7, 11),
  })).map((example) => ({
    ...example,
    input: {
      ...example.input,
      outputGradient: numbers([...example.input.query.shape.slice(0, -1), 2], 5, 7),
    },
  })),
});
