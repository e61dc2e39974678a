import fc, { type Arbitrary } from 'fast-check';
import { z } from 'zod';
import { component, type Level } from '../component.ts';
import { booleanTensor, floatTensor, maybe, ordinary } from '../generate.ts';
import { blockCount, lastBlock, metamorphic, reversed } from '../laws.ts';
import { booleans, fields, floats, positiveInteger } from '../schema.ts';
import { broadcasts, noDimensions } from '../shape.ts';
import { tensor, type Dtype, type FloatTensor, type Tensor } from '../tensor.ts';
import { attentionSequences } from './sequenceParts.ts';
import { multiHeadErrors } from './multiHeadErrors.ts';
import { catProjects } from './worked.ts';
import { projected } from './sizes.ts';

const square = (description: string) => floats('[D, D]', description);
const shift = (description: string) => floats('[D]', description).optional();

const weightsOf = (width: number, element: Arbitrary<number>) =>
  floatTensor(
    [width, width],
    element.map((x) => x / Math.sqrt(width)),
    { deviation: 1 / Math.sqrt(width) },
  );
const biasOf = (width: number, element: Arbitrary<number>) => maybe(floatTensor([width], element));

interface Sizes {
  readonly batch: number;
  readonly length: number;
  readonly memory: number | undefined;
  readonly heads: number;
  readonly headWidth: number;
}

const sizesOf = (level: Level): Arbitrary<Sizes> =>
  level === 'scale'
    ? fc.record({
        batch: fc.constant(1),
        length: fc.constantFrom(7, 9, 16),
        memory: maybe(fc.constantFrom(5, 8, 17)),
        heads: fc.constantFrom(2, 4),
        headWidth: fc.constantFrom(4, 7, 8),
      })
    : fc.record({
        batch: fc.integer({ min: 1, max: 2 }),
        length: fc.integer({ min: 1, max: 4 }),
        memory: maybe(fc.integer({ min: 1, max: 5 })),
        heads: fc.constantFrom(1, 2, 2, 3),
        headWidth: fc.constantFrom(1, 2, 2, 3),
      });

const elementsOf = (level: Level): Arbitrary<Arbitrary<number>> =>
  level === 'edge'
    ? fc.constantFrom(
        fc.integer({ min: -2, max: 2 }),
        ordinary(8),
        fc.constantFrom(0, 1),
        ordinary(0.01),
      )
    : fc.constant(ordinary(2));

/** Shape [B, L, S], with S the length of the memory, or of the input. */
const maskFits = ({
  input,
  memory,
  mask,
}: {
  readonly input: FloatTensor;
  readonly memory?: FloatTensor | undefined;
  readonly mask?: { readonly shape: readonly number[] } | undefined;
}): boolean => {
  if (mask === undefined || input.shape.length !== 3) return true;
  const known = noDimensions();
  for (const [letter, length] of [
    ['B', input.shape[0]],
    ['L', input.shape[1]],
    ['S', (memory ?? input).shape[1]],
  ] as const)
    known.lengths.set(letter, length ?? 0);
  return broadcasts('[B, L, S]', mask.shape, known) === undefined;
};

const example = (count: number, shape: readonly number[], step: number): FloatTensor =>
  tensor(
    'float32',
    shape,
    Array.from({ length: count }, (_, i) => (((i * step) % 17) - 8) / 8),
  );

const weights = {
  queryWeight: example(16, [4, 4], 5),
  keyWeight: example(16, [4, 4], 7),
  valueWeight: example(16, [4, 4], 3),
  outputWeight: example(16, [4, 4], 11),
};
const biases = {
  queryBias: example(4, [4], 3),
  keyBias: example(4, [4], 5),
  valueBias: example(4, [4], 7),
  outputBias: example(4, [4], 9),
};
const tokens = example(24, [2, 3, 4], 13);

/** One sequence as a batch of one. */
const keepBatch = <D extends Dtype>(source: Tensor<D>): Tensor<D> => ({
  ...source,
  shape: [1, ...source.shape],
});

/**
 * multiHeadAttention(x) = concat(head_1 … head_H) W_O, head_h = attention(x W_Q, m W_K, m W_V) on the h-th part of the width; m is the memory, or x.
 * Weights multiply from the right. A token that may attend to nothing gives zeros before the output projection: the output bias alone.
 *
 * @example
 * multiHeadAttention({ input: [[[1]]], queryWeight: [[1]], keyWeight: [[1]], valueWeight: [[2]], outputWeight: [[3]], heads: 1 }) // → { output: [[[6]]] }
 */
export const multiHeadAttention = component({
  family: 'attention',
  summary: 'Attention in several parts of the width at once, between projections.',
  formula: String.raw`Y = \mathrm{concat}_h\!\left(\mathrm{attention}(X W_Q^h, M W_K^h, M W_V^h)\right) W_O`,
  source: 'Vaswani et al., Attention is all you need, 2017, §3.2.2',
  domain:
    'Finite inputs; heads divides the width. Without memory the input attends to itself. The mask broadcasts to [B, L, S]; causal is bottomRight.',
  input: fields({
    input: floats('[B, L, D]', 'the tokens that ask'),
    memory: floats('[B, S, D]', 'the tokens that are asked; the input where left out').optional(),
    queryWeight: square('x·W'),
    keyWeight: square('x·W'),
    valueWeight: square('x·W'),
    outputWeight: square('x·W'),
    queryBias: shift('added to the queries'),
    keyBias: shift('added to the keys'),
    valueBias: shift('added to the values'),
    outputBias: shift('added to the output'),
    heads: positiveInteger('how many parts the width is cut into'),
    mask: booleans('[B, L, S]', 'true: may attend; broadcasts', { broadcast: true }).optional(),
    causal: z.boolean().default(false).meta({ description: 'whether a token sees none after it' }),
  })
    .refine(({ input, heads }) => (input.shape.at(-1) ?? 0) % heads === 0, {
      path: ['heads'],
      error: 'expected heads to divide the width',
    })
    .refine(maskFits, { path: ['mask'], error: 'expected a shape that broadcasts to [B, L, S]' }),
  output: fields({ output: floats('[B, L, D]', 'one row a token') }),
  arbitrary: (level) =>
    fc
      .tuple(sizesOf(level), elementsOf(level))
      .chain(([{ batch, length, memory, heads, headWidth }, element]) => {
        const width = heads * headWidth;
        return fc.record({
          input: floatTensor([batch, length, width], element),
          memory:
            memory === undefined
              ? fc.constant(undefined)
              : floatTensor([batch, memory, width], element),
          queryWeight: weightsOf(width, element),
          keyWeight: weightsOf(width, element),
          valueWeight: weightsOf(width, element),
          outputWeight: weightsOf(width, element),
          queryBias: biasOf(width, element),
          keyBias: biasOf(width, element),
          valueBias: biasOf(width, element),
          outputBias: biasOf(width, element),
          heads: fc.constant(heads),
          mask: maybe(
            fc
              .constantFrom(
                [batch, length, memory ?? length],
                [length, memory ?? length],
                [1, memory ?? length],
              )
              .chain(booleanTensor),
          ),
          causal: fc.boolean(),
        });
      }),
  sized: projected,
  parts: attentionSequences(),
  invalid: {
    'heads does not divide the width': fc.constant({ input: tokens, ...weights, heads: 3 }),
    'heads is 0': fc.constant({ input: tokens, ...weights, heads: 0 }),
    'a weight has another width': fc.constant({
      input: tokens,
      ...weights,
      keyWeight: example(9, [3, 3], 2),
      heads: 2,
    }),
    'the memory has another width': fc.constant({
      input: tokens,
      memory: example(12, [2, 2, 3], 2),
      ...weights,
      heads: 2,
    }),
    'the mask fits neither length': fc.constant({
      input: tokens,
      ...weights,
      heads: 2,
      mask: tensor('bool', [2, 5, 7], new Array<number>(70).fill(1)),
    }),
  },
  bound: (a, { input, rounding }) => ({ output: multiHeadErrors(a, rounding, input) }),
  boundSource:
    'spec/bounds/dot.ts for the projections, whose errors pass through the scores and values of spec/bounds/attention.ts and through the output projection',
  laws: {
    'treats each sequence by itself': metamorphic((input) =>
      blockCount(input.input, -2) < 2 || input.mask !== undefined
        ? undefined
        : {
            input: {
              ...input,
              input: keepBatch(lastBlock(input.input, -2)),
              memory: input.memory && keepBatch(lastBlock(input.memory, -2)),
            },
            output: (y) => keepBatch(lastBlock(y, -2)),
          },
    ),
    'follows a permutation of the tokens that ask': metamorphic((input) =>
      input.memory === undefined || input.mask !== undefined || input.causal
        ? undefined
        : { input: { ...input, input: reversed(input.input, -2) }, output: (y) => reversed(y, -2) },
    ),
    'is unchanged by a permutation of the memory': metamorphic((input) =>
      input.memory === undefined || input.mask !== undefined || input.causal
        ? undefined
        : { input: { ...input, memory: reversed(input.memory, -2) }, output: (y) => y },
    ),
    'attends to itself as to a memory of itself': metamorphic((input) =>
      input.memory === undefined
        ? { input: { ...input, memory: input.input }, output: (y) => y }
        : undefined,
    ),
  },
  worked: [catProjects],
  examples: [
    {
      id: 'two-heads',
      why: 'heads split or merged without exchanging axes',
      flags: ['attention-multihead-01', 'attention-multihead-02'],
      input: { input: tokens, ...weights, heads: 2 },
    },
    {
      id: 'four-heads',
      why: 'the root of the whole width instead of the width of a head',
      flags: ['attention-sdpa-06'],
      input: { input: tokens, ...weights, heads: 4 },
    },
    {
      id: 'one-head',
      why: 'a special path for one head',
      flags: ['ordinary'],
      input: { input: tokens, ...weights, ...biases, heads: 1 },
    },
    {
      id: 'masks-differ',
      why: 'the mask of one sequence applied to another',
      flags: ['attention-multihead-03'],
      input: {
        input: tokens,
        ...weights,
        heads: 2,
        mask: tensor('bool', [2, 1, 3], [1, 0, 1, 0, 1, 1]),
      },
    },
    {
      id: 'cross',
      why: 'keys and values taken from the input, or cut to its length',
      flags: ['attention-cross-02', 'attention-cross-03'],
      input: { input: tokens, memory: example(40, [2, 5, 4], 3), ...weights, ...biases, heads: 2 },
    },
    {
      id: 'biases',
      why: 'a bias forgotten',
      flags: ['bias'],
      input: { input: tokens, ...weights, ...biases, heads: 2 },
    },
    {
      id: 'causal',
      why: 'the future seen',
      flags: ['causal'],
      input: { input: tokens, ...weights, ...biases, heads: 2, causal: true },
    },
    {
      id: 'nothing-to-attend',
      why: 'a fully masked row that is not the output bias',
      flags: ['empty-row'],
      input: {
        input: tokens,
        ...weights,
        ...biases,
        heads: 2,
        mask: tensor('bool', [3, 3], [1, 1, 1, 0, 0, 0, 1, 0, 1]),
      },
    },
  ],
});
