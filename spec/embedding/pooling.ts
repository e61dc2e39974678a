import fc from 'fast-check';
import { z } from 'zod';
import { meanError } from '../bounds/mean.ts';
import { component } from '../component.ts';
import { rowParts } from '../partsOf.ts';
import { lastBlock, mapped, metamorphic, rearranged, reversed } from '../laws.ts';
import { booleans, fields, floats } from '../schema.ts';
import { rowsOf, tensor, type BooleanTensor } from '../tensor.ts';
import { columnsOf, poolingModes, sequences, type Sequences } from './poolingInputs.ts';
import { pooled } from './sizes.ts';

const sequence = (
  mode: Sequences['mode'],
  shape: readonly [number, number, number],
  hidden: readonly number[],
  mask: readonly number[],
): Sequences => ({
  hidden: tensor('float32', shape, hidden),
  mask: tensor('bool', shape.slice(0, 2), mask),
  mode,
});

const keepsSome = ({ mask }: { readonly mask: BooleanTensor }): boolean =>
  rowsOf(mask).every((row) => row.some((kept) => kept !== 0));

/** The position in the sequence of an element of `hidden`. */
const maskAt = ({ hidden, mask }: Sequences, i: number): number =>
  mask.data[Math.floor(i / (hidden.shape[2] ?? 1))] ?? 0;

const padded = (source: Sequences): Sequences => {
  const [batch = 0, length = 0, width = 0] = source.hidden.shape;
  const rows = rowsOf(source.hidden);
  const kept = rowsOf(source.mask);
  const padding = Array.from({ length: width }, (_, d) => 100 - 7 * d);
  const { dtype } = source.hidden;
  return {
    ...source,
    hidden: tensor(
      dtype,
      [batch, length + 1, width],
      kept.flatMap((_, b) => [...rows.slice(b * length, (b + 1) * length).flat(), ...padding]),
    ),
    mask: tensor(
      'bool',
      [batch, length + 1],
      kept.flatMap((row) => [...row, 0]),
    ),
  };
};

const mirrored = { mean: 'mean', max: 'max', first: 'last', last: 'first' } as const;

const twoSequences = [1, 2, 3, 5, -7, 11, 2, -4, 8, 16, 32, -64];

/**
 * One vector for each sequence, over the positions that its mask keeps: their mean, the greatest of each component, the first or the last of them.
 * Padding may be on either side or in between: the first kept position need not be 0, the last need not be the number of kept ones less 1.
 * A sequence without any kept position is rejected.
 *
 * @example
 * pooling({ hidden: [[[1, 2], [3, 6], [9, 9]]], mask: [[true, true, false]], mode: 'mean' }) // → { output: [[2, 4]] }
 */
export const pooling = component({
  family: 'embedding',
  summary: 'Makes one vector of the vectors of a sequence.',
  formula: String.raw`y = \frac{1}{|M|} \sum_{t \in M} h_t,\quad \max_{t \in M} h_t,\quad h_{\min M},\quad h_{\max M}`,
  source:
    'Reimers & Gurevych, Sentence-BERT, 2019, §3 (mean, max and the first token); last: Neelakantan et al., Text and code embeddings by contrastive pre-training, 2022, §2',
  domain:
    'Finite vectors. What stands in a masked position does not matter as long as it is finite; at least one position of each sequence is kept.',
  input: fields({
    hidden: floats('[B, T, D]', 'one vector for each position'),
    mask: booleans('[B, T]', 'true: the position counts'),
    mode: z
      .enum(poolingModes)
      .meta({ description: 'the mean, the first, the greatest or the last of those that count' }),
  }).refine(keepsSome, { path: ['mask'], error: 'expected a position that counts in every row' }),
  output: fields({ output: floats('[B, D]', 'one vector for each sequence') }),
  arbitrary: (level) => sequences(level),
  sized: pooled,
  parts: rowParts({
    unit: 'sequence',
    cut: { hidden: 2, mask: 1 },
    outputs: ({ hidden }) => ({ output: hidden.shape.slice(-1) }),
  }),
  invalid: {
    'a sequence is masked throughout': fc.constant(
      sequence('mean', [2, 2, 1], [1, 2, 3, 4], [1, 0, 0, 0]),
    ),
    'a sequence is masked throughout, and its first position asked for': fc.constant(
      sequence('first', [1, 2, 1], [1, 2], [0, 0]),
    ),
    'the mask is of another length': fc.constant({
      ...sequence('max', [1, 2, 1], [1, 2], [1, 1]),
      mask: tensor('bool', [1, 3], [1, 1, 1]),
    }),
  },
  bound: (a, { input, rounding }) => ({
    output: columnsOf(input).flatMap(({ weights, columns }) =>
      columns.map((column) =>
        a.from(input.mode === 'mean' ? meanError(rounding, column, weights) : 0),
      ),
    ),
  }),
  boundSource:
    'mean: spec/bounds/dot.ts, (1/n) Σ|h| [(1 + G)(1 + ρ) − 1], for dividing the sum or each term; 0 where n is a power of two and every order of the sum is exact. The others are copies',
  laws: {
    'ignores what stands in masked positions': metamorphic((input) => ({
      input: {
        ...input,
        hidden: mapped(input.hidden, (x, i) => (maskAt(input, i) === 0 ? 3 - (i % 5) : x)),
      },
      output: (source) => source,
    })),
    'is unchanged by padding': metamorphic((input) => ({
      input: padded(input),
      output: (source) => source,
    })),
    'reads a sequence backwards as forwards, the first as the last': metamorphic((input) => ({
      input: {
        hidden: reversed(input.hidden, -2),
        mask: reversed(input.mask),
        mode: mirrored[input.mode],
      },
      output: (source) => source,
    })),
    'treats each sequence by itself': metamorphic((input) => {
      const [batch = 0, length = 0, width = 0] = input.hidden.shape;
      if (batch < 2) return undefined;
      const last = lastBlock(input.hidden, -2);
      const mask = lastBlock(input.mask);
      return {
        input: {
          ...input,
          hidden: rearranged(last, [1, length, width], (i) => i),
          mask: rearranged(mask, [1, length], (i) => i),
        },
        output: (source) => rearranged(source, [1, width], (i) => (batch - 1) * width + i),
      };
    }),
    'follows a permutation of the components': metamorphic((input) => ({
      input: { ...input, hidden: reversed(input.hidden) },
      output: (source) => reversed(source),
    })),
  },
  examples: [
    {
      id: 'mean-of-unequal-lengths',
      why: 'padding counted or summed, or the length of another sequence',
      flags: ['pooling-01', 'pooling-06'],
      input: sequence('mean', [2, 3, 2], twoSequences, [1, 1, 1, 1, 0, 0]),
    },
    {
      id: 'mean-of-integers',
      why: 'a sum of 16 integers that 11 bits do not hold, and a quotient that is exact',
      flags: ['low-precision-sum'],
      input: sequence(
        'mean',
        [1, 16, 1],
        [2047, 1025, 1027, 3, 511, -1, 2045, 77, 1999, 1, 1001, 13, 1777, 1, 999, 1],
        new Array<number>(16).fill(1),
      ),
    },
    {
      id: 'mean-with-holes',
      why: 'a mask that is no prefix taken for one',
      flags: ['pooling-01'],
      input: sequence('mean', [1, 5, 1], [10, 1, 20, 2, 4], [0, 1, 0, 1, 1]),
    },
    {
      id: 'first-after-padding',
      why: 'position 0 taken, which is padding',
      flags: ['pooling-05'],
      input: sequence('first', [2, 3, 2], twoSequences, [0, 1, 1, 0, 0, 1]),
    },
    {
      id: 'last-before-padding',
      why: 'the last slot taken, which is padding',
      flags: ['pooling-02'],
      input: sequence('last', [2, 3, 2], twoSequences, [1, 0, 0, 1, 1, 0]),
    },
    {
      id: 'last-after-padding',
      why: 'the number of kept positions taken for the place of the last',
      flags: ['pooling-02'],
      input: sequence('last', [2, 3, 2], twoSequences, [0, 0, 1, 0, 1, 1]),
    },
    {
      id: 'greatest-below-zero',
      why: 'masked positions set to 0 before the maximum, or not masked at all',
      flags: ['masked-maximum'],
      input: sequence('max', [1, 4, 2], [-3, -50, -2, -40, 9, 9, -5, -60], [1, 1, 0, 1]),
    },
    {
      id: 'square',
      why: 'the wrong axis, where the shape does not tell',
      flags: ['axis'],
      input: sequence('mean', [1, 3, 3], [1, 2, 3, 5, 8, 13, 21, 34, 55], [1, 1, 0]),
    },
  ],
});
