import fc, { type Arbitrary } from 'fast-check';
import { z } from 'zod';
import { component, type Level } from '../component.ts';
import { queryParts } from './parts.ts';
import { floatTensor } from '../generate.ts';
import { metamorphic, rearranged, reversed } from '../laws.ts';
import { booleans, fields, floats } from '../schema.ts';
import { sizeOf, tensor, type FloatTensor } from '../tensor.ts';
import { attentionElements } from './inputs.ts';
import { mixtureErrors } from './mixtures.ts';
import { beyondValues } from './necessary.ts';
import { grouped } from './sizes.ts';

/** What attention leaves open and its grouped form does not. */
export const shared = {
  scale: undefined,
  alignment: 'bottomRight',
  emptyRow: 'zero',
} as const;

/** Key or value heads put in the place of as many as there are query heads; `pick` says which serves a query head. */
export const headsFor = (
  source: FloatTensor,
  heads: number,
  pick: (head: number, groups: number) => number,
): FloatTensor => {
  const [batch = 0, groups = 1, ...rest] = source.shape;
  const size = sizeOf(rest);
  return rearranged(source, [batch, heads, ...rest], (i) => {
    const block = Math.floor(i / size);
    const group = pick(block % heads, groups);
    return (Math.floor(block / heads) * groups + group) * size + (i % size);
  });
};

interface Sizes {
  readonly batch: number;
  readonly groups: number;
  readonly sharing: number;
  readonly queries: number;
  readonly keys: number;
  readonly width: number;
}

const sizes = (level: Level): Arbitrary<Sizes> =>
  level === 'scale'
    ? fc.record({
        batch: fc.constant(1),
        groups: fc.constantFrom(1, 2),
        sharing: fc.constantFrom(2, 3),
        queries: fc.constantFrom(1, 7, 9),
        keys: fc.constantFrom(15, 16, 17, 31, 33),
        width: fc.constantFrom(8, 16, 31),
      })
    : fc.record({
        batch: fc.integer({ min: 1, max: 2 }),
        groups: fc.integer({ min: 1, max: 3 }),
        sharing: fc.integer({ min: 1, max: 3 }),
        queries: fc.integer({ min: 1, max: 4 }),
        keys: fc.integer({ min: level === 'edge' ? 0 : 1, max: 5 }),
        width: fc.constantFrom(1, 2, 3, 4),
      });

const input = (
  [batch, heads, groups]: readonly [number, number, number],
  [queries, keys, width]: readonly [number, number, number],
  causal = false,
) => {
  const made = (shape: readonly number[], step: number, modulus: number, unit: number) =>
    tensor(
      'float32',
      shape,
      Array.from({ length: sizeOf(shape) }, (_, i) => (((i + 1) * step) % modulus) * unit),
    );
  const query = made([batch, heads, queries, width], 5, 13, 0.25);
  const key = made([batch, groups, keys, width], 7, 17, -0.25);
  const value = made([batch, groups, keys, width], 11, 31, 0.5);
  return { query, key, value, causal };
};

/**
 * groupedQueryAttention(Q, K, V)_h = softmax(Q_h K_gᵀ / √D) V_g with g = ⌊h / (H / G)⌋: neighbouring query heads share the keys and values of one head.
 * One key head for all is multi-query attention, one for each is multi-head attention. Causal aligns the last query with the last key;
 * a query that may attend to nothing gives zeros.
 *
 * @example
 * groupedQueryAttention({ query: [[[[1]], [[2]]]], key: [[[[0], [0]]]], value: [[[[2], [4]]]] }) // → { output: [[[[3]], [[3]]]] }
 */
export const groupedQueryAttention = component({
  family: 'attention',
  summary: 'Attention in which several query heads share one head of keys and values.',
  formula: String.raw`O_h = \mathrm{softmax}\!\left(\frac{Q_h K_g^\top}{\sqrt{D}} + M\right) V_g,\quad g = \left\lfloor \frac{h}{H/G} \right\rfloor`,
  source:
    'Ainslie et al., GQA: Training generalized multi-query transformer models from multi-head checkpoints, 2023, §2.2; neighbouring heads share: repeat_kv of Llama 2',
  domain:
    'Finite numbers, width ≥ 1, G ≥ 1 divides H. Query heads are grouped by neighbourhood, not by remainder: h / (H / G), not h mod G. Causal joins the bottom right corners.',
  input: fields({
    query: floats('[B, H, Lq, D]', 'what is looked for'),
    key: floats('[B, G, Lk, D]', 'what is looked at'),
    value: floats('[B, G, Lk, D]', 'what is mixed'),
    mask: booleans('[B, H, Lq, Lk]', 'true: may attend; all where it is left out', {
      broadcast: true,
    }).optional(),
    causal: z
      .boolean()
      .default(false)
      .meta({ description: 'whether a query sees no key after it' }),
  }).refine(({ query, key }) => (query.shape[1] ?? 0) % (key.shape[1] ?? 0) === 0, {
    path: ['query'],
    error: 'expected a number of query heads that the number of key heads divides',
  }),
  output: fields({ output: floats('[B, H, Lq, D]', 'one mixture a query') }),
  arbitrary: (level) =>
    fc
      .tuple(sizes(level), attentionElements(level), attentionElements(level))
      .chain(([{ batch, groups, sharing, queries, keys, width }, element, mixed]) =>
        fc.record({
          query: floatTensor([batch, groups * sharing, queries, width], element),
          key: floatTensor([batch, groups, keys, width], element),
          value: floatTensor([batch, groups, keys, width], mixed),
          causal: fc.boolean(),
        }),
      ),
  sized: grouped,
  parts: queryParts([1, 1], ({ value }) => ['output', value.shape.at(-1) ?? 1]),
  necessary: beyondValues,
  invalid: {
    'the key heads do not divide the query heads': fc.constant(input([1, 3, 2], [2, 2, 2])),
    'there are more key heads than query heads': fc.constant(input([1, 2, 4], [2, 2, 2])),
    'query and key differ in width': fc.constant({
      ...input([1, 2, 2], [2, 2, 2]),
      query: input([1, 2, 2], [2, 2, 3]).query,
    }),
    'key and value differ in length': fc.constant({
      ...input([1, 2, 2], [2, 2, 2]),
      value: input([1, 2, 2], [2, 3, 2]).value,
    }),
    'key and value differ in heads': fc.constant({
      ...input([1, 4, 2], [2, 2, 2]),
      value: input([1, 4, 4], [2, 2, 2]).value,
    }),
  },
  bound: (a, { input: given, rounding, exact }) => ({
    output: mixtureErrors(a, rounding, { ...given, ...shared }, exact.output.data),
  }),
  boundSource:
    'that of scaledDotProductAttention, spec/bounds/attention.ts and spec/bounds/dot.ts, head by head with the keys that it shares',
  laws: {
    'is unchanged when each query head is given a copy of the keys that it shares': metamorphic(
      (given) => {
        const heads = given.query.shape[1] ?? 1;
        const groups = given.key.shape[1] ?? 1;
        const copied = (source: FloatTensor) =>
          headsFor(source, heads, (head) => Math.floor((head * groups) / heads));
        return {
          input: { ...given, key: copied(given.key), value: copied(given.value) },
          output: (o) => o,
        };
      },
    ),
    'follows a reversal of all heads': metamorphic(({ query, key, value, causal }) => ({
      input: {
        query: reversed(query, -3),
        key: reversed(key, -3),
        value: reversed(value, -3),
        causal,
      },
      output: (o) => reversed(o, -3),
    })),
    'follows a reversal of the batch': metamorphic(({ query, key, value, causal }) => ({
      input: {
        query: reversed(query, -4),
        key: reversed(key, -4),
        value: reversed(value, -4),
        causal,
      },
      output: (o) => reversed(o, -4),
    })),
    'is unchanged by a permutation of keys with their values': metamorphic((given) =>
      given.causal
        ? undefined
        : {
            input: { ...given, key: reversed(given.key, -2), value: reversed(given.value, -2) },
            output: (o) => o,
          },
    ),
    "follows a permutation of the values' columns": metamorphic((given) => ({
      input: { ...given, value: reversed(given.value) },
      output: (o) => reversed(o),
    })),
  },
  examples: [
    {
      id: 'grouped',
      why: 'key heads dealt out in turn (h mod G) instead of to neighbours',
      flags: ['attention-multihead-05'],
      input: input([1, 4, 2], [2, 3, 2]),
    },
    {
      id: 'three-groups',
      why: 'every head takes the first keys, or the mean of all',
      flags: ['heads'],
      input: input([1, 6, 3], [1, 2, 2]),
    },
    {
      id: 'one-key-head',
      why: 'multi-query attention: all heads share one, and each has queries of its own',
      flags: ['multi-query'],
      input: input([1, 3, 1], [2, 3, 2]),
    },
    {
      id: 'own-key-heads',
      why: 'as many key heads as query heads: none is shared',
      flags: ['multi-head'],
      input: input([1, 3, 3], [1, 3, 2]),
    },
    {
      id: 'batch',
      why: 'keys of another sequence of the batch',
      flags: ['axis'],
      input: input([2, 4, 2], [1, 3, 2]),
    },
    {
      id: 'wide',
      why: 'the scale forgotten, or the root of the width of all heads',
      flags: ['scale'],
      input: input([1, 2, 1], [1, 3, 5]),
    },
    {
      id: 'causal-cached',
      why: 'the future seen, or the diagonal at the wrong corner when keys are cached',
      flags: ['causal', 'alignment'],
      input: input([1, 4, 2], [2, 4, 2], true),
    },
    {
      id: 'scores-beyond-float16',
      why: 'scores over 65,504, the largest float16, before and after they are scaled',
      flags: ['overflow', 'ends'],
      input: {
        query: tensor('float32', [1, 2, 1, 4], [512, 0.5, 1, -1, -512, 1, 0.5, 0]),
        key: tensor('float32', [1, 1, 3, 4], [300, 1, 0, 1, 300, -2, 1, 0, 300, 0, -1, 2]),
        value: tensor('float32', [1, 1, 3, 4], [2.5, 9, 5, 12, 8, 4, 11, 3, -7, 10, -2, 6]),
      },
    },
    {
      id: 'causal-without-keys',
      why: 'the first queries have no key and give zeros, not NaN',
      flags: ['attention-causal-02'],
      input: input([1, 2, 1], [4, 2, 2], true),
    },
  ],
});
