import type { Example } from '../component.ts';
import { tensor, type FloatTensor } from '../tensor.ts';
import { tokensOf, type Tokens } from './tokens.ts';

const rows = [
  [0.5, -1.25, 2, 0.75],
  [1.5, 0.25, -0.5, 3],
  [-2, 1, 0.125, 0.625],
  [4, 2.5, -1, 0],
] as const;

const scalar = (value: number): FloatTensor => tensor('float32', [], [value]);
const each = (values: readonly number[]): FloatTensor => tensor('float32', [values.length], values);

/** What the others leave out of each reduction with and without smoothing, with and without ignored tokens. */
const others = [
  { id: 'mean-smoothed', reduction: 'mean' as const, targets: [1, 3, 2, 0], seeds: scalar(-1) },
  { id: 'sum-ignoring', reduction: 'sum' as const, targets: [1, -100, 3, 0], seeds: scalar(0.5) },
  {
    id: 'sum-smoothed-ignoring',
    reduction: 'sum' as const,
    targets: [-100, 2, 0, 1],
    seeds: scalar(3),
  },
  {
    id: 'none-smoothed',
    reduction: 'none' as const,
    targets: [2, 0, 1, 3],
    seeds: each([2, 1, -1, 0.5]),
  },
  {
    id: 'none-smoothed-ignoring',
    reduction: 'none' as const,
    targets: [0, -100, 3, -100],
    seeds: each([-1, 5, 4, 7]),
  },
].map(({ id, reduction, targets, seeds }) => ({
  id,
  why: 'a mistake that hides where reduction, smoothing and ignored tokens meet',
  flags: [
    'reduction',
    ...(id.includes('smoothed') ? ['label-smoothing'] : []),
    ...(id.includes('ignoring') ? ['ignored', 'cross-entropy-loss-06'] : []),
  ],
  input: {
    ...tokensOf(rows, targets, -100),
    labelSmoothing: id.includes('smoothed') ? 0.1 : 0,
    reduction,
    outputGradient: seeds,
  },
}));

/** Inputs of the golden vectors. */
export const gradientExamples: readonly Example<
  Tokens & {
    readonly labelSmoothing?: number | undefined;
    readonly reduction?: 'mean' | 'sum' | 'none' | undefined;
    readonly outputGradient: FloatTensor;
  }
>[] = [
  {
    id: 'mean',
    why: 'the gradient of the sum: the division by the number of tokens left out',
    flags: ['reduction'],
    input: { ...tokensOf(rows, [2, 0, 1, 3]), outputGradient: scalar(1) },
  },
  {
    id: 'sum',
    why: 'the gradient of the mean where the sum is asked for, and a gradient of the loss that is not 1',
    flags: ['reduction'],
    input: { ...tokensOf(rows, [2, 0, 1, 3]), reduction: 'sum', outputGradient: scalar(-3) },
  },
  {
    id: 'none',
    why: 'one gradient for all tokens where each has its own',
    flags: ['reduction', 'cross-entropy-loss-09'],
    input: {
      ...tokensOf(rows, [3, 1, 1, 0]),
      reduction: 'none',
      outputGradient: each([1, -2, 0.5, 3]),
    },
  },
  {
    id: 'mean-ignoring',
    why: 'ignored tokens with a gradient, or in the number that is divided by',
    flags: ['ignored', 'cross-entropy-loss-04', 'cross-entropy-loss-06'],
    input: { ...tokensOf(rows, [2, -100, 0, -100], -100), outputGradient: scalar(1) },
  },
  {
    id: 'smoothed-ignoring',
    why: 'the even share left out, or given to ignored tokens too',
    flags: ['label-smoothing', 'ignored', 'cross-entropy-loss-01', 'cross-entropy-loss-02'],
    input: {
      ...tokensOf(rows, [2, -100, 0, 3], -100),
      labelSmoothing: 0.1,
      outputGradient: scalar(2),
    },
  },
  {
    id: 'smoothed',
    why: 's spread over the V − 1 other tokens, or over none',
    flags: ['label-smoothing'],
    input: {
      ...tokensOf(rows, [0, 1, 2, 3]),
      labelSmoothing: 0.25,
      reduction: 'sum',
      outputGradient: scalar(1),
    },
  },
  ...others,
  {
    id: 'ignored-in-the-vocabulary',
    why: 'a padding token that is a number like any other is ignored too; only −100 is not',
    flags: ['ignored', 'padding', 'embedding-lookup-03'],
    input: {
      ...tokensOf(rows, [0, 3, 0, 1], 0),
      reduction: 'none',
      outputGradient: each([5, 1, 7, -1]),
    },
  },
  {
    id: 'confident',
    why: 'p − q of a target whose probability is nearly 1: from a rounded p nothing is left',
    flags: ['cancellation'],
    input: {
      ...tokensOf(
        [
          [0, 9, -1],
          [12, 0, 3],
        ],
        [1, 2],
      ),
      outputGradient: scalar(1),
    },
  },
  {
    id: 'large-offset',
    why: 'exponentials of the logits as they are overflow',
    flags: ['offset'],
    input: {
      ...tokensOf([[1000, 1001, 999.5]], [0]),
      outputGradient: scalar(1),
    },
  },
  {
    id: 'impossible-token',
    why: 'the loss is Infinity, and its gradient is −1 all the same; in an ignored row NaN must not get through',
    flags: ['minus-infinity', 'nan'],
    input: {
      ...tokensOf(
        [
          [0, -Infinity, 1],
          [NaN, 1, 2],
          [-Infinity, 3, -Infinity],
        ],
        [1, -1, 0],
        -1,
      ),
      reduction: 'sum',
      outputGradient: scalar(1),
    },
  },
];
