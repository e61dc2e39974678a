import fc, { type Arbitrary } from 'fast-check';
import { z } from 'zod';
import { component, type Component, type Level } from '../component.ts';
import { names, spec, type Name } from '../index.ts';
import { fields, isOptional, shapeOf, tensorFieldOf } from '../schema.ts';
import { noDimensions, unify } from '../shape.ts';
import { countingLaws, formulated, type Counted } from './countingLaws.ts';
import { countingProblem, isCountable, lettersFor, type Sizes } from './countedInput.ts';
import { defaultOptions, inputPatterns, shapesIn } from './shapePatterns.ts';
import { count } from './whole.ts';
import { operationSizes } from './sizes.ts';

/** Whose operations are counted, and for which sizes. */
export interface Counting {
  readonly component: string;
  readonly sizes: Sizes;
}

/** The lengths and the plain fields of an input. */
function sizesIn(name: Name, input: object): Sizes {
  const known = noDimensions();
  const shapes = shapesIn(input);
  for (const { field, pattern, required } of inputPatterns(name)) {
    const shape = shapes[field];
    if (required && shape !== undefined) unify(pattern, shape, known);
  }
  const values = new Map<string, unknown>(Object.entries(input));
  const plain = Object.entries(shapeOf(spec[name].input)).flatMap(([field, schema]) => {
    const value = values.get(field);
    const isOwn = !isOptional(schema) && tensorFieldOf(schema) === undefined;
    return isOwn && isPlain(value) ? [[field, value] as const] : [];
  });
  const lengths = lettersFor(name).map(
    (letter) => [letter, known.lengths.get(letter) ?? 1] as const,
  );
  return Object.fromEntries([...lengths, ...plain]);
}

const isPlain = (value: unknown): value is number | boolean | string =>
  ['number', 'boolean', 'string'].includes(typeof value);

/** What is asked where a component's own sizes make no valid question, such as too long ones. */
const simple: Counting = { component: 'softmax', sizes: { V: 5 } };

const sizesFor = <N extends Name>(name: N, level: Level): Arbitrary<Counting> =>
  spec[name].arbitrary(level, defaultOptions(name), new Set()).map((input) => {
    const sizes = typeof input === 'object' && input !== null ? sizesIn(name, input) : {};
    return countingProblem(name, sizes) === undefined ? { component: name, sizes } : simple;
  });

/** Questions about components of these names, two of five about those that laws know most of; about all where there are none among them. */
function questions(level: Level, offered: ReadonlySet<string>): Arbitrary<Counting> {
  const all = names.filter(isCountable);
  const known = all.filter((name) => offered.has(name));
  const asked = known.length === 0 ? all : known;
  const formulas = asked.filter((name) => formulated.includes(name));
  return fc
    .oneof(
      { weight: 3, arbitrary: fc.constantFrom(...asked) },
      { weight: 2, arbitrary: fc.constantFrom(...(formulas.length === 0 ? asked : formulas)) },
    )
    .chain((name) => sizesFor(name, level));
}

/**
 * How many of each operation the reference of a component does: counted while it runs, not taken from a formula. A subtraction is an addition,
 * a sum of n terms n − 1 of them, a dot product n multiplications and n − 1 additions, the greatest of n values n − 1 comparisons.
 * Divisions, roots and other functions are not among the four. `sizes` has the length that each letter of the component's shapes stands
 * for, and its other fields by name; nothing stands before the axes that are named, every mask is true, and what is not named takes its default.
 *
 * The notes' figures for a million vectors of 768 components, at their 10⁹ products a second: the 77 seconds of brute force are refuted, N·D =
 * 0.768 · 10⁹ take 0.77; those are the seconds of 100 million vectors. 1000 clusters are 500 times faster, not 1000: the centroids are
 * searched too, 2000 vectors in all. That HNSW compares log₂ N = 27 times among 100 million is refuted: each step compares with all links.
 *
 * Rows are in falling order: what is sorted is sorted already, and takes n − 1 comparisons. The reference shows each decision; an
 * implementation may do with fewer operations or more, and be right.
 *
 * @example
 * operationCount({ component: 'softmax', sizes: { V: 10 } }) // → { multiplications: 0, additions: 19, exponentials: 10, comparisons: 10 }
 */
export const operationCount: Component<Counting, Counted, Counting> = component({
  family: 'accounting',
  summary: 'How many operations the definition of a component takes.',
  formula: String.raw`\#_\circ = |\{\text{operations} \circ \text{ of the reference}\}|,\quad \text{attention: } L_q L_k (D + E + 1) \text{ products},\quad \text{search: } N D \text{ a query},\quad \text{linear: } I O \text{ a row}`,
  source:
    'house definition: operations of the reference of this catalogue; Vaswani et al., Attention Is All You Need, 2017, table 1 (complexity per layer)',
  domain:
    'Components that must be given float tensors and, besides, masks, numbers, words and flags alone; others are rejected, as are sizes that are missing or that the component rejects, and sizes whose product, times the greatest length, is beyond 10 million. The notes’ table: 77 seconds for a million vectors, and clusters that are 1000 times faster, are refuted (0.77 seconds at their speed; 500 times).',
  input: fields({
    component: z.string().meta({ description: 'the name of a component' }),
    sizes: z.record(z.string(), z.union([z.number(), z.boolean(), z.string()])).meta({
      description: 'the length of each letter of its shapes, and its other fields by name',
    }),
  }).superRefine(({ component: name, sizes }, context) => {
    const problem = countingProblem(name, sizes);
    if (problem !== undefined)
      context.addIssue({ code: 'custom', path: ['sizes'], message: problem });
  }),
  output: fields({
    multiplications: count('products'),
    additions: count('sums and differences'),
    exponentials: count('exponentials'),
    comparisons: count('comparisons of two numbers'),
  }),
  arbitrary: (level, _options, offered) => questions(level, offered),
  sized: operationSizes,
  invalid: {
    'the component is unknown': fc.constant({ component: 'perceptron', sizes: { D: 3 } }),
    'a length is below none': fc.constant({ component: 'softmax', sizes: { V: -1 } }),
    'a length is no integer': fc.constant({ component: 'softmax', sizes: { V: 2.5 } }),
    'the heads do not divide the width': fc.constant({
      component: 'multiHeadAttention',
      sizes: { B: 1, L: 2, D: 6, heads: 4 },
    }),
  },
  boundSource: 'exact',
  laws: countingLaws,
  examples: [
    {
      id: 'softmax',
      why: 'one exponential a logit; the maximum is looked for and subtracted',
      flags: ['ordinary'],
      input: { component: 'softmax', sizes: { V: 10 } },
    },
    {
      id: 'linear',
      why: 'I · O products for a row',
      flags: ['product'],
      input: { component: 'linear', sizes: { I: 24, O: 96 } },
    },
    {
      id: 'attention',
      why: 'every query meets every key',
      flags: ['quadratic'],
      input: { component: 'scaledDotProductAttention', sizes: { Lq: 12, Lk: 12, D: 8, E: 8 } },
    },
    {
      id: 'attention-twice-as-long',
      why: 'four times as many products where there are twice as many tokens',
      flags: ['quadratic'],
      input: { component: 'scaledDotProductAttention', sizes: { Lq: 24, Lk: 24, D: 8, E: 8 } },
    },
    {
      id: 'weights-alone',
      why: 'queries and keys without values, in different numbers',
      flags: ['attention'],
      input: { component: 'attentionWeights', sizes: { Lq: 3, Lk: 17, D: 5 } },
    },
    {
      id: 'distance',
      why: 'differences are additions too',
      flags: ['subtraction'],
      input: { component: 'squaredEuclideanDistance', sizes: { D: 768 } },
    },
    {
      id: 'search',
      why: 'every vector meets the query in all of its components',
      flags: ['search'],
      input: {
        component: 'nearestNeighbors',
        sizes: { N: 900, D: 8, Q: 1, k: 1, metric: 'dot' },
      },
    },
    {
      id: 'search-of-clusters',
      why: '30 centroids and a cluster of 30: a fifteenth of 900, not a thirtieth',
      flags: ['search'],
      input: {
        component: 'nearestNeighbors',
        sizes: { N: 60, D: 8, Q: 1, k: 1, metric: 'dot' },
      },
    },
    {
      id: 'one-logit',
      why: 'nothing is added or compared where there is one number',
      flags: ['smallest'],
      input: { component: 'logSoftmax', sizes: { V: 1 } },
    },
  ],
});
