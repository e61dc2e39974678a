import type { Example } from '../component.ts';
import { tokensOf } from './tokens.ts';

const rows = [
  [0.5, -1.25, 2, 0.75],
  [1.5, 0.25, -0.5, 3],
  [-2, 1, 0.125, 0.625],
  [4, 2.5, -1, 0],
] as const;

const ofSmoothing: readonly [string, number, readonly string[]][] = [
  ['', 0, []],
  ['-smoothed', 0.1, ['label-smoothing']],
];
const ofIgnoring: readonly [string, readonly number[], readonly string[]][] = [
  ['', [2, 0, 1, 3], []],
  ['-ignoring', [2, -100, 0, -100], ['ignored', 'cross-entropy-loss-04', 'cross-entropy-loss-06']],
];
const ofReduction = [
  ['mean', 'each loss, or their sum, instead of their mean', ['reduction']],
  ['sum', 'the mean, or each loss, instead of their sum', ['reduction']],
  ['none', 'one number instead of each loss', ['reduction', 'cross-entropy-loss-09']],
] as const;

/** Each reduction, with and without smoothing, with and without tokens that are ignored: mistakes hide where two of them meet. */
const combinations = ofReduction.flatMap(([reduction, why, flags]) =>
  ofSmoothing.flatMap(([smoothed, labelSmoothing, smoothingFlags]) =>
    ofIgnoring.map(([ignoring, targets, ignoringFlags]) => ({
      id: `${reduction}${smoothed}${ignoring}`,
      why: [
        why,
        ...(smoothed === '' ? [] : ['the wrong share for the other tokens']),
        ...(ignoring === '' ? [] : ['ignored tokens in the losses, the smoothing or the count']),
      ].join('; '),
      flags: [
        ...flags,
        ...smoothingFlags,
        ...ignoringFlags,
        ...(smoothed === '' || ignoring === ''
          ? []
          : ['cross-entropy-loss-01', 'cross-entropy-loss-02']),
      ],
      input: { ...tokensOf(rows, targets, -100), labelSmoothing, reduction },
    })),
  ),
);

/** Inputs of the golden vectors. */
export const examples: readonly Example<
  ReturnType<typeof tokensOf> & {
    readonly labelSmoothing?: number | undefined;
    readonly reduction?: 'mean' | 'sum' | 'none' | undefined;
  }
>[] = [
  ...combinations,
  {
    id: 'ignored-in-the-vocabulary',
    why: 'a padding token that is a number like any other is ignored too; only −100 is not',
    flags: ['ignored', 'padding'],
    input: { ...tokensOf(rows, [0, 3, 0, 1], 0), reduction: 'none' },
  },
  {
    id: 'ignored-minus-one',
    why: 'another number than −100 is ignored',
    flags: ['ignored'],
    input: tokensOf(rows, [-1, 3, -1, 1], -1),
  },
  {
    id: 'ignored-not-finite',
    why: 'what stands in an ignored row reaches the loss by a product with 0',
    flags: ['ignored', 'nan', 'infinity'],
    input: {
      ...tokensOf(
        [
          [NaN, 0, 1],
          [1, 2.5, -1],
          [Infinity, -Infinity, 0],
        ],
        [-100, 0, -100],
        -100,
      ),
      labelSmoothing: 0.25,
    },
  },
  {
    id: 'all-ignored',
    why: 'the mean over no tokens is NaN, not 0',
    flags: ['ignored', 'empty'],
    input: tokensOf(rows, [-100, -100, -100, -100], -100),
  },
  {
    id: 'large-offset',
    why: 'exponentials of unshifted logits overflow, and a log-sum-exp of large ones loses digits',
    flags: ['offset'],
    input: {
      ...tokensOf(
        [
          [10000, 10001, 9999.5],
          [100, 98, 101],
        ],
        [0, 1],
      ),
      reduction: 'none',
    },
  },
  {
    id: 'all-strongly-negative',
    why: 'a maximum that starts at 0 gives the logarithm of 0',
    flags: ['softmax-02'],
    input: { ...tokensOf([[-1000, -1001, -1002.5]], [1]), labelSmoothing: 0.5 },
  },
  {
    id: 'deep-tail',
    why: 'the logarithm of a probability that underflowed is Infinity, or is clipped',
    flags: ['underflow'],
    input: tokensOf(
      [
        [1, -149, -999],
        [0, 3, 1],
      ],
      [2, 0],
    ),
  },
  {
    id: 'impossible-others',
    why: 'a product of a zero share with the logarithm of 0 is NaN; so is a tile of −Infinity alone',
    flags: ['minus-infinity', 'attention-sdpa-12'],
    input: {
      ...tokensOf(
        [
          [-Infinity, -Infinity, 1, 3],
          [2, -Infinity, -Infinity, 0.5],
        ],
        [2, 3],
      ),
      reduction: 'none',
    },
  },
  {
    id: 'impossible-target',
    why: 'a token that was excluded came next: Infinity, for its own loss alone',
    flags: ['minus-infinity'],
    input: {
      ...tokensOf(
        [
          [1, -Infinity, 2],
          [1, 0, 2],
        ],
        [1, 1],
      ),
      reduction: 'none',
    },
  },
  {
    id: 'impossible-smoothed',
    why: 'under smoothing every token has a share',
    flags: ['minus-infinity', 'label-smoothing'],
    input: {
      ...tokensOf(
        [
          [1, -Infinity, 2],
          [1, 0, 2],
        ],
        [0, 1],
      ),
      labelSmoothing: 0.1,
      reduction: 'none',
    },
  },
  {
    id: 'not-numbers',
    why: 'NaN and +Infinity make their own loss NaN, and no other',
    flags: ['nan', 'infinity'],
    input: {
      ...tokensOf(
        [
          [1, NaN],
          [Infinity, 0],
          [3, 0.5],
          [-Infinity, -Infinity],
        ],
        [0, 0, 1, 0],
      ),
      reduction: 'none',
    },
  },
];
