import { afterAll, describe, expect, test } from 'vitest';
import { checkComponent, defaultSettings, firstFailure } from '../../conformance/checking/check.ts';
import { implementations } from '../../conformance/implementations/index.ts';
import {
  inProcess,
  type Entries,
  type Implementation,
} from '../../conformance/interface/implementation.ts';
import { shared } from '../../spec/attention/groupedQueryAttention.ts';
import { greatestOf } from '../../spec/extremes.ts';
import type { NewTokens } from '../../spec/attention/steps.ts';
import type { Name } from '../../spec/index.ts';
import { rowsOf, tensor } from '../../spec/tensor.ts';
import { cachedBy } from '../honest/attention/cachedAttention.ts';
import { plainFloat32 } from '../mutants/mutant.ts';
import { flash, forgotten, rescaled, type Rescale } from './flash.ts';
import { answering, beyondGrid, beyondSixteenBits, given, withoutTail } from './wrongAt.ts';

/** SURVIVOR_SEEDS=20 tries as many. */
const seeds = Number(process.env['SURVIVOR_SEEDS'] ?? 1);

const start = implementations['tfjs'];
if (start === undefined) throw new Error('there is no implementation tfjs');
const tfjs = await start();
afterAll(() => tfjs.close());

/** What the level size of a default run finds first: whatever else it puts is the same for all sizes. */
const found = (name: Name, wrong: Implementation, seed: number) =>
  firstFailure(name, wrong, { ...defaultSettings, levels: ['size'], runs: 1, seed });

async function diesAlways(name: Name, wrong: Implementation): Promise<void> {
  const lives: number[] = [];
  for (let seed = 1; seed <= seeds; seed += 1)
    if ((await found(name, wrong, seed)).failure === undefined) lives.push(seed);
  expect({ lives }).toEqual({ lives: [] });
}

async function passes(name: Name, right: Implementation): Promise<void> {
  const settings = { ...defaultSettings, levels: ['size'] as const, runs: 1 };
  const { failures, verdict } = await checkComponent(name, right, settings);
  expect(failures).toEqual([]);
  expect(verdict).toBe('pass');
}

const longRows: readonly Name[] = [
  'softmax',
  'logSoftmax',
  'temperature',
  'topK',
  'topP',
  'minP',
  'samplingDistribution',
  'gelu',
  'silu',
  'relu',
  'layerNorm',
  'rmsNorm',
  'addAndNorm',
  'unitNormalize',
  'linear',
  'attentionWeights',
  'scaledDotProductAttention',
  'rotaryPositions',
  'tokenEmbedding',
  'geluGradient',
  'sgdStep',
  'adamStep',
  'shiftRight',
];
const summedRows: readonly Name[] = [
  'dotProduct',
  'cosineSimilarity',
  'euclideanDistance',
  'squaredEuclideanDistance',
  'crossEntropy',
  'perplexity',
  'linear',
  'layerNorm',
];

describe.each([8, 32, 64, 256])(
  'a row longer than %i lanes loses what fills no whole group',
  (group) => {
    test.each(longRows)(
      '%s: it is not written',
      (name) => diesAlways(name, answering(tfjs, withoutTail(group))),
      120_000,
    );
    test.each(summedRows)(
      '%s: it is not read',
      (name) => diesAlways(name, given(tfjs, withoutTail(group))),
      120_000,
    );
  },
);

/** How many of the last axes of an answer are one row's. */
const rowAxes: readonly (readonly [Name, 0 | 1])[] = [
  ['softmax', 1],
  ['logSoftmax', 1],
  ['temperature', 1],
  ['topK', 1],
  ['topP', 1],
  ['minP', 1],
  ['samplingDistribution', 1],
  ['greedyToken', 0],
  ['linear', 1],
  ['relu', 1],
  ['gelu', 1],
  ['silu', 1],
  ['layerNorm', 1],
  ['rmsNorm', 1],
  ['addAndNorm', 1],
  ['dropout', 1],
  ['tokenEmbedding', 1],
  ['pooling', 1],
  ['unitNormalize', 1],
  ['softmaxGradient', 1],
  ['geluGradient', 1],
  ['shiftRight', 1],
  ['dotProduct', 0],
  ['cosineSimilarity', 0],
  ['euclideanDistance', 0],
  ['squaredEuclideanDistance', 0],
  ['scalarQuantize', 1],
  ['scalarDequantize', 1],
];

test.each(rowAxes)(
  '%s: a grid of 65,535 blocks does not reach the rows beyond',
  (name, axes) => diesAlways(name, answering(tfjs, beyondGrid(65_535, axes))),
  120_000,
);

test.each([
  'softmax',
  'logSoftmax',
  'temperature',
  'topK',
  'topP',
  'minP',
  'samplingDistribution',
] as const)(
  '%s: tokens from 65,536 on are lost',
  (name) => diesAlways(name, answering(tfjs, beyondSixteenBits)),
  120_000,
);

const attending = (tile: number, rescale: Rescale): Entries => ({
  scaledDotProductAttention: {
    numerics: plainFloat32,
    options: { emptyRow: ['zero'], maskedValues: ['isolated'] },
    run: (input) => flash(input, tile, rescale),
  },
  groupedQueryAttention: {
    numerics: plainFloat32,
    run: (input) => flash({ ...input, ...shared }, tile, rescale),
  },
  cachedAttention: {
    numerics: plainFloat32,
    run: cachedBy((input) => flash(input, tile, rescale)),
  },
});

const own = (entries: Entries): Implementation => inProcess({ name: 'own', version: '1', entries });
const attentions = [
  'scaledDotProductAttention',
  'groupedQueryAttention',
  'cachedAttention',
] as const;

describe.each([64, 128, 256])('flash attention in tiles of %i', (tile) => {
  test.each(attentions)(
    '%s: sums that are not rescaled between tiles',
    (name) => diesAlways(name, own(attending(tile, forgotten))),
    240_000,
  );
});
test.each(attentions)(
  '%s: flash attention that is sound passes',
  (name) => passes(name, own(attending(64, rescaled))),
  240_000,
);

/** A ring: what is beyond its length takes the place of the oldest. */
const ring =
  (length: number) =>
  (old: readonly NewTokens[], tokens: NewTokens): readonly NewTokens[] => {
    const all = [...old, tokens];
    const count = all.reduce((sum, { key }) => sum + (key.shape.at(-2) ?? 0), 0);
    if (count <= length) return all;
    let drop = count - length;
    return all.flatMap((one) => {
      const tokensOf = one.key.shape.at(-2) ?? 0;
      const cut = Math.min(drop, tokensOf);
      drop -= cut;
      return cut === tokensOf
        ? []
        : [{ ...one, key: withoutFirst(one.key, cut), value: withoutFirst(one.value, cut) }];
    });
  };

function withoutFirst({ dtype, shape, data }: NewTokens['key'], cut: number): NewTokens['key'] {
  const [tokens, width] = [shape.at(-2) ?? 0, shape.at(-1) ?? 0];
  const kept = Array.from(data).filter((_, i) => Math.floor(i / width) % tokens >= cut);
  return tensor(dtype, [...shape.slice(0, -2), tokens - cut, width], kept);
}

test.each([64, 128, 256, 512])(
  'a cache that is a ring of %i',
  (length) =>
    diesAlways(
      'cachedAttention',
      own({
        cachedAttention: {
          numerics: plainFloat32,
          run: cachedBy((input) => flash(input, 4096, rescaled), ring(length)),
        },
      }),
    ),
  240_000,
);

/** Places of a row in the order in which so many threads with their own best would give them among equals. */
const byThread =
  (threads: number) =>
  (x: number, y: number): number =>
    (x % threads) - (y % threads) || x - y;

/** Of equal numbers the greatest place by thread, where a row is wider than its threads. */
function greatestByThread(row: readonly number[], threads: number): number {
  const best = greatestOf(row);
  const places = row.flatMap((x, i) => (x === best ? [i] : []));
  return places.toSorted(byThread(threads))[0] ?? 0;
}

test.each([32, 256, 1024])(
  'ties in rows wider than %i threads are broken by thread',
  (threads) =>
    diesAlways(
      'greedyToken',
      own({
        greedyToken: {
          options: { ties: ['lowestIndex'] },
          run: ({ logits }) => ({
            token: tensor(
              'int32',
              logits.shape.slice(0, -1),
              rowsOf(logits).map((row) =>
                row.some(Number.isNaN)
                  ? row.findIndex(Number.isNaN)
                  : greatestByThread(row, threads),
              ),
            ),
          }),
        },
      }),
    ),
  120_000,
);
